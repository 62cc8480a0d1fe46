"""Places and labels of the ticks of an axis of time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from reportgen.figures.scale import Range
from reportgen.figures.ticks import Ticks, nice_ticks
from reportgen.model.calibrations import MJD_ZERO

_EPOCH = datetime.combine(MJD_ZERO, time(), UTC)
_FIRST, _LAST = -678_000.0, 2_972_000.0
"""What datetime can hold, in MJD: the years 2 to 9996."""
_HOURS = (1, 2, 3, 6, 12)
_DAYS = (1, 2, 5, 10)
_MONTHS = (1, 2, 3, 6)


def date_ticks(span: Range, most: int) -> Ticks:
    """Return at most ``most`` + 1 ticks at round dates; ``span`` is in MJD days, UTC."""
    if not _FIRST < span.low <= span.high < _LAST:
        ticks = nice_ticks(span, most)
        return Ticks(values=ticks.values, labels=ticks.labels, factor=f"{ticks.factor} MJD".strip())
    days = span.span / most
    if days <= _HOURS[-1] / 24:
        return _hours(span, next(step for step in _HOURS if step / 24 >= days))
    if days <= _DAYS[-1]:
        return _days(span, next(step for step in _DAYS if step >= days))
    if days <= 28 * _MONTHS[-1]:
        return _months(span, next(step for step in _MONTHS if 28 * step >= days), "%Y-%m")
    return _months(span, 12 * _round_years(days / 365), "%Y")


def _hours(span: Range, step: int) -> Ticks:
    first, last = math.ceil(span.low * 24 / step), math.floor(span.high * 24 / step)
    values = [index * step / 24 for index in range(first, last + 1)]
    labels = [f"{_date(value):%m-%d %H:%M}" for value in values]
    return Ticks(values=values, labels=labels, factor="UTC")


def _days(span: Range, step: int) -> Ticks:
    """Count within each month, so that the ticks stand at the same days of all months."""
    values = []
    for start in _month_starts(span, 1):
        offsets = range(0, 31 if step == 1 else 28, step)
        length = (_next_month(start) - start).days
        values += [_mjd(start) + offset for offset in offsets if offset < length]
    values = [value for value in values if value in span]
    return Ticks(values=values, labels=[f"{_date(value):%Y-%m-%d}" for value in values])


def _months(span: Range, step: int, pattern: str) -> Ticks:
    starts = [start for start in _month_starts(span, step) if _mjd(start) in span]
    return Ticks(
        values=[_mjd(start) for start in starts],
        labels=[start.strftime(pattern) for start in starts],
    )


def _month_starts(span: Range, step: int) -> Iterator[datetime]:
    """Yield the first days of every ``step``-th month, the one before ``span`` included."""
    first, last = _date(span.low), _date(span.high)
    months = first.year * 12 + first.month - 1
    for count in range(months - months % step, last.year * 12 + last.month, step):
        yield datetime(count // 12, count % 12 + 1, 1, tzinfo=UTC)


def _next_month(start: datetime) -> datetime:
    return (start + timedelta(days=32)).replace(day=1)


def _round_years(least: float) -> int:
    unit = 1
    while 10 * unit < least:
        unit *= 10
    return next(step * unit for step in (1, 2, 5, 10) if step * unit >= least)


def _date(mjd: float) -> datetime:
    # Rounded to seconds: a day's share as a float lies a little before the hour.
    return _EPOCH + timedelta(seconds=round(mjd * 86400))


def _mjd(date: datetime) -> float:
    return (date - _EPOCH).total_seconds() / 86400
