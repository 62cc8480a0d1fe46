"""A pull from an InfluxDB: measurement by measurement, window by window."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from fnmatch import fnmatchcase
from typing import Any

from reportgen.config import SourceConfig
from reportgen.errors import SourceError
from reportgen.model.bundle import JobBundle, Known, Unreadable, Watermark
from reportgen.sources import origins
from reportgen.sources.base import Record
from reportgen.sources.history import History
from reportgen.sources.influxdb import influxql
from reportgen.sources.influxdb.client import Client, check_location
from reportgen.sources.influxdb.layout import Layout, Planner, Schema
from reportgen.sources.influxdb.options import InfluxOptions
from reportgen.sources.influxdb.points import PointCollector, PointFields, iso_time

DAY = 86_400 * 10**9
"""Nanoseconds."""
_LONG_AGO = -(2**62)


def read_jobs(config: SourceConfig, options: InfluxOptions, history: History) -> Iterator[Record]:
    """Yield one bundle for each run in each window of each measurement.

    Raises
    ------
    SourceError
        If the server does not answer, refuses access, or has no such database.
    """
    where = origins.scrub(config.location, config.root)
    if problem := check_location(config.location):
        raise SourceError(where, f"location: {problem}.")
    client = Client(location=config.location, where=where, options=options)
    pull = Pull(config=config, options=options, client=client, history=history)
    yield from pull.records()


@dataclass(frozen=True, kw_only=True)
class Pull:
    """One pull from one database."""

    config: SourceConfig
    options: InfluxOptions
    client: Client
    history: History
    positions: dict[str, int] = field(default_factory=dict)
    """Begin of the last window that was read, of each measurement (ns)."""

    def records(self) -> Iterator[Record]:
        """Yield everything new."""
        if isinstance(self.history.watermark, Mapping):
            self.positions.update(self.history.watermark)
        schemas = self._schemas()
        layouts = Planner(options=self.options, package=self.config.package).plan(schemas)
        if not layouts:
            what = "matches no measurement" if not schemas else "no measurement holds numbers"
            yield Unreadable(origin=self._origin(""), reason=what)
        for layout in layouts:
            yield from self._conflicts(layout.schema)
            yield from self._measurement(layout)

    def _origin(self, measurement: str) -> str:
        place = f"{self.client.where.rstrip('/')}/{origins.quote(self.options.database)}"
        return f"{place}/{origins.quote(measurement)}" if measurement else place

    def _schemas(self) -> list[Schema]:
        """Return the measurements that are asked for, by name."""
        database = influxql.identifier(self.options.database)
        tags = self._keys(f"SHOW TAG KEYS ON {database}")
        fields = self._keys(f"SHOW FIELD KEYS ON {database}")
        return [
            Schema(
                name=name,
                tags=tuple(key for key, *_ in tags.get(name, ())),
                fields=_types(fields[name]),
            )
            for name in sorted(fields)
            if any(fnmatchcase(name, glob) for glob in self.options.measurements)
        ]

    def _keys(self, query: str) -> dict[str, list[list[Any]]]:
        found: dict[str, list[list[Any]]] = {}
        for series in self.client.ask(query):
            found.setdefault(series.name, []).extend(series.rows)
        return found

    def _conflicts(self, schema: Schema) -> Iterator[Unreadable]:
        for name in schema.conflicts():
            types = " and as ".join(schema.fields[name])
            yield Unreadable(
                origin=self._origin(schema.name),
                reason=f"the field {name!r} is stored as {types}; what is no number is left out.",
            )

    def _measurement(self, layout: Layout) -> Iterator[Record]:
        """Yield the jobs of one measurement, and after each window how far it was read."""
        name = layout.schema.name
        source = influxql.place(self.options.database, self.options.retention_policy, name)
        where = influxql.matching(
            {key: values for key, values in self.options.match.items() if key in layout.texts}
        )
        if any(key not in layout.texts for key in self.options.match):
            return  # without the column no point can match
        first, last = (self._edge(layout, source, where, newest=newest) for newest in (False, True))
        if first is None or last is None:
            return
        width = self.options.window * DAY
        fields = PointFields(self.config, layout)
        begin = _floor(max(first, self._begin(name)), width)
        while begin <= last:
            query = influxql.select(
                layout.columns, source, max(begin, self._start()), begin + width, where
            )
            origin = f"{self._origin(name)}/{iso_time(begin)[:10]}"
            collector = functools.partial(PointCollector, layout, fields, origin)
            window = Window(self.client, query, collector)
            while (part := self.client.insist(window.next)) is not None:
                yield from map(self._unless_known, part)
            if self.history.since is None:
                self.positions[name] = max(begin, self.positions.get(name, begin))
            yield Watermark(value=dict(self.positions))
            begin += width

    def _unless_known(self, record: JobBundle | Unreadable) -> Record:
        if isinstance(record, JobBundle) and self.history.has(record.origin, record.sha256):
            return Known(origin=record.origin)
        return record

    def _start(self) -> int:
        """Return the time before which nothing is ever read (ns)."""
        return _LONG_AGO if self.options.start is None else _midnight(self.options.start)

    def _begin(self, measurement: str) -> int:
        """Return from when on to read (ns)."""
        if self.history.since is not None:
            return max(self._start(), _midnight(self.history.since))
        position = self.positions.get(measurement)
        if position is None:
            return self._start()
        # A point with a time in the future must not hide those that come before it.
        known = min(position, int(datetime.now(UTC).timestamp()) * 10**9)
        return max(self._start(), known - self.options.overlap * DAY)

    def _edge(self, layout: Layout, source: str, where: str, *, newest: bool) -> int | None:
        """Return the time of the first or the last point (ns); None if there is none."""
        fields = [column for column in layout.columns if column[1] != "tag"]
        rows = [
            row
            for series in self.client.ask(influxql.edge(fields, source, where, newest=newest))
            for row in series.rows
        ]
        return int(rows[0][0]) if rows else None


class Window:
    """The answer to the query for one window, part by part.

    When it is cut off, `next` raises; called again it asks again, and goes on after the parts that
    were given out.
    """

    def __init__(self, client: Client, query: str, collector: Callable[[], PointCollector]) -> None:
        self._client = client
        self._query = query
        self._collector = collector
        self._given = 0
        self._parts: Iterator[Sequence[JobBundle | Unreadable]] | None = None

    def next(self) -> Sequence[JobBundle | Unreadable] | None:
        """Return the next part; None at the end."""
        try:
            if self._parts is None:
                self._parts = itertools.islice(self._read(), self._given, None)
            part = next(self._parts, None)
        except Exception:
            self._parts = None
            raise
        self._given += 1
        return part

    def _read(self) -> Iterator[Sequence[JobBundle | Unreadable]]:
        collector = self._collector()
        for series in self._client.stream(self._query):
            for point in series.rows:
                collector.add(point)
            if part := list(collector.full()):
                yield part
        yield list(collector.rest())


def _types(rows: list[list[Any]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, kind in rows:
        found[name] = (*found.get(name, ()), kind)
    return found


def _floor(nanoseconds: int, width: int) -> int:
    return nanoseconds // width * width


def _midnight(day: date) -> int:
    return round(datetime.combine(day, time(), UTC).timestamp()) * 10**9
