"""Steps and drifts of every series of a stage: amplifiers, detectors, the whole camera."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from reportgen.analysis.calibrations.conditions import (
    Conditions,
    find_conditions,
    without_condition,
)
from reportgen.analysis.drift.find import Drift, find_drifts
from reportgen.analysis.drift.levels import last_step_times
from reportgen.analysis.drift.nights import Nights
from reportgen.analysis.statistics.control import control_limits
from reportgen.analysis.statistics.multiple import benjamini_hochberg
from reportgen.analysis.steps.find import find_steps_many
from reportgen.analysis.steps.result import Step
from reportgen.model.calibration_trends import (
    WINDOWS,
    ControlLimits,
    LevelStep,
    SeriesTrend,
    Trend,
    WindowDrift,
)
from reportgen.model.calibrations import Statistic, TimeAxis
from reportgen.workers import share

Tolerance = Callable[[str, str | None], float | None]
"""Change of a metric that matters to nobody, in the unit given; None: not stated."""


WORTH_PROCESSES = 2000
"""Series below which processes would take longer to start than to work."""
FALSE_STEPS = 0.05
"""False discovery rate of steps over the series of a family."""
NORMAL_95 = 1.96
"""Half width of a 95 % interval, in standard errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Family:
    """Series that are judged together: false discoveries are counted over them."""

    times: np.ndarray
    values: np.ndarray
    """Shape nights × series."""
    corrected: np.ndarray
    """The same with the influence of the condition taken out."""
    condition: np.ndarray | None
    """Same shape; a temperature, for example."""
    tolerance: float | None
    epochs: Sequence[int]
    """Nights at which values stop being comparable."""


def find_trends(
    statistics: Sequence[Statistic], axis: TimeAxis, tolerance: Tolerance, *, jobs: int = 1
) -> list[Statistic]:
    """Return the statistics with steps, drifts and control limits of every series.

    Parameters
    ----------
    jobs
        Processes that work on it.
    """
    conditions = find_conditions(statistics)
    families = [f for s in statistics for f in _families(s, axis, conditions, tolerance)]
    if jobs > 1 and sum(family.values.shape[1] for family in families) >= WORTH_PROCESSES:
        found = list(share(_trends, families, jobs))
    else:
        found = [_trends(family) for family in families]
    trends = iter(found)
    return [_with_trends(statistic, trends, conditions) for statistic in statistics]


def _families(
    statistic: Statistic, axis: TimeAxis, conditions: Conditions, tolerance: Tolerance
) -> Iterator[_Family]:
    """Yield the places, the detectors, and the whole camera."""
    if statistic.is_covariate:
        return
    limit = tolerance(statistic.metric, statistic.unit)
    known = conditions.at(statistic)
    tables = [statistic.nightly]
    groups: list[Sequence[Sequence[int]]] = [[[c] for c in range(len(statistic.places))]]
    if statistic.summaries:
        tables.append(np.stack([s.common for s in statistic.summaries], axis=1))
        groups.append([s.columns for s in statistic.summaries])
    if statistic.overall is not None:
        tables.append(statistic.overall.common[:, None])
        groups.append([range(len(statistic.places))])
    for table, members in zip(tables, groups, strict=True):
        condition = None if known is None else known.means(members)
        yield _Family(
            times=axis.times,
            values=table,
            corrected=without_condition(axis.times, table, condition),
            condition=condition,
            tolerance=limit,
            epochs=[epoch.night for epoch in statistic.epochs],
        )


def _with_trends(
    statistic: Statistic, trends: Iterator[list[SeriesTrend]], conditions: Conditions
) -> Statistic:
    if statistic.is_covariate:
        return replace(statistic, trends=[SeriesTrend()] * len(statistic.places))
    known = conditions.at(statistic)
    own = next(trends)
    detectors = next(trends) if statistic.summaries else []
    overall = statistic.overall and replace(statistic.overall, trend=next(trends)[0])
    pairs = zip(statistic.summaries, detectors, strict=True)
    return replace(
        statistic,
        trends=own,
        summaries=[replace(summary, trend=trend) for summary, trend in pairs],
        overall=overall,
        covariates=[known.name] if known else [],
    )


