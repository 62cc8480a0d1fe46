"""What is different from last month: one list, worst first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from reportgen.analysis.calibrations.counted import counted_tests
from reportgen.analysis.calibrations.nights import last_verdicts, scatter
from reportgen.model.calibration_places import Place
from reportgen.model.calibration_trends import SeriesTrend, Trend
from reportgen.model.calibration_verdicts import FAILED, PASSED, TestHistory
from reportgen.model.calibrations import Change, ChangeKind, StageReport, Statistic, TimeAxis

MONTH = 30.0
"""Days back from the last night."""

_ORDER = list(ChangeKind)
_FOLLOW = frozenset({ChangeKind.OUTSIDE, ChangeKind.NOT_MEASURED})


def month_before(axis: TimeAxis) -> int | None:
    """Return the last night at least `MONTH` before the last one, None where none is."""
    if not len(axis.times):
        return None
    # Nights are not taken at the same minute: half a day is no difference.
    early = np.flatnonzero(axis.times <= axis.times[-1] - MONTH + 0.5)
    return int(early[-1]) if len(early) else None


def find_changes(report: StageReport) -> list[Change]:
    """Return what is different at the last night from `StageReport.reference_night`."""
    reference = report.reference_night
    if reference is None:
        return []
    verdicts: list[Change] = []
    # Where a verdict changed, its value outside of its limits, or gone, is the same news.
    told: set[_Told] = set()
    for test in counted_tests(report.tests):
        values = next((s for s in report.statistics if s.is_behind(test)), None)
        found = list(_verdicts(test, values, reference))
        verdicts += found
        if values is not None:
            told |= {_Told(place=change.place, label=values.label) for change in found}
    values_changed = (
        change
        for statistic in report.statistics
        if not statistic.is_covariate
        for change in _values(statistic, reference)
        if change.kind not in _FOLLOW or _Told(place=change.place, label=change.name) not in told
    )
    return sorted([*verdicts, *values_changed], key=_worst_first)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A number at a place."""

    place: Place
    label: str


def _worst_first(change: Change) -> tuple[int, int, float]:
    return (_ORDER.index(change.kind), -change.of, -change.size)


def _verdicts(test: TestHistory, values: Statistic | None, reference: int) -> Iterator[Change]:
    """Yield the places whose verdict differs from that of last month."""
    if test.last_night <= reference:
        return
    now = test.nightly[test.last_night]
    before = last_verdicts(test.nightly[: reference + 1])
    column_of: Mapping[Place, int] = {}
    if values is not None:
        column_of = {place: column for column, place in enumerate(values.places)}
    for column, place in enumerate(test.places):
        if now[column] == FAILED and before[column] != FAILED:
            kind = ChangeKind.NEWLY_FAILING
        elif now[column] == PASSED and before[column] == FAILED:
            kind = ChangeKind.FIXED
        else:
            continue
        change = Change(
            kind=kind,
            place=place,
            name=test.test,
            unit=None,
            before=None,
            after=None,
            size=0.0,
            night=test.since[column],
        )
        if values is not None and place in column_of:
            series = values.nightly[:, column_of[place]]
            change = _with_values(change, series, values, reference)
        yield change


@dataclass(frozen=True, slots=True, kw_only=True)
class _Watched:
    """One series of nightly values with its trend."""

    place: Place
    values: np.ndarray
    trend: SeriesTrend


def _values(statistic: Statistic, reference: int) -> Iterator[Change]:
    """Yield what happened to one statistic.

    Where the median of a detector does the same as its amplifiers, it speaks for them.
    """
    own: defaultdict[tuple[str | None, ChangeKind], list[Change]] = defaultdict(list)
    for column, place in enumerate(statistic.places):
        series = _Watched(
            place=place, values=statistic.nightly[:, column], trend=statistic.trends[column]
        )
        for change in _series_changes(series, statistic, reference):
            own[place.detector, change.kind].append(change)
    for summary in statistic.summaries:
        place = Place(detector=summary.detector)
        median = _Watched(place=place, values=summary.median, trend=summary.trend)
        for change in _series_changes(median, statistic, reference):
            members = own.pop((summary.detector, change.kind), [])
            same = {one.place for one in members}
            yield replace(change, members=len(same), of=len(summary.columns))
    for changes in own.values():
        yield from changes


def _series_changes(series: _Watched, statistic: Statistic, reference: int) -> Iterator[Change]:
    """Yield drift, steps since the reference night, a value outside, a value that is gone."""
    for kind, night in _events(series, statistic.last_night, reference):
        drift = series.trend.drift(MONTH) if kind is ChangeKind.DRIFTING else None
        change = Change(
            kind=kind,
            place=series.place,
            name=statistic.label,
            unit=statistic.unit,
            before=None,
            after=None,
            size=0.0,
            night=night,
            drift=drift,
        )
        yield _with_values(change, series.values, statistic, reference)


def _events(series: _Watched, last: int, reference: int) -> Iterator[tuple[ChangeKind, int | None]]:
    """Yield what happened, with the night where it happened at one."""
    drift = series.trend.drift(MONTH)
    if drift is not None and drift.verdict is Trend.DRIFTING:
        yield ChangeKind.DRIFTING, None
    steps = [step.night for step in series.trend.steps if step.night > reference]
    if steps:
        yield ChangeKind.STEP, steps[-1]
    elif series.trend.outside:
        yield ChangeKind.OUTSIDE, last
    known = np.flatnonzero(np.isfinite(series.values))
    if len(known) and reference <= known[-1] < last:
        yield ChangeKind.NOT_MEASURED, int(known[-1]) + 1


def _with_values(
    change: Change, series: np.ndarray, statistic: Statistic, reference: int
) -> Change:
    before = _last_value(series[: reference + 1])
    after = _last_value(series[statistic.last_night :])
    return replace(
        change,
        unit=statistic.unit,
        before=before,
        after=after,
        size=_size(series, before, after),
    )


def _last_value(series: np.ndarray) -> float | None:
    known = series[np.isfinite(series)]
    return float(known[-1]) if len(known) else None


def _size(series: np.ndarray, before: float | None, after: float | None) -> float:
    """Return a change in standard deviations of the nights, 0 where it cannot be said."""
    if before is None or after is None:
        return 0.0
    sigma = float(scatter(series[:, None])[0])
    return abs(after - before) / sigma if sigma > 0 else 0.0
