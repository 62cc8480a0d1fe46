"""From rows of tables to jobs: fields by column, and one bundle for each run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from reportgen.config import FIELDS
from reportgen.errors import UnreadableError
from reportgen.model.bundle import JobBundle, Row, Unreadable
from reportgen.model.runs import RunKey
from reportgen.sources.columns import known_columns
from reportgen.sources.faults import MAX_FAULTS
from reportgen.sources.fields import FieldReader, JobFields
from reportgen.sources.measured import shown
from reportgen.sources.tabular import Table, TableRow
from reportgen.sources.texts import cell_text

PART_ROWS = 200_000
"""Rows of one bundle; a run with more of them in one file becomes several jobs."""
MAX_REMARKS = 50
MAX_LISTED = 20
"""Columns that a message lists, and below characters of each."""
MAX_NAME = 40
_CACHED = 10_000


class RowReader:
    """Returns the fields of each row of one table.

    A field comes from the configured column, else from a named group of ``pattern``, else from
    the column of the same name, else from ``own``.
    """

    def __init__(
        self,
        fields: FieldReader,
        header: Sequence[str],
        origin: str,
        own: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._fields = fields
        self._origin = origin
        self._groups = fields.groups(origin)
        self._own = own
        self.columns = dict(known_columns(FIELDS, header))
        self._weak = frozenset(self._groups) & frozenset(self.columns)
        configured = {key: name for key, name in fields.columns.items() if key in FIELDS}
        self._weak -= configured.keys()
        self.columns.update(configured)
        require(self.columns.values(), header, origin)
        self._cache: dict[tuple[Any, ...], JobFields] = {}

    def read(self, row: TableRow) -> JobFields:
        """Return the fields of one row.

        Raises
        ------
        UnreadableError
            If its dataset or release is not known.
        """
        cells = tuple(row[name] for name in self.columns.values())
        found = self._cache.get(cells)
        if found is None:
            if len(self._cache) >= _CACHED:
                self._cache.clear()
            found = self._cache[cells] = self._combine(cells)
        return found

    def _combine(self, cells: tuple[Any, ...]) -> JobFields:
        own = {**self._own, **self._groups}
        for key, cell in zip(self.columns, cells, strict=True):
            text = cell_text(cell)
            if text is not None and key not in self._weak:
                own[key] = text
        return self._fields.combine(self._origin, own)


def require(columns: Iterable[str], header: Sequence[str], origin: str) -> None:
    """Refuse a table that lacks one of these columns."""
    for name in columns:
        if name not in header:
            reason = f"there is no column {name!r}; {_listed(header)}{_remedy(header)}"
            raise UnreadableError(origin, reason)


def _listed(header: Sequence[str]) -> str:
    """Return the names of columns in one line, however many and long they are."""
    names = [_shorten(" ".join(name.split())) for name in header[:MAX_LISTED]]
    more = f" and {len(header) - MAX_LISTED} more" if len(header) > MAX_LISTED else ""
    return f"the columns are {', '.join(names)}{more}"


def _remedy(header: Sequence[str]) -> str:
    """Return what to do, also where the one column looks like several."""
    signs = (";", "\t", "|", ",") if len(header) == 1 else ()
    delimiter = next((sign for sign in signs if sign in header[0]), None)
    if delimiter is None:
        return ": name yours in `columns` of its source"
    return f": add `delimiter = {json.dumps(delimiter)}` to its source"


def _shorten(text: str) -> str:
    """Return text that fits into a message."""
    return text if len(text) <= MAX_NAME else f"{text[:MAX_NAME]}…"


@dataclass(slots=True)
class RunRows:
    """What one table holds of one run, so far."""

    part: int = 1
    ticket: str | None = None
    date: str | None = None
    measurements: list[Row] = field(default_factory=list)
    tests: list[Row] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    digest: int = 0
    """Sum over the rows, where no file has a hash."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.measurements) + len(self.tests)


