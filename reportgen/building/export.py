"""The whole store as one Parquet file for download."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow.parquet as pq

from reportgen.store import Store


def export_store(store: Store, path: Path) -> None:
    """Write all measurements in their newest state, run by run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    schema = store.measurements([]).schema
    with pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
        for run in store.runs:
            writer.write_table(store.measurements([run.id]).cast(schema))
    temporary.replace(path)
