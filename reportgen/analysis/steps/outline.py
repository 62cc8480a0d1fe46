"""A chosen model of one series, reduced to its steps, in units of the noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.analysis.statistics.packed import FloatArray, IntArray
from reportgen.analysis.steps.jumps import find_jumps
from reportgen.analysis.steps.likelihood import MAX_AUTOCORRELATION
from reportgen.analysis.steps.staircase import Choice
from reportgen.analysis.steps.trends import Trend

LEAST_STEP = 1.0
"""Standard deviations of the residuals; a smaller step is not reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineStep:
    """One step, placed among the measured points."""

    place: int
    before: float
    after: float
    error: float
    """Standard error of ``after - before``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What is left of a model once it is chosen."""

    steps: Sequence[OutlineStep]
    residuals: FloatArray
    smooth: bool
    """A trend describes the series between its steps."""
    sigma: float
    """Standard deviation of the residuals."""
    freedom: int
    """Degrees of freedom of ``sigma``."""
    autocorrelation: float
    exact: bool
    """The levels repeat without noise."""

    @property
    def starts(self) -> list[int]:
        """First point of each segment, beginning with 0."""
        return [0, *(step.place for step in self.steps)]


def outline_levels(values: FloatArray, choice: Choice, tolerance: float) -> Outline:
    """Drop the steps too small to report and measure the rest."""
    starts = choice.starts
    while True:
        means, lengths = _levels(values, starts)
        residuals = values - np.repeat(means, lengths)
        freedom = max(len(values) - len(starts), 1)
        sigma = float(np.sqrt((residuals @ residuals) / freedom))
        if len(starts) == 1:
            break
        changes = np.abs(np.diff(means))
        least = int(changes.argmin())
        if changes[least] >= max(LEAST_STEP * sigma, tolerance):
            break
        starts = np.delete(starts, least + 1)
    autocorrelation = lag_one(residuals)
    inflation = (1 + autocorrelation) / (1 - autocorrelation)
    errors = sigma * np.sqrt(inflation * (1 / lengths[:-1] + 1 / lengths[1:]))
    return Outline(
        steps=[
            OutlineStep(
                place=int(starts[i + 1]),
                before=float(means[i]),
                after=float(means[i + 1]),
                error=float(errors[i]),
            )
            for i in range(len(errors))
        ],
        residuals=residuals,
        smooth=False,
        sigma=sigma,
        freedom=freedom,
        autocorrelation=autocorrelation,
        exact=not np.isfinite(choice.criterion),
    )


def _levels(values: FloatArray, starts: IntArray) -> tuple[FloatArray, IntArray]:
    lengths = np.diff(np.append(starts, len(values)))
    return np.add.reduceat(values, starts) / lengths, lengths


def outline_trend(values: FloatArray, trend: Trend, tolerance: float) -> Outline:
    """Keep the jumps of a trend that are large enough to report."""
    residuals = values - trend.fitted
    freedom = max(len(values) - 2 * len(trend.starts), 1)
    sigma = float(np.sqrt((residuals @ residuals) / freedom))
    jumps = [
        jump
        for jump in find_jumps(values, trend)
        if abs(jump.after - jump.before) >= max(LEAST_STEP * sigma, tolerance)
    ]
    return Outline(
        steps=[
            OutlineStep(place=jump.place, before=jump.before, after=jump.after, error=jump.error)
            for jump in jumps
        ],
        residuals=residuals,
        smooth=True,
        sigma=sigma,
        freedom=freedom,
        autocorrelation=lag_one(residuals),
        exact=False,
    )


def lag_one(residuals: FloatArray) -> float:
    """Give the autocorrelation of neighbouring residuals, within 0 and its limit."""
    energy = float(residuals @ residuals)
    if energy <= 0:
        return 0.0
    ratio = float(residuals[1:] @ residuals[:-1]) / energy
    return min(max(ratio, 0.0), MAX_AUTOCORRELATION)
