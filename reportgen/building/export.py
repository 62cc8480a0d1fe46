"""The whole store as one Parquet file for download."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from reportgen.places import replacing
from reportgen.store import Store

RUNS_AT_ONCE = 20
"""Runs whose measurements are in memory together."""


def export_store(store: Store, path: Path) -> None:
    """Write all measurements in their newest state, in the order of the runs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = store.measurements([]).schema
    with replacing(path) as file, pq.ParquetWriter(file, schema, compression="zstd") as writer:
        runs = [run.id for run in store.runs]
        for start in range(0, len(runs), RUNS_AT_ONCE):
            some = runs[start : start + RUNS_AT_ONCE]
            writer.write_table(store.measurements(some).cast(schema))
