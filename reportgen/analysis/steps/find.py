"""Steps: lasting changes of level in the history of a metric."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from reportgen.analysis.statistics.packed import (
    FloatArray,
    IntArray,
    Packed,
    pack,
    to_floats,
)
from reportgen.analysis.statistics.robust import Cleaned, clean
from reportgen.analysis.steps import criterion
from reportgen.analysis.steps.outline import Outline, outline_levels, outline_trend
from reportgen.analysis.steps.result import History, StepAnalysis
from reportgen.analysis.steps.staircase import choose_levels
from reportgen.analysis.steps.standing import confirmed_steps
from reportgen.analysis.steps.trends import find_trends

MIN_POINTS = 6
"""Fewer measured points have no verdict."""
FEWEST_POINTS = 4
"""Below it there is no noise to estimate, whatever ``min_points`` says."""
BATCH = 1_500_000
"""Series are analysed together as long as series x points² stays below this."""


def find_steps(
    values: Sequence[Any] | npt.ArrayLike,
    *,
    tolerance: float | None = None,
    min_points: int = MIN_POINTS,
) -> StepAnalysis:
    """Find the steps in one series, in order of time.

    Parameters
    ----------
    values
        Missing points are nan, None or infinite; they are skipped but keep their position.
    tolerance
        Smallest change worth reporting, in the unit of the values.
    min_points
        Measured points below which there is no verdict.
    """
    return find_steps_many([values], tolerance=tolerance, min_points=min_points)[0]


def find_steps_many(
    series: Sequence[Sequence[Any] | npt.ArrayLike],
    *,
    tolerance: float | Sequence[float | None] | None = None,
    min_points: int = MIN_POINTS,
    alone: float = criterion.ALONE,
) -> list[StepAnalysis]:
    """Find the steps in many series, about five times as fast as one by one.

    ``tolerance`` is one for all or one for each. ``alone`` says how much better than a single
    step a trend must be (see `reportgen.analysis.steps.criterion`).
    """
    floats = [to_floats(values) for values in series]
    limits = _tolerances(tolerance, len(floats))
    found: list[StepAnalysis | None] = [None] * len(floats)
    lengths = np.array([int(np.isfinite(values).sum()) for values in floats], dtype=np.int64)
    for rows in _batches(lengths):
        packed = pack([floats[row] for row in rows])
        batch = _analyse(packed, limits[rows], max(min_points, FEWEST_POINTS), alone)
        for row, analysis in zip(rows, batch, strict=True):
            found[row] = analysis
    return [analysis for analysis in found if analysis is not None]


def _tolerances(given: float | Sequence[float | None] | None, number: int) -> FloatArray:
    """Give one tolerance per series; 0 where there is none."""
    each = [given] * number if given is None or isinstance(given, (int, float)) else given
    # Nothing is smaller than nothing, and a nan compares with nothing.
    return np.array([0.0 if one is None else max(0.0, float(one)) for one in each])


def _batches(lengths: IntArray) -> Iterator[IntArray]:
    """Group series of similar length, so that little is padded and all fits the cache."""
    order = np.argsort(lengths, kind="stable")
    start = 0
    while start < len(order):
        stop = start + 1
        while stop < len(order) and (stop + 1 - start) * lengths[order[stop]] ** 2 <= BATCH:
            stop += 1
        yield order[start:stop]
        start = stop


def _analyse(
    packed: Packed, tolerance: FloatArray, min_points: int, alone: float
) -> Iterator[StepAnalysis]:
    cleaned = clean(packed)
    rows = np.flatnonzero((packed.counts >= min_points) & ~cleaned.constant)
    outlines: list[Outline | None] = [None] * len(packed.counts)
    confirmed: list[list[bool]] = [[]] * len(packed.counts)
    if len(rows):
        kept = cleaned.take(rows)
        with np.errstate(over="ignore"):
            found = _outlines(kept, tolerance[rows] / kept.unit, alone)
        stood = confirmed_steps(kept, found)
        for place, row in enumerate(rows.tolist()):
            outlines[row], confirmed[row] = found[place], stood[place]
    for row, count in enumerate(packed.counts.tolist()):
        history = History(
            positions=packed.positions[row],
            values=packed.values[row, :count],
            spikes=cleaned.spikes[row, :count],
            unit=float(cleaned.unit[row]),
            centre=float(cleaned.centre[row]),
        )
        outline = outlines[row]
        if outline is None:
            yield history.without_model("stable" if count >= min_points else "too_few")
        else:
            yield history.described_by(outline, confirmed[row])


def _outlines(cleaned: Cleaned, tolerance: FloatArray, alone: float) -> list[Outline]:
    """Describe each series by levels or by a trend, in units of its noise."""
    levels = choose_levels(cleaned)
    trends = find_trends(cleaned, levels, alone=alone)
    outlines = []
    for row, (count, choice) in enumerate(zip(cleaned.counts.tolist(), levels, strict=True)):
        values = cleaned.values[row, :count]
        if row in trends:
            outlines.append(outline_trend(values, trends[row], tolerance[row]))
        else:
            outlines.append(outline_levels(values, choice, tolerance[row]))
    return outlines
