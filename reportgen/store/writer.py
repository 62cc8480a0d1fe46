"""Adding pulled jobs to a store: atomically, once, and never over what is there."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from reportgen.errors import RunCollisionError
from reportgen.model.bundle import JobBundle, Row, Unreadable
from reportgen.model.measurements import BLOBS, JOBS, MEASUREMENTS, TESTS
from reportgen.model.runs import Run, RunKey
from reportgen.store import layout
from reportgen.store.definitions import content_hash, to_json

SCHEMAS = {"jobs": JOBS, "measurements": MEASUREMENTS, "tests": TESTS, "blobs": BLOBS}
FLUSH_ROWS = 100_000
"""Rows that a run may hold in memory before they go to disk."""


@dataclass(slots=True)
class _Table:
    """One Parquet file being written: rows are buffered by column, then flushed."""

    path: Path
    schema: pa.Schema
    columns: dict[str, list[Any]] = field(default_factory=dict)
    writer: pq.ParquetWriter | None = None
    rows: int = 0

    def add(self, job: str, rows: Sequence[Row]) -> None:
        """Buffer rows of one job."""
        for name in self.schema.names:
            column = self.columns.setdefault(name, [])
            if name == "job":
                column.extend([job] * len(rows))
            else:
                column.extend([row.get(name) for row in rows])
        self.rows += len(rows)
        if len(self.columns["job"]) >= FLUSH_ROWS:
            self.flush()

    def flush(self) -> None:
        """Write what is buffered."""
        if not self.columns or not self.columns["job"]:
            return
        arrays = [pa.array(self.columns[f.name], type=f.type) for f in self.schema]
        if self.writer is None:
            self.writer = pq.ParquetWriter(self.path, self.schema, compression="zstd")
        self.writer.write_table(pa.Table.from_arrays(arrays, schema=self.schema))
        self.columns = {}

    def close(self) -> None:
        """Finish the file; a table without rows leaves none."""
        self.flush()
        if self.writer is not None:
            self.writer.close()


class _RunWriter:
    """The next revision of one run, in a temporary folder."""

    def __init__(
        self, folder: Path, key: RunKey, replaceable: Mapping[tuple[str, str], str]
    ) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.key = key
        self.replaceable = replaceable
        self.tables = {
            name: _Table(folder / f"{name}.parquet", schema) for name, schema in SCHEMAS.items()
        }
        self.definitions: dict[str, Any] = {}
        self.tickets: dict[str, None] = {}
        self.sources: dict[str, None] = {}
        self.date: str | None = None
        self.replaced = 0

    def add(self, source: str, bundle: JobBundle) -> None:
        """Buffer one job."""
        job = layout.job_key(source, bundle.origin, bundle.sha256)
        meta = dict(bundle.meta)
        if bundle.remarks:
            meta["remarks"] = list(bundle.remarks)
        self.tables["measurements"].add(job, bundle.measurements)
        self.tables["tests"].add(job, bundle.tests)
        self.tables["blobs"].add(job, bundle.blobs)
        row = {
            "source": source,
            "origin": bundle.origin,
            "sha256": bundle.sha256,
            "date": bundle.date,
            "meta": json.dumps(meta, ensure_ascii=False, default=str, sort_keys=True),
            "definitions": self._define(bundle),
        }
        self.tables["jobs"].add(job, [row])
        self.replaced += (source, bundle.origin) in self.replaceable
        self.sources[source] = None
        if bundle.ticket:
            self.tickets[bundle.ticket] = None
        if bundle.date:
            self.date = max(self.date or "", bundle.date)

    def _define(self, bundle: JobBundle) -> str | None:
        if not bundle.metrics and not bundle.specifications:
            return None
        data = to_json(bundle.metrics, bundle.specifications)
        name = content_hash(data)
        self.definitions[name] = data
        return name

    def finish(self, target: Path) -> None:
        """Close all files and move the revision to its place in one rename."""
        for table in self.tables.values():
            table.close()
        if self.definitions:
            layout.write_json(self.folder / "definitions.json", self.definitions)
        layout.write_json(self.folder / "run.json", self._describe())
        target.parent.mkdir(parents=True, exist_ok=True)
        self.folder.rename(target)

    def _describe(self) -> dict[str, Any]:
        return {
            "dataset": self.key.dataset,
            "release": self.key.release,
            "collection": self.key.collection,
            "tickets": list(self.tickets),
            "date": self.date,
            "sources": list(self.sources),
            "jobs": self.tables["jobs"].rows,
            "replaced": self.replaced,
            "measurements": self.tables["measurements"].rows,
            "tests": self.tables["tests"].rows,
        }


class StoreWriter:
    """Collect pulled jobs and commit them as new revisions.

    Use it as a context manager; without `commit` nothing is added.
    """

    def __init__(
        self, folder: Path, runs: Sequence[Run], states: Mapping[tuple[str, str], str]
    ) -> None:
        self.folder = folder
        self._known_runs = {run.id: run for run in runs}
        self._states = states
        self._temporary = folder / f".pull-{os.getpid()}"
        self._writers: dict[str, _RunWriter] = {}
        self._unreadable: list[tuple[str, Unreadable]] = []

    def __enter__(self) -> Self:
        self._temporary.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        shutil.rmtree(self._temporary, ignore_errors=True)

    def add(self, source: str, bundle: JobBundle) -> None:
        """Buffer one job of a source.

        Raises
        ------
        RunCollisionError
            If another dataset, release or collection has the same address.
        """
        run = bundle.run
        writer = self._writers.get(run.id)
        if writer is None:
            self._refuse_collision(run, self._known_runs.get(run.id))
            folder = self._temporary / f"{len(self._writers)}"
            writer = self._writers[run.id] = _RunWriter(folder, run, self._states)
        elif writer.key != run:
            raise RunCollisionError(run.id, describe(writer.key), describe(run))
        writer.add(source, bundle)

    def add_unreadable(self, source: str, unreadable: Unreadable) -> None:
        """Record a stored result that could not be read."""
        self._unreadable.append((source, unreadable))

    def commit(self) -> list[str]:
        """Move everything into the store; return the ids of the runs that grew."""
        for run_id, writer in sorted(self._writers.items()):
            known = self._known_runs.get(run_id)
            number = (known.revisions[-1].number if known else 0) + 1
            writer.finish(self.folder / run_id / layout.revision_name(number))
        for source, unreadable in self._unreadable:
            self._record_unreadable(source, unreadable)
        return sorted(self._writers)

    def _refuse_collision(self, new: RunKey, known: Run | None) -> None:
        if known is not None and known.key != new:
            raise RunCollisionError(new.id, describe(known.key), describe(new))

    def _record_unreadable(self, source: str, unreadable: Unreadable) -> None:
        folder = self.folder / layout.UNREADABLE
        folder.mkdir(parents=True, exist_ok=True)
        name = layout.job_key(
            source, unreadable.origin, f"{unreadable.sha256} {unreadable.place} {unreadable.reason}"
        )
        path = folder / f"{name}.json"
        if not path.exists():
            record = {
                "source": source,
                "origin": unreadable.origin,
                "reason": unreadable.reason,
                "place": unreadable.place,
                "sha256": unreadable.sha256,
                "stored": layout.state_of(self._states, source, unreadable.origin),
            }
            layout.write_json(path, record)


def describe(key: RunKey) -> str:
    """Return dataset, release and collection in words."""
    collection = f", collection {key.collection!r}" if key.collection else ""
    return f"dataset {key.dataset!r}, release {key.release!r}{collection}"
