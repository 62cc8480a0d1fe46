"""From the rows of a database to jobs: one for each run and bucket, in parts where it is large."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reportgen.config import SourceConfig
from reportgen.errors import SourceError, UnreadableError
from reportgen.model.bundle import JobBundle, Unreadable, Watermark
from reportgen.model.runs import slug
from reportgen.sources.base import Record
from reportgen.sources.estimate import Estimate
from reportgen.sources.fields import FieldReader
from reportgen.sources.history import History
from reportgen.sources.retry import Patience
from reportgen.sources.rows import RowReader, RunCollector
from reportgen.sources.sql.buckets import Buckets, Place, amount, from_json, to_json
from reportgen.sources.sql.database import Database, PassingError, Rows, plain_columns
from reportgen.sources.sql.options import SqlOptions
from reportgen.sources.table_forms import Form, Measurements, long_form, wide_form
from reportgen.sources.tabular import Batch, TableRow

PATIENCE = Patience()
PART_ROWS = 25_000
"""Rows of one job; what one run has more of in one bucket becomes several jobs."""
EVERYTHING = Place("all", None)
"""The bucket of a source without a watermark."""


def read_jobs(config: SourceConfig, options: SqlOptions, history: History) -> Iterator[Record]:
    """Yield one bundle for each run and bucket, from the watermark on.

    A connection that is lost is made again, and what follows the last watermark asked for anew.
    """
    database = Database(config.name, options)
    estimate = Estimate()
    reader = SqlReader(config=config, options=options, database=database, estimate=estimate)
    since = from_json(history.watermark) if options.watermark else None
    failures = 0
    while True:
        try:
            for record in reader.read(reader.first(since, history.since)):
                if isinstance(record, Watermark):
                    since, failures = from_json(record.value), 0
                yield record
        except PassingError as error:
            failures += 1
            if failures >= PATIENCE.tries:
                raise SourceError(config.name, f"{error}.", "Is the database running?") from None
            PATIENCE.sleep(PATIENCE.pause(failures))
        else:
            return


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlReader:
    """Reads one source from a point on."""

    config: SourceConfig
    options: SqlOptions
    database: Database
    estimate: Estimate

    def first(self, since: Any, day: dt.date | None) -> Any:
        """Return what ``:since`` is: the watermark or the start, and no earlier day than asked."""
        options = self.options
        if since is None:
            since = options.start
        if since is None and options.query is not None and options.watermark is not None:
            old = "1970-01-01" if self.database.dialect == "sqlite" else dt.datetime(1970, 1, 1)  # noqa: DTZ001
            since = old
        return _later(since, day)

    def read(self, since: Any) -> Iterator[Record]:
        """Yield the jobs of the rows from ``since`` on, and after each how far that is."""
        self.estimate.begin()
        last = self.database.last()
        with self.database.rows(since) as rows:
            stream = _Stream(self, rows)
            for batch in rows.batches:
                yield from self.estimate.count(stream.add(batch))
                yield from self.estimate.at(stream.share(last))
            yield from stream.end()

    def origin(self, place: Place) -> str:
        """Return the origin of the jobs of a bucket."""
        return f"sql://{slug(self.config.name)}/{place.name}"


class _Stream:
    """Sorts rows, in the order in which they come, into buckets and runs."""

    def __init__(self, reader: SqlReader, rows: Rows) -> None:
        options, config = reader.options, reader.config
        self._reader = reader
        self._header = rows.header
        self._name = config.name
        self._column = options.watermark
        """That grows; None: everything is one bucket."""
        self._buckets = Buckets(size=options.bucket, overlap=options.overlap)
        self._place = EVERYTHING
        self._row = 0
        self._read = 0
        self._first: Any = None
        self._newest: Any = None
        """Of the column that grows."""
        self._collector = self._collect()
        base = reader.origin(EVERYTHING)
        measurements = Measurements(
            options=options, package=config.package, missing=frozenset(config.missing), origin=base
        )
        try:
            fields = FieldReader(config)
            self._rows = RowReader(fields, rows.header, base)
            self._form: Form = _form(measurements, rows.header, fields, options)
        except UnreadableError as error:
            raise SourceError(self._name, f"{error.reason}.") from error
        if options.watermark is not None and options.watermark not in rows.header:
            listed = ", ".join(rows.header)
            raise SourceError(
                self._name, f"no column {options.watermark!r}; the columns are {listed}."
            )

    def add(self, batch: Sequence[Sequence[Any]]) -> Iterator[Record]:
        """Add rows; yield what is full or belongs to a bucket that has ended."""
        columns = plain_columns(batch, self._header)
        watermarks = columns[self._column] if self._column is not None else None
        self._read += len(batch)
        if watermarks:
            self._first = watermarks[0] if self._first is None else self._first
            self._newest = watermarks[-1]
        table = Batch(columns=columns, rows=range(len(batch)))
        for row, raw in zip(table, batch, strict=True):
            if watermarks is not None:
                yield from self._enter(watermarks[row.place])
            self._row += 1
            yield from self._add(row, raw)
        yield from self._given(self._collector.full())

    def end(self) -> Iterator[Record]:
        """Yield what is left."""
        yield from self._given(self._collector.rest())

    def share(self, last: Any) -> float:
        """Return how much of what is asked for was read (0 to 1); 0 where nobody knows.

        Parameters
        ----------
        last
            As `Database.last` gives it.
        """
        if self._column is None:
            return self._read / last if last else 0.0
        first, newest, end = map(amount, (self._first, self._newest, last))
        return (newest - first) / (end - first) if end > first else 0.0

    def _enter(self, value: Any) -> Iterator[Record]:
        """Go on to the bucket of a row, if it is another one."""
        try:
            place = self._buckets.place(value)
        except ValueError as error:
            problem = f"column {self._column!r}: {error}."
            raise SourceError(self._name, problem, "Choose another `watermark`.") from error
        if place.name == self._place.name:
            return
        if self._place is not EVERYTHING:
            if place.start < self._place.start:
                raise SourceError(
                    self._name,
                    f"the rows are not in the order of {self._column!r}.",
                    f"Add `order by {self._column}` to the query.",
                )
            yield from self.end()
        self._place, self._row = place, 0
        self._collector = self._collect()

    def _add(self, row: TableRow, raw: Sequence[Any]) -> Iterator[Unreadable]:
        digest = int.from_bytes(hashlib.blake2b(repr(tuple(raw)).encode(), digest_size=16).digest())
        try:
            fields = self._rows.read(row)
            self._form.add(row, fields, self._collector)
        except UnreadableError as error:
            fault = Unreadable(
                origin=self._reader.origin(self._place),
                reason=error.reason,
                place=f"row {self._row}",
                sha256=f"{digest:064x}",
            )
            yield from self._collector.fault(fault)
        else:
            self._collector.job(fields).digest += digest

    def _given(self, bundles: Iterator[JobBundle]) -> Iterator[Record]:
        """Yield bundles, and after them the point from which all that follows can be read."""
        given = False
        for bundle in bundles:
            given = True
            yield bundle
        if given:
            start = None if self._column is None else self._buckets.back(self._place.start)
            yield Watermark(value=to_json(start))

    def _collect(self) -> RunCollector:
        return RunCollector(self._reader.origin(self._place), None, part_rows=PART_ROWS)


def _form(
    measurements: Measurements, header: Sequence[str], fields: FieldReader, options: SqlOptions
) -> Form:
    groups = fields.placeholders(measurements.origin)
    if options.value_columns or options.stage:
        return wide_form(measurements, header, groups, {})
    return long_form(measurements, header, fields.columns, groups, {})


def _later(since: Any, day: dt.date | None) -> Any:
    """Return ``since``, or the day if that is later and the column holds times."""
    if day is None or (isinstance(since, int) and not isinstance(since, bool)):
        return since
    if isinstance(since, str):
        return max(since, day.isoformat())
    if isinstance(since, dt.datetime):
        return max(since, dt.datetime.combine(day, dt.time(), since.tzinfo))
    return max(since, day) if isinstance(since, dt.date) else since
