"""Random numbers that depend on a name and on nothing else.

Each series has a generator of its own, so that adding one changes no other.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

SEED = 20210822


def generator(*name: object) -> np.random.Generator:
    """Return the generator of a series."""
    digest = hashlib.sha256(repr((SEED, *name)).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def correlated(*name: object, size: int, phi: float) -> np.ndarray:
    """Return noise of unit variance in which a point remembers ``phi`` of the one before."""
    white = generator(*name).standard_normal(size)
    noise = np.empty(size)
    noise[0] = white[0]
    for i in range(1, size):
        noise[i] = phi * noise[i - 1] + np.sqrt(1 - phi**2) * white[i]
    return noise


def identifier(*name: object) -> str:
    """Return 32 hexadecimal digits, as lsst.verify gives to measurements."""
    return hashlib.sha256(repr((SEED, *name)).encode()).hexdigest()[:32]


def write_json(path: Path, content: Any, *, sort_keys: bool = True) -> None:
    """Write as lsst.verify writes: indented, keys sorted, NaN as the token ``NaN``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, indent=2, sort_keys=sort_keys, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write a table; dictionary encoding makes rounded numbers small."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd", compression_level=12)
