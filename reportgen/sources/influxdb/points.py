"""From points to jobs: whose run they are, what they measured, and which zeros are none."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from reportgen.config import FIELDS, SourceConfig
from reportgen.errors import UnreadableError
from reportgen.model.bundle import JobBundle, Row, Unreadable
from reportgen.model.runs import RunKey
from reportgen.model.status import Reason
from reportgen.sources.collection_names import COLLECTION, processing
from reportgen.sources.fields import FieldReader, JobFields
from reportgen.sources.influxdb.layout import Layout, MetricColumn
from reportgen.sources.job_meta import OWN_NAMES, own_fields
from reportgen.sources.texts import cell_text
from reportgen.sources.values import number, strict_json

PART_ROWS = 50_000
"""Measurements that are held before they are given out; a run with more becomes several jobs."""
_CACHED = 10_000
_GENERIC = frozenset({"", "Generic"})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class PointFields:
    """Returns the fields of points of one measurement.

    A field comes from the configuration, else from a ``pattern`` searched in the run (or the name
    of the measurement), else from the column of its name, else from what the usual name of a
    collection tells.
    """

    def __init__(self, config: SourceConfig, layout: Layout) -> None:
        self._reader = FieldReader(config)
        self._measurement = layout.schema.name
        self._producer = layout.producer
        self._given = {
            key: name for key, name in self._reader.columns.items() if name in layout.texts
        }
        used = {*FIELDS, *OWN_NAMES, *self._given.values(), "run", "dataset_tag"}
        self._columns = [
            (name, place)
            for name, places in layout.texts.items()
            if name in used
            for place in places
        ]
        self._cache: dict[tuple[Any, ...], JobFields | UnreadableError] = {}

    def read(self, cells: Sequence[Any]) -> JobFields:
        """Return the fields of one point; its time is not among them.

        Raises
        ------
        UnreadableError
            If its dataset or release is not known.
        """
        key = tuple([cells[place] for _, place in self._columns])
        found = self._cache.get(key)
        if found is None:
            if len(self._cache) >= _CACHED:
                self._cache.clear()
            found = self._cache[key] = self._combine(key)
        if isinstance(found, UnreadableError):
            raise found
        return found

    def _combine(self, cells: Sequence[Any]) -> JobFields | UnreadableError:
        texts: dict[str, str] = {}
        for (name, _), cell in zip(self._columns, cells, strict=True):
            if (text := cell_text(cell)) is not None:
                texts.setdefault(name, text)
        own = {**self._usual(texts), **own_fields(texts)}
        if self._producer:
            own["producer"] = self._producer
        own |= {key: texts[key] for key in FIELDS if key in texts and key != "band"}
        if texts.get("dataset_tag", "") not in _GENERIC:
            own["dataset"] = texts["dataset_tag"]
        own |= self._reader.groups(texts.get("run") or self._measurement)
        own |= {key: texts[name] for key, name in self._given.items() if name in texts}
        try:
            return self._reader.combine(self._measurement, own)
        except UnreadableError as error:
            return error

    def _usual(self, texts: Mapping[str, str]) -> dict[str, str]:
        run = texts.get("run")
        if not run:
            return {}
        found = COLLECTION.search(run)
        groups = found.groupdict() if found else {}
        known = {key: text for key, text in groups.items() if text}
        return {"collection": processing(run), **known}


@dataclass(slots=True)
class RunPoints:
    """What was read of one run since the last part."""

    fields: JobFields
    rows: list[Row] = field(default_factory=list)
    zeros: Counter[str] = field(default_factory=Counter)
    points: int = 0
    newest: str = ""
    digest: Any = field(default_factory=hashlib.sha256)
    """Over everything that the job says: other rules for zeros or units make another state."""


class PointCollector:
    """Sorts the points of one window of one measurement by run, and gives them out as jobs."""

    def __init__(self, layout: Layout, fields: PointFields, origin: str) -> None:
        self._layout = layout
        self._fields = fields
        self._origin = origin
        self._runs: dict[RunKey, RunPoints] = {}
        self._faults: Counter[str] = Counter()
        self._held = 0
        self._part = 1
        # Jobs are known by what they say, not by columns that are empty in them.
        self._keys = {
            one.place: repr((one.metric, one.band, one.action, one.unit)) for one in layout.metrics
        }
        self._identifier = next(iter(layout.texts.get("id", ())), None)
        self._notes = {
            column.place: strict_json({"action": column.action})
            for column in layout.metrics
            if column.action
        }

    def add(self, point: Sequence[Any]) -> None:
        """Add one point: its time (ns), then the columns that are read."""
        nanoseconds, *cells = point
        try:
            found = self._fields.read(cells)
        except UnreadableError as error:
            self._faults[error.reason] += 1
            return
        run = self._runs.get(found.run)
        if run is None:
            run = self._runs[found.run] = RunPoints(found)
            run.digest.update(f"{found.run!r} {found.ticket!r}\n".encode())
        base = {"date": iso_time(nanoseconds), **found.base}
        if self._identifier is not None and cells[self._identifier]:
            base["identifier"] = str(cells[self._identifier])
        said = [str(nanoseconds), repr(base)]
        before = len(run.rows)
        for column in self._layout.metrics:
            if cells[column.place] is not None:
                row = self._row(column, cells[column.place], base, run)
                run.rows.append(row)
                said.append(f"{self._keys[column.place]} {row['value']!r}")
        run.points += 1
        run.newest = max(run.newest, str(base["date"]))
        run.digest.update("\n".join(said).encode("utf-8", "surrogatepass"))
        self._held += len(run.rows) - before

    def _row(self, column: MetricColumn, cell: Any, base: Row, run: RunPoints) -> Row:
        result = number(cell)
        value, reason = result.value, result.reason
        if value == 0 and column.zero_is_missing:
            value, reason = None, Reason.ZERO_FOR_NULL.value
            run.zeros[column.metric if not column.band else f"{column.metric} {column.band}"] += 1
        row = {**base, "metric": column.metric, "value": value}
        if reason:
            row["reason"] = reason
        if column.band:
            row["band"] = column.band
        if column.unit is not None:
            row["unit"] = column.unit
        if notes := self._notes.get(column.place):
            row["notes"] = notes
        return row

    def full(self) -> Iterator[JobBundle]:
        """Yield what is held, if it is much; the window goes on in a next part."""
        if self._held >= PART_ROWS:
            yield from self._jobs()
            self._part += 1

    def rest(self) -> Iterator[JobBundle | Unreadable]:
        """Yield what is left, and what could not be placed."""
        yield from self._jobs()
        for reason, count in self._faults.items():
            yield Unreadable(origin=self._origin, reason=reason, place=f"{count} points")

    def _jobs(self) -> Iterator[JobBundle]:
        for key, run in self._runs.items():
            part = f";part={self._part}" if self._part > 1 else ""
            yield JobBundle(
                run=key,
                origin=f"{self._origin}#{key.id}{part}",
                sha256=run.digest.hexdigest(),
                ticket=run.fields.ticket,
                date=run.newest,
                meta={
                    "measurement": self._layout.schema.name,
                    "layout": self._layout.kind,
                    "points": run.points,
                },
                measurements=run.rows,
                remarks=_remarks(run),
            )
        self._runs = {}
        self._held = 0


def _remarks(run: RunPoints) -> tuple[str, ...]:
    if not run.zeros:
        return ()
    listed = ", ".join(f"{name} ({count})" for name, count in sorted(run.zeros.items()))
    return (f"Exact zeros that stand for nulls, so not measured: {listed}.",)


def iso_time(nanoseconds: int) -> str:
    """Return a time as ISO 8601, with seconds and no more unless there is more."""
    time = _EPOCH + timedelta(microseconds=nanoseconds // 1000)
    return time.replace(tzinfo=None).isoformat() + "Z"
