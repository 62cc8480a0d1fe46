"""Buckets of a column that grows: what is delivered as a whole, so that it can come again.

A job is what one run has in one bucket, a day of ingestion for instance. A bucket is always read
from its beginning: rows that arrive late change its job, and nothing is counted twice.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

Bucket = Literal["hour", "day", "month"]
KEYS = 100_000
"""Keys in one bucket, where nothing else is configured."""

_TEXT_LENGTH = {"month": 7, "day": 10, "hour": 13}


@dataclass(frozen=True, slots=True)
class Place:
    """One bucket: its name in origins, and the value of the column that it begins with."""

    name: str
    start: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Buckets:
    """Sorts values of the column into buckets."""

    size: Bucket | int | None
    overlap: int

    def place(self, value: Any) -> Place:
        """Return the bucket of a value.

        Raises
        ------
        ValueError
            If it is neither a time, nor a text of one, nor a whole number.
        """
        if isinstance(value, bool) or value is None:
            raise ValueError(f"{value!r} is neither a time nor a whole number")
        if isinstance(value, int):
            size = self.size if isinstance(self.size, int) else KEYS
            return Place(str(value // size * size), value // size * size)
        if isinstance(value, dt.datetime):
            start = self._floor(_utc(value))
            return Place(start.strftime(self._format()), start)
        if isinstance(value, dt.date):
            day = value.replace(day=1) if self._unit() == "month" else value
            return Place(day.isoformat(), day)
        if isinstance(value, str):
            dt.datetime.fromisoformat(value)
            text = value[: _TEXT_LENGTH[self._unit()]]
            return Place(text.replace(" ", "T"), text)
        raise ValueError(f"{type(value).__name__} is neither a time nor a whole number")

    def back(self, start: Any) -> Any:
        """Return where the next pull begins, after the bucket with this start was read."""
        if isinstance(start, int):
            size = self.size if isinstance(self.size, int) else KEYS
            return start - self.overlap * size
        if isinstance(start, str):
            padded = {7: "-01", 10: "", 13: ":00"}[len(start)]
            moment = self._step(dt.datetime.fromisoformat(start + padded))
            return moment.isoformat(sep=start[10:11] or "T")[: len(start)]
        if isinstance(start, dt.datetime):
            return self._step(start)
        return self._step(dt.datetime.combine(start, dt.time())).date()

    def _unit(self) -> Bucket:
        return self.size if isinstance(self.size, str) else "day"

    def _format(self) -> str:
        return {"month": "%Y-%m", "day": "%Y-%m-%d", "hour": "%Y-%m-%dT%H"}[self._unit()]

    def _floor(self, moment: dt.datetime) -> dt.datetime:
        whole = moment.replace(minute=0, second=0, microsecond=0)
        if self._unit() == "hour":
            return whole
        whole = whole.replace(hour=0)
        return whole if self._unit() == "day" else whole.replace(day=1)

    def _step(self, moment: dt.datetime) -> dt.datetime:
        if self._unit() != "month":
            hours = {"hour": 1, "day": 24}[self._unit()]
            return moment - dt.timedelta(hours=hours * self.overlap)
        months = moment.year * 12 + moment.month - 1 - self.overlap
        return moment.replace(year=months // 12, month=months % 12 + 1)


def _utc(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC) if moment.tzinfo else moment


def amount(value: Any) -> float:
    """Return a value of the column as a number that grows with it; 0 for what is none."""
    try:
        if isinstance(value, str):
            value = dt.datetime.fromisoformat(value)
        if isinstance(value, dt.datetime):
            moment = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
            return moment.timestamp()
        return value.toordinal() if isinstance(value, dt.date) else float(value)
    except (TypeError, ValueError, OverflowError):
        return 0.0


def to_json(start: Any) -> Any:
    """Return a value of the column as JSON that keeps its kind."""
    if isinstance(start, dt.datetime):
        return {"time": start.isoformat()}
    if isinstance(start, dt.date):
        return {"day": start.isoformat()}
    return start


def from_json(data: Any) -> Any:
    """Return the value that `to_json` was given."""
    if isinstance(data, dict):
        if "time" in data:
            return dt.datetime.fromisoformat(data["time"])
        return dt.date.fromisoformat(data["day"])
    return data
