"""What a store holds of each stored result, kept in a cache between pulls."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from reportgen.store import layout


class StoredJob(NamedTuple):
    """The newest state of one job."""

    sha256: str
    run: str
    """Id of its run."""
    key: str
    """In the column ``job`` of the tables."""


States = dict[tuple[str, str], StoredJob]
"""(source, origin) → its newest state."""

FILE = "states.json"


def key_of(revisions: Iterable[Path]) -> str:
    """Return what changes when the jobs of these revisions do: a store may be made anew."""
    digest = hashlib.blake2b(digest_size=16)
    for folder in revisions:
        stat = (folder / "run.json").stat()
        digest.update(f"{folder} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def load(cache: Path, key: str) -> States | None:
    """Return what was kept under a key, None if that is something else, or damaged."""
    try:
        data = json.loads((cache / FILE).read_text(encoding="utf-8"))
        if data["key"] != key:
            return None
        return {(source, origin): StoredJob(*job) for source, origin, *job in data["states"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def save(cache: Path, key: str, states: States) -> None:
    """Keep the states of one store."""
    rows = [[*place, *job] for place, job in states.items()]
    cache.mkdir(parents=True, exist_ok=True)
    layout.write_json(cache / FILE, {"key": key, "states": rows})
