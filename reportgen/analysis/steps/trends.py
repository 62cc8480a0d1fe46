"""Smooth descriptions of a series: what a staircase would only imitate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.analysis.statistics.packed import BoolArray, FloatArray, IntArray
from reportgen.analysis.statistics.robust import Cleaned
from reportgen.analysis.steps import criterion
from reportgen.analysis.steps.likelihood import deviance
from reportgen.analysis.steps.optimal_partition import partition
from reportgen.analysis.steps.segments import (
    beside_levels,
    curvature_gain,
    line_residuals,
    moments,
    step_sharpness,
)
from reportgen.analysis.steps.smooth_fits import (
    draw_lines,
    fit_continuous,
    fit_lines,
    fit_sine,
    nested_lines,
)
from reportgen.analysis.steps.staircase import Choice, best_of_each, stack

MIN_LENGTH = 4
"""Points of the shortest line."""
MOST_KINKS = 10
"""Of a line that bends without jumping; beyond, it would follow anything."""
SHARP = 15.0
"""A step that saves more variances than this over a line through both its sides is one."""
BENT = 1.2
"""Squares that a parabola explains within levels, over what noise gives, from which on levels
are not level."""
ALIKE = 0.5
"""Autocorrelation of residuals from which on they may hold a wave. These three only save a search
that would find nothing."""
ONLY_START = np.array([0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A smooth model that describes a series better than levels do."""

    starts: IntArray
    """First point of each stretch between places where the line bends or jumps."""
    fitted: FloatArray
    jumps: bool
    """The line may jump at ``starts[1:]``; otherwise it only bends there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Suspects:
    rows: IntArray
    waves: BoolArray
    """Whether a sine is worth trying."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proposal:
    row: int
    trend: Trend
    breaks: int
    cost: float
    """In steps."""


def find_trends(cleaned: Cleaned, levels: Sequence[Choice], *, alone: float) -> dict[int, Trend]:
    """Give the trend of each series that one describes better than its chosen levels.

    A series without steps needs a line that would be worth a step or, where its points resemble
    their neighbours, any bent line or sine; one with steps needs any of these. ``alone``: see
    `criterion.ALONE`.
    """
    return _slow_lines(cleaned, levels) | _instead_of_levels(cleaned, levels, alone)


def _slow_lines(cleaned: Cleaned, levels: Sequence[Choice]) -> dict[int, Trend]:
    rows = np.array([row for row, one in enumerate(levels) if len(one.starts) == 1], dtype=int)
    if not len(rows):
        return {}
    flat = cleaned.take(rows)
    whole = stack([[ONLY_START]] * len(rows), flat.values.shape[1])
    residuals = line_residuals(flat.values, flat.counts, whole.starts)
    price = criterion.complexity(flat.counts, np.zeros_like(rows), np.ones(len(rows)))
    value = deviance(residuals, flat.counts, flat.floor) + price
    better = value < [levels[row].criterion for row in rows]
    fitted = flat.values - residuals
    return {
        int(rows[i]): Trend(starts=ONLY_START, fitted=fitted[i, : flat.counts[i]], jumps=False)
        for i in np.flatnonzero(better)
    }


def _instead_of_levels(
    cleaned: Cleaned, levels: Sequence[Choice], alone: float
) -> dict[int, Trend]:
    suspects = _suspicious(cleaned, levels)
    rows = suspects.rows
    if not len(rows):
        return {}
    bent = cleaned.take(rows)
    proposals = list(_propose(bent, suspects.waves))
    value = _judge(bent, proposals)
    series = np.array([one.row for one in proposals])
    trends = {}
    for row, best in zip(rows.tolist(), best_of_each(value, series, len(rows)), strict=True):
        single = len(levels[row].starts) == 2
        margin = alone * np.log(cleaned.counts[row]) if single else 0.0
        if value[best] + margin < levels[row].criterion:
            trends[row] = proposals[best].trend
    return trends


def _suspicious(cleaned: Cleaned, levels: Sequence[Choice]) -> _Suspects:
    """Find the series with steps that are not sharp, or whose levels are not level.

    Of those without steps, the ones whose points resemble their neighbours.
    """
    rows = np.arange(len(levels))
    stepped = cleaned.take(rows)
    models = stack([[levels[row].starts] for row in rows.tolist()], stepped.values.shape[1])
    levelled = moments(stepped.values, stepped.counts, models.starts)
    gain = curvature_gain(stepped.values, levelled)
    residuals = beside_levels(stepped.values, levelled)
    squares = (residuals**2).sum(axis=1)
    segments = models.starts.sum(axis=1)
    left = np.maximum(stepped.counts - 3 * segments, 1)
    noise = np.maximum((squares - gain) / left, stepped.floor)
    sharpness = step_sharpness(stepped.values, levelled)
    alike = (residuals[:, 1:] * residuals[:, :-1]).sum(axis=1) > ALIKE * squares
    bent = (gain > BENT * 2 * segments * noise) | alike
    blunt = sharpness < SHARP * squares / stepped.counts
    suspects = np.where(segments > 1, bent | blunt, alike)
    return _Suspects(rows=rows[suspects], waves=(bent | (segments > 3))[suspects])


def _propose(bent: Cleaned, waves: BoolArray) -> Iterator[_Proposal]:
    """Yield lines that jump, lines that bend, and a sine, for each series."""
    penalty = 4 / 3 * criterion.PROPOSAL_PER_LOG * np.log(bent.counts)
    flags = partition(bent.values, bent.counts, penalty, min_length=MIN_LENGTH, lines=True)
    for row, count in enumerate(bent.counts.tolist()):
        values = bent.values[row, :count]
        for starts in nested_lines(values, np.flatnonzero(flags[row, :count])):
            breaks = len(starts) - 1
            fitted = draw_lines(fit_lines(values, starts), starts, count)
            yield _Proposal(
                row=row,
                trend=Trend(starts=starts, fitted=fitted, jumps=breaks > 0),
                breaks=breaks,
                cost=criterion.LINE + criterion.BREAK * breaks,
            )
            if 0 < breaks <= MOST_KINKS:
                bends = Trend(starts=starts, fitted=fit_continuous(values, starts), jumps=False)
                cost = criterion.LINE + criterion.KINK * breaks
                yield _Proposal(row=row, trend=bends, breaks=breaks, cost=cost)
        for sloping in (False, True) if waves[row] else ():
            wave = fit_sine(values, sloping=sloping)
            if wave is not None:
                sine = Trend(starts=ONLY_START, fitted=wave, jumps=False)
                cost = criterion.SINE + criterion.LINE * sloping
                yield _Proposal(row=row, trend=sine, breaks=1, cost=cost)


def _judge(bent: Cleaned, proposals: Sequence[_Proposal]) -> FloatArray:
    """Give the criterion of each proposal."""
    series = np.array([one.row for one in proposals])
    counts = bent.counts[series]
    residuals = bent.values[series]
    for place, one in enumerate(proposals):
        residuals[place, : len(one.trend.fitted)] -= one.trend.fitted
    breaks = np.array([one.breaks for one in proposals])
    cost = np.array([one.cost for one in proposals])
    found = deviance(residuals, counts, bent.floor[series])
    return np.asarray(found + criterion.complexity(counts, breaks, cost))
