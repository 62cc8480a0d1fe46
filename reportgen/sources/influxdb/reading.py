"""A pull from an InfluxDB: measurement by measurement, window by window."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from fnmatch import fnmatchcase
from typing import Any

from reportgen.config import SourceConfig
from reportgen.errors import SourceError
from reportgen.model.bundle import JobBundle, Known, Unreadable, Watermark
from reportgen.sources import origins
from reportgen.sources.base import Record
from reportgen.sources.estimate import Estimate
from reportgen.sources.history import History
from reportgen.sources.influxdb import influxql
from reportgen.sources.influxdb.client import Client, check_location
from reportgen.sources.influxdb.layout import TAG, Layout, Planner, Schema
from reportgen.sources.influxdb.options import InfluxOptions
from reportgen.sources.influxdb.points import PointCollector, PointFields, iso_time
from reportgen.sources.influxdb.positions import Position, advance, load_positions, to_json

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
    positions: dict[str, Position] = field(default_factory=dict)
    """How far each measurement was read."""
    estimate: Estimate = field(default_factory=Estimate)

    def records(self) -> Iterator[Record]:
        """Yield everything new."""
        self.positions.update(load_positions(self.history.watermark))
        schemas = self._schemas()
        layouts = Planner(options=self.options, package=self.config.package).plan(schemas)
        if not layouts:
            what = "matches no measurement" if not schemas else "no measurement holds numbers"
            yield Unreadable(origin=self._origin(""), reason=what)
        for number, layout in enumerate(layouts):
            yield from self.estimate.count(self._conflicts(layout.schema))
            yield from self.estimate.count(self._measurement(layout, number, len(layouts)))

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

    def _measurement(self, layout: Layout, number: int, of: int) -> Iterator[Record]:
        """Yield the jobs of one measurement, and after each window how far it was read."""
        if any(key not in layout.texts for key in self.options.match):
            return  # without the column no point can match
        name = layout.schema.name
        points = self._points(layout)
        last = points.last()
        if last is None:
            return
        width = self.options.window * DAY
        # Counted before anything is read: what is written meanwhile shows in the next pull.
        bound = _floor(min(last, _now()), width) - self.options.overlap * DAY
        values = points.count(bound)
        fields = PointFields(self.config, layout)
        first = begin = self._next(points, self._begin(points, self.positions.get(name)))
        while begin is not None:
            empty = yield from self._window(points, fields, begin)
            if self.history.since is None:
                reached = Position(window=begin, bound=bound, values=values)
                self.positions[name] = advance(self.positions.get(name), reached)
            yield Watermark(value=to_json(self.positions))
            begin += width
            done = (begin - (first or 0)) / max(last - (first or 0), width)
            yield from self.estimate.at((number + min(done, 1.0)) / of)
            if empty or begin > last:
                begin = self._next(points, begin) if begin <= last else None

    def _points(self, layout: Layout) -> Points:
        source = influxql.place(
            self.options.database, self.options.retention_policy, layout.schema.name
        )
        where = influxql.matching(self.options.match)
        return Points(client=self.client, layout=layout, source=source, where=where)

    def _window(
        self, points: Points, fields: PointFields, begin: int
    ) -> Generator[Record, None, bool]:
        """Yield the jobs of one window in parts, and return whether there were none."""
        query = points.window(max(begin, self._start()), begin + self.options.window * DAY)
        origin = f"{self._origin(points.layout.schema.name)}/{iso_time(begin)[:10]}"
        collector = functools.partial(PointCollector, points.layout, fields, origin)
        window = Window(self.client, query, collector)
        empty = True
        while (part := self.client.insist(window.next)) is not None:
            yield from map(self._unless_known, part)
            yield Watermark(value=to_json(self.positions))  # parts are known when they return
            empty = empty and not part
        return empty

    def _unless_known(self, record: JobBundle | Unreadable) -> Record:
        if isinstance(record, JobBundle) and self.history.has(record.origin, record.sha256):
            return Known(origin=record.origin)
        return record

    def _start(self) -> int:
        """Return the time before which nothing is ever read (ns)."""
        return _LONG_AGO if self.options.start is None else _midnight(self.options.start)

    def _begin(self, points: Points, position: Position | None) -> int:
        """Return from when on to read (ns)."""
        if self.history.since is not None:
            return max(self._start(), _midnight(self.history.since))
        if position is None or points.count(position.bound) > position.values:
            return self._start()  # points came that are dated back further than the overlap
        # A point with a time in the future must not hide those that come before it.
        known = min(position.window, _now())
        return max(self._start(), known - self.options.overlap * DAY)

    def _next(self, points: Points, begin: int) -> int | None:
        """Return the begin of the window of the first point at or after a time (ns)."""
        first = points.first(begin)
        return None if first is None else _floor(first, self.options.window * DAY)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Questions about the points of one measurement."""

    client: Client
    layout: Layout
    source: str
    where: str

    def first(self, begin: int) -> int | None:
        """Return the time of the first point at or after a time (ns); None if there is none."""
        return self._edge(f" AND time >= {begin}", newest=False)

    def last(self) -> int | None:
        """Return the time of the last point (ns); None if there is none."""
        return self._edge("", newest=True)

    def count(self, end: int) -> int:
        """Return the number of values before a time (ns)."""
        query = influxql.count(self._fields(), self.source, end, self.where)
        return sum(
            cell or 0
            for series in self.client.ask(query)
            for row in series.rows
            for cell in row[1:]
        )

    def window(self, begin: int, end: int) -> str:
        """Return the query for the points between two times (ns)."""
        return influxql.select(self.layout.columns, self.source, begin, end, self.where)

    def _edge(self, times: str, *, newest: bool) -> int | None:
        query = influxql.edge(self._fields(), self.source, self.where + times, newest=newest)
        rows = [row for series in self.client.ask(query) for row in series.rows]
        return int(rows[0][0]) if rows else None

    def _fields(self) -> list[tuple[str, str]]:
        return [column for column in self.layout.columns if column[1] != TAG]


def _types(rows: list[list[Any]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, kind in rows:
        found[name] = (*found.get(name, ()), kind)
    return found


def _floor(nanoseconds: int, width: int) -> int:
    return nanoseconds // width * width


def _now() -> int:
    return int(datetime.now(UTC).timestamp()) * 10**9


def _midnight(day: date) -> int:
    return round(datetime.combine(day, time(), UTC).timestamp()) * 10**9