def _trends(family: _Family) -> list[SeriesTrend]:
    """Return the trend of each series of a family."""
    steps = _steps(family)
    drifts = _drifts(family)
    return [
        _trend(family, column, steps[column], [window[column] for window in drifts])
        for column in range(family.values.shape[1])
    ]


def _steps(family: _Family) -> list[list[LevelStep]]:
    """Return the steps of each series, epoch by epoch.

    Among thousands of series some show a step by chance: over the family, at most `FALSE_STEPS`
    of the steps may be false.
    """
    found: list[_Found] = []
    starts = [0, *family.epochs]
    for start, end in zip(starts, [*family.epochs, len(family.values)], strict=True):
        series = list(family.corrected[start:end].T)
        for column, one in enumerate(find_steps_many(series, tolerance=family.tolerance)):
            found += [
                _Found(column, _level_step(step, start), _chance(step, one.n_points))
                for step in one.changes
            ]
    number = family.values.shape[1]
    p_values = np.ones(max(number, len(found)))
    p_values[: len(found)] = [one.chance for one in found]
    steps: list[list[LevelStep]] = [[] for _ in range(number)]
    for candidate, q_value in zip(found, benjamini_hochberg(p_values), strict=False):
        if q_value <= FALSE_STEPS:
            steps[candidate.column].append(candidate.step)
    return steps


@dataclass(frozen=True, slots=True)
class _Found:
    """A step, and how likely chance shows one as clear anywhere in the series."""

    column: int
    step: LevelStep
    chance: float


def _chance(step: Step, points: int) -> float:
    """Return the probability of such a step by chance: that at one place, times the places."""
    error = (step.ci_high - step.ci_low) / (2 * NORMAL_95)
    if not error > 0:
        return 0.0
    return min(1.0, points * math.erfc(abs(step.change) / error / math.sqrt(2)))


def _level_step(step: Step, start: int) -> LevelStep:
    return LevelStep(
        night=start + step.position,
        before=step.before,
        after=step.after,
        ci_low=_finite(step.ci_low),
        ci_high=_finite(step.ci_high),
        confirmed=step.state == "confirmed",
    )


def _drifts(family: _Family) -> list[list[WindowDrift]]:
    """Return the drift of each series over each window, in the last epoch."""
    start = family.epochs[-1] if family.epochs else 0
    times, values = family.times[start:], family.values[start:]
    condition = None if family.condition is None else family.condition[start:]
    # The steps are the same for all windows, so they are looked for once.
    since = last_step_times(Nights(times=times, values=family.corrected[start:]))
    found = []
    for window in WINDOWS:
        drifts = find_drifts(
            times,
            values,
            covariate=condition,
            tolerance=family.tolerance,
            window_days=window,
            since=since,
        )
        found.append([_window_drift(drift, window) for drift in drifts])
    return found


def _window_drift(drift: Drift, window: float | None) -> WindowDrift:
    return WindowDrift(
        window_days=window,
        nights=drift.n_nights,
        slope_per_30d=_finite(drift.slope_per_30d),
        ci_low=_finite(drift.ci_low),
        ci_high=_finite(drift.ci_high),
        p_value=_finite(drift.p_value),
        q_value=_finite(drift.q_value),
        verdict=Trend(drift.verdict),
    )


def _trend(
    family: _Family, column: int, steps: Sequence[LevelStep], drifts: Sequence[WindowDrift]
) -> SeriesTrend:
    values = family.values[:, column]
    limits = _limits(values, steps, family.epochs)
    last = values[np.isfinite(values)][-1:]
    outside = limits is not None and bool(len(last)) and not limits.low <= last[0] <= limits.high
    return SeriesTrend(drifts=drifts, steps=steps, limits=limits, outside=outside)


def _limits(
    values: np.ndarray, steps: Sequence[LevelStep], epochs: Sequence[int]
) -> ControlLimits | None:
    """Return where the last value was to be expected, from the level before it."""
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return None
    confirmed = [step.night for step in steps if step.confirmed]
    since = max([0, *epochs, *confirmed])
    found = control_limits(values[since : known[-1]])
    if found is None:
        return None
    return ControlLimits(low=found.low, high=found.high, since=since)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
