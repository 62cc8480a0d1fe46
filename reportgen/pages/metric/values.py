"""The values of a metric in one dataset: one row per run and producer, one column per band."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reportgen.model.dimensions import band_order
from reportgen.model.numbers import format_column, plural
from reportgen.model.report import DatasetHistory, HistorySeries
from reportgen.model.runs import Run, slug
from reportgen.model.status import Reason
from reportgen.pages.metric.curves import joined_series
from reportgen.pages.paths import run_path
from reportgen.pages.words import name_some


class ValueCell(NamedTuple):
    """One value in the table of values; there are hundreds of thousands."""

    text: str
    title: str
    missing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRow:
    """One run, as one producer measured it."""

    release: str
    anchor: str
    path: str | None
    day: str
    producer: str
    cells: Sequence[ValueCell]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueTable:
    """All values of a metric in one dataset, newest run first."""

    columns: Sequence[str]
    rows: Sequence[ValueRow]
    repeated: str
    """In which runs and bands values of one data ID contradict each other; "" in none."""


def value_table(history: DatasetHistory, in_full: Mapping[str, bool]) -> ValueTable:
    """Return the values of a history; ``in_full`` tells which runs have a page to link to."""
    series = joined_series(history)
    bands = sorted({one.band or "" for one in series}, key=band_order)
    taken = [
        one
        for at in reversed(range(len(history.runs)))
        for one in _by_producer(history.runs[at], at, series)
    ]
    columns = [_column(taken, band) for band in bands]
    return ValueTable(
        columns=[band or "value" for band in bands],
        repeated=_repeated(history, series),
        rows=[
            ValueRow(
                release=one.run.release,
                anchor=one.anchor,
                path=run_path(one.run) if in_full.get(one.run.id) else None,
                day=one.run.day or "",
                producer=one.producer,
                cells=[column[place] for column in columns],
            )
            for place, one in enumerate(taken)
        ],
    )


def _repeated(history: DatasetHistory, series: Sequence[HistorySeries]) -> str:
    bands: defaultdict[int, list[str]] = defaultdict(list)
    for one in sorted(series, key=lambda one: band_order(one.band or "")):
        for at in one.repeated:
            bands[at].append(one.band or "")
    named = [
        f"{history.runs[at].release}{' in ' if any(found) else ''}{', '.join(filter(None, found))}"
        for at, found in sorted(bands.items(), reverse=True)
    ]
    return name_some(named)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """What one producer measured in one run."""

    run: Run
    at: int
    producer: str
    anchor: str
    by_band: Mapping[str, HistorySeries]


def _by_producer(run: Run, at: int, series: Sequence[HistorySeries]) -> Iterator[_Measured]:
    """Yield each producer of a run; a run that nobody measured has a nameless one."""
    present = [one for one in series if one.members[at]]
    name = run.id.replace("/", "-")
    for place, producer in enumerate(sorted({one.producer or "" for one in present}) or [""]):
        yield _Measured(
            run=run,
            at=at,
            producer=producer,
            anchor=f"{name}-by-{slug(producer)}" if place else name,
            by_band={one.band or "": one for one in present if (one.producer or "") == producer},
        )


def _column(taken: Sequence[_Measured], band: str) -> list[ValueCell]:
    """Return the cells of a band; their numbers have the same decimals."""
    series = [one.by_band.get(band) for one in taken]
    values = [
        found.values[one.at] if found else math.nan
        for one, found in zip(taken, series, strict=True)
    ]
    texts = iter(format_column(value for value in values if math.isfinite(value)))
    return [
        _cell(found, one.at, next(texts) if math.isfinite(value) else "")
        for one, found, value in zip(taken, series, values, strict=True)
    ]


def _cell(series: HistorySeries | None, at: int, text: str) -> ValueCell:
    if series is None or not text:
        reason = (series and series.reasons[at]) or Reason.ABSENT.value
        return ValueCell(text=reason.replace("_", " "), title="", missing=True)
    n, of = series.measured[at], series.members[at]
    members = f", median of {n} of {of}" if of > 1 else ""
    if repeated := series.repeated.get(at):
        members += f", with several values of {plural(repeated, 'data ID')}"
    return ValueCell(text=text, title=f"{series.values[at]!r}{members}", missing=False)
