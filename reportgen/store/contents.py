"""What jobs hold, as a number: equal for equal content, in whatever order its rows lie.

Results that are read again, after a change of the configuration, are compared with what is stored
by it: only what came out differently is stored.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from reportgen.model.bundle import JobBundle
from reportgen.model.runs import RunKey
from reportgen.store.definitions import hash_of
from reportgen.store.revision import SCHEMAS, rows_of

_MODULUS = 1 << 128
_FLOATS = {
    table: frozenset(field.name for field in schema if pa.types.is_floating(field.type))
    for table, schema in SCHEMAS.items()
}
_NAMES = {
    table: [name for name in schema.names if name != "job"] for table, schema in SCHEMAS.items()
}


def content_of(source: str, bundle: JobBundle) -> int:
    """Return the content of a job that was read."""
    tables = rows_of(source, bundle, hash_of(bundle)).items()
    total = sum(_row(table, row) for table, rows in tables for row in rows)
    return (_run(bundle.run) + total) % _MODULUS


def contents_of(run: RunKey, tables: Mapping[str, pa.Table], jobs: Iterable[str]) -> dict[str, int]:
    """Return the content of stored jobs, by key.

    Parameters
    ----------
    tables
        The tables of one run by name, in its newest state.
    jobs
        Keys of the jobs that are wanted.
    """
    wanted = set(jobs)
    found: defaultdict[str, int] = defaultdict(int)
    for name, table in tables.items():
        for batch in table.to_batches(max_chunksize=10_000):
            for row in batch.to_pylist():
                if row["job"] in wanted:
                    found[row["job"]] += _row(name, row)
    return {job: (_run(run) + total) % _MODULUS for job, total in found.items()}


def _run(key: RunKey) -> int:
    return _number([key.dataset, key.release, key.collection])


def _row(table: str, row: Mapping[str, Any]) -> int:
    floats = _FLOATS[table]
    values = [
        float(value) if name in floats and value is not None else value
        for name in _NAMES[table]
        for value in (row.get(name),)
    ]
    return _number([table, *values])


def _number(values: list[Any]) -> int:
    text = json.dumps(values, ensure_ascii=False)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest())
