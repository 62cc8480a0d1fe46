"""One revision of a run while it is written: Parquet files in a temporary folder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from reportgen.model.bundle import JobBundle, Row
from reportgen.model.measurements import BLOBS, JOBS, MEASUREMENTS, TESTS
from reportgen.model.runs import RunKey
from reportgen.store import layout
from reportgen.store.definitions import hash_of, to_json

SCHEMAS = {"jobs": JOBS, "measurements": MEASUREMENTS, "tests": TESTS, "blobs": BLOBS}
FLUSH_ROWS = 20_000
"""Rows that all runs together may hold in memory before the largest go to disk."""
MAX_OPEN = 200
"""Runs whose files may be open at once."""


@dataclass(slots=True)
class _Table:
    """One Parquet file being written: rows are buffered, then written by column."""

    path: Path
    schema: pa.Schema
    jobs: list[str] = field(default_factory=list)
    buffer: list[Row] = field(default_factory=list)
    writer: pq.ParquetWriter | None = None
    rows: int = 0

    def add(self, job: str, rows: Sequence[Row]) -> None:
        """Buffer rows of one job."""
        if rows:
            self.jobs.extend([job] * len(rows))
            self.buffer.extend(rows)
            self.rows += len(rows)

    def flush(self) -> None:
        """Write what is buffered."""
        if not self.buffer:
            return
        held = {"job"}.union(*self.buffer)
        arrays = [
            pa.array(self._column(each.name), type=each.type)
            if each.name in held
            else pa.nulls(len(self.buffer), each.type)
            for each in self.schema
        ]
        if self.writer is None:
            self.writer = pq.ParquetWriter(self.path, self.schema, compression="zstd")
        self.writer.write_table(pa.Table.from_arrays(arrays, schema=self.schema))
        self.jobs, self.buffer = [], []

    def _column(self, name: str) -> list[Any]:
        return self.jobs if name == "job" else [row.get(name) for row in self.buffer]

    def close(self) -> None:
        """Finish the file; a table without rows leaves none."""
        self.flush()
        if self.writer is not None:
            self.writer.close()


class RevisionWriter:
    """The next revision of one run, in a temporary folder."""

    def __init__(self, folder: Path, key: RunKey, pull: int) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.key = key
        self.tables = {
            name: _Table(folder / f"{name}.parquet", schema) for name, schema in SCHEMAS.items()
        }
        self.definitions: dict[str, Any] = {}
        self.tickets: dict[str, None] = {}
        self.sources: dict[str, None] = {}
        self.date: str | None = None
        self.pull = pull
        self.replaced = 0
        self.withdrawn = 0

    def add(self, source: str, bundle: JobBundle, *, replaces: bool) -> str:
        """Buffer one job and return its key; it may stand in place of an older state."""
        # A state may come back after another one: the key of each has to be its own.
        state = f"{bundle.sha256} {self.pull}" if replaces else bundle.sha256
        job = layout.job_key(source, bundle.origin, state)
        for name, rows in rows_of(source, bundle, self._define(bundle)).items():
            self.tables[name].add(job, rows)
        self.replaced += replaces
        self.withdrawn += bundle.sha256 == layout.WITHDRAWN
        self.sources[source] = None
        if bundle.ticket:
            self.tickets[bundle.ticket] = None
        if bundle.date:
            self.date = max(self.date or "", bundle.date)
        return job

    def _define(self, bundle: JobBundle) -> str | None:
        name = hash_of(bundle)
        if name is not None and name not in self.definitions:
            self.definitions[name] = to_json(bundle.metrics, bundle.specifications)
        return name

    @property
    def waiting(self) -> int:
        """Rows that are held in memory."""
        return sum(len(table.buffer) for table in self.tables.values())

    @property
    def open(self) -> bool:
        """Whether something was written, so that files are open."""
        return any(table.writer is not None for table in self.tables.values())

    def flush(self) -> None:
        """Write what is held in memory."""
        for table in self.tables.values():
            table.flush()

    def finish(self) -> None:
        """Close all files; what is left is to move the folder to its place."""
        for table in self.tables.values():
            table.close()
        if self.definitions:
            layout.write_json(self.folder / "definitions.json", self.definitions)
        layout.write_json(self.folder / "run.json", self._describe())

    def _describe(self) -> dict[str, Any]:
        return {
            "dataset": self.key.dataset,
            "release": self.key.release,
            "collection": self.key.collection,
            "tickets": list(self.tickets),
            "date": self.date,
            "sources": list(self.sources),
            "jobs": self.tables["jobs"].rows,
            "pull": self.pull,
            "replaced": self.replaced,
            "withdrawn": self.withdrawn,
            "measurements": self.tables["measurements"].rows,
            "tests": self.tables["tests"].rows,
            "blobs": self.tables["blobs"].rows,
            "definitions": len(self.definitions),
        }


def rows_of(source: str, bundle: JobBundle, definitions: str | None) -> Mapping[str, Sequence[Row]]:
    """Return what a job adds to each table of `SCHEMAS`, without the column ``job``.

    ``definitions``: the hash of those that it carries.
    """
    job = {
        "source": source,
        "origin": bundle.origin,
        "sha256": bundle.sha256,
        "date": bundle.date,
        "meta": _meta_text(bundle),
        "definitions": definitions,
    }
    return {
        "jobs": [job],
        "measurements": bundle.measurements,
        "tests": bundle.tests,
        "blobs": bundle.blobs,
    }


def _meta_text(bundle: JobBundle) -> str:
    """Return the metadata of a job and what was odd about it, as JSON."""
    if not bundle.meta and not bundle.remarks:
        return "{}"
    meta = dict(bundle.meta)
    if bundle.remarks:
        meta["remarks"] = list(bundle.remarks)
    return json.dumps(meta, ensure_ascii=False, default=str, sort_keys=True)