class RunCollector:
    """Sorts the rows of a table by run and gives them out as bundles.

    Origins end in ``#<dataset>/<release>``, also where there is one run only: it stays the same
    job when the next release is added to the table.

    Parameters
    ----------
    sha256
        Of the file; None: of each bundle, from the digests of its rows.
    part_rows
        Rows of one bundle; where there is no file, twice as many in all may wait.
    """

    def __init__(
        self,
        origin: str,
        sha256: str | None,
        meta: Mapping[str, Any] | None = None,
        part_rows: int | None = None,
    ) -> None:
        self._origin = origin
        self._sha256 = sha256
        self._meta = dict(meta or {})
        self._part_rows = part_rows or PART_ROWS
        self._jobs: dict[RunKey, RunRows] = {}
        self._faults = 0

    def job(self, fields: JobFields) -> RunRows:
        """Return where the rows of this run go."""
        job = self._jobs.get(fields.run)
        if job is None:
            job = self._jobs[fields.run] = RunRows()
        if fields.ticket and not job.ticket:
            job.ticket = fields.ticket
        if fields.date and fields.date > (job.date or ""):
            job.date = fields.date
        return job

    def add(self, fields: JobFields, measurements: Sequence[Row], tests: Sequence[Row]) -> None:
        """Add rows to the run they belong to."""
        job = self.job(fields)
        job.measurements.extend(measurements)
        job.tests.extend(tests)
        dates = {row["date"] for row in (*measurements, *tests) if "date" in row}
        job.date = max((*dates, job.date or "")) or None

    def remark(self, job: RunRows, text: str) -> None:
        """Note what was odd about a row; beyond `MAX_REMARKS` only that there is more."""
        if len(job.remarks) < MAX_REMARKS:
            job.remarks.append(text)
        elif len(job.remarks) == MAX_REMARKS:
            job.remarks.append("There are more remarks of this kind.")

    def fault(self, unreadable: Unreadable) -> Iterator[Unreadable]:
        """Yield a row that cannot be read; beyond `MAX_FAULTS` only that there are more."""
        self._faults += 1
        if self._faults <= MAX_FAULTS:
            yield unreadable
        elif self._faults == MAX_FAULTS + 1:
            yield Unreadable(
                origin=self._origin,
                reason="there are more rows that cannot be read",
                place=f"from {unreadable.place}",
                sha256=unreadable.sha256,
            )

    def misplaced(self, error: UnreadableError, row: int) -> Iterator[Unreadable]:
        """Yield a row without dataset, release or metric."""
        yield from self.fault(
            Unreadable(
                origin=self._origin,
                reason=error.reason,
                place=f"row {row}",
                sha256=self._sha256 or "",
            )
        )

    def collect(
        self, table: Table, rows: RowReader, add: AddRow
    ) -> Iterator[JobBundle | Unreadable]:
        """Read a table: yield the rows that cannot be read, and one bundle for each run.

        Parameters
        ----------
        add
            Adds a row with its fields to its run (`job`).
        """
        for batch in table.batches:
            for fault in batch.faults:
                yield from self.fault(replace(fault, sha256=self._sha256 or ""))
            for row in batch:
                try:
                    add(row, rows.read(row), self)
                except UnreadableError as error:
                    yield from self.misplaced(error, row.number)
            yield from self.full()
        yield from self.rest()

    def full(self) -> Iterator[JobBundle]:
        """Yield the bundles of runs that have grown large; they go on as a next part."""
        waiting = sum(map(len, self._jobs.values()))
        for run, job in sorted(self._jobs.items(), key=lambda item: len(item[1]), reverse=True):
            crowded = self._sha256 is None and waiting >= 2 * self._part_rows
            if len(job) < self._part_rows and not crowded:
                return
            if job:
                yield self._bundle(run, job)
                waiting -= len(job)
                self._jobs[run] = RunRows(part=job.part + 1)

    def rest(self) -> Iterator[JobBundle]:
        """Yield what is left, one bundle for each run: its last part."""
        for run, job in self._jobs.items():
            if job or job.part > 1:
                yield self._bundle(run, job, parts=job.part)

    def _bundle(self, run: RunKey, job: RunRows, parts: int | None = None) -> JobBundle:
        part = f";part={job.part}" if job.part > 1 else ""
        return JobBundle(
            run=run,
            origin=f"{self._origin}#{run.id}{part}",
            sha256=self._sha256 or f"{job.digest % (1 << 256):064x}",
            parts=parts,
            ticket=job.ticket,
            date=job.date,
            meta=self._meta,
            measurements=job.measurements,
            tests=job.tests,
            remarks=tuple(job.remarks),
        )


AddRow = Callable[[TableRow, JobFields, RunCollector], None]


def level_of(base: Mapping[str, Any]) -> str:
    """Return the level of a calibration test: the finest that its data ID names."""
    for dimension in ("amplifier", "detector", "exposure"):
        if base.get(dimension):
            return dimension
    return "exposure" if base.get("visit") else "run"


def passed(cell: Any) -> bool | None:
    """Return the verdict in a cell; None where there is none.

    Raises
    ------
    ValueError
        If it is neither true nor false.
    """
    if cell is None or (isinstance(cell, float) and cell != cell) or cell == "":  # noqa: PLR0124
        return None
    text = str(cell).lower()
    if text in {"true", "1", "1.0"}:
        return True
    if text in {"false", "0", "0.0"}:
        return False
    raise ValueError(f"{shown(cell)} is neither true nor false")
