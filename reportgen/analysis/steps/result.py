"""What was found in one series, in the words and the unit it came in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from reportgen.analysis.statistics.packed import BoolArray, FloatArray, IntArray
from reportgen.analysis.statistics.student import t_quantile
from reportgen.analysis.steps.outline import Outline

StepState = Literal["new", "confirmed"]
StepVerdict = Literal["steps", "drift", "stable", "too_few"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A lasting change of level."""

    position: int
    """Of the first point at the new level, in the series as given."""
    before: float
    after: float
    ci_low: float
    ci_high: float
    """95 % interval of the change, autocorrelation taken into account."""
    state: StepState
    """``confirmed`` when it stood at this look and the two before, each one point shorter."""

    @property
    def change(self) -> float:
        """The new level minus the old one."""
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of the series between two steps."""

    start: int
    end: int
    """Positions of its first and last measured point, in the series as given."""
    n_points: int
    mean: float
    """Of the measured points that are no spikes."""
    sigma: float
    """Standard deviation about the model; nan for a single point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAnalysis:
    """What happened in one series."""

    verdict: StepVerdict
    """``steps``; ``drift``: a line, broken line or sine says it better and nothing jumps;
    ``stable``: one level; ``too_few``: fewer than six measured points."""
    changes: tuple[Step, ...]
    spikes: tuple[int, ...]
    """Positions of single points far from their neighbours; they belong to no level."""
    segments: tuple[Segment, ...]
    sigma: float
    """Standard deviation of the residuals of the model; nan with too few points."""
    autocorrelation: float
    """Of the residuals from one point to the next, between 0 and 0.6."""
    n_points: int
    """Measured points."""

    @property
    def steps(self) -> tuple[int, ...]:
        """Positions of the first point of each new level, in the series as given."""
        return tuple(step.position for step in self.changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One series, ready to be described."""

    positions: IntArray
    values: FloatArray
    """As measured."""
    spikes: BoolArray
    unit: float
    centre: float

    def described_by(self, outline: Outline, confirmed: Sequence[bool]) -> StepAnalysis:
        """Put the outline of a model into the unit of the series."""
        verdict: StepVerdict = "steps" if outline.steps else "stable"
        if outline.smooth and not outline.steps:
            verdict = "drift"
        segments = self._segments(outline.starts, outline.residuals * self.unit)
        return self._analysis(
            verdict,
            changes=tuple(
                self._step(outline, place, segments, stands=stands)
                for place, stands in enumerate(confirmed)
            ),
            segments=segments,
            sigma=outline.sigma * self.unit,
            autocorrelation=outline.autocorrelation,
        )

    def without_model(self, verdict: StepVerdict) -> StepAnalysis:
        """Describe a series of too few points, or of one value only."""
        centred = self.values - self._mean(0, len(self.values)) if len(self.values) else self.values
        centred = np.where(self.spikes, 0.0, centred)
        return self._analysis(
            verdict,
            changes=(),
            segments=self._segments([0], centred) if len(self.values) else (),
            sigma=float(centred.std()) if verdict == "stable" else math.nan,
            autocorrelation=0.0,
        )

    def _analysis(
        self,
        verdict: StepVerdict,
        *,
        changes: tuple[Step, ...],
        segments: tuple[Segment, ...],
        sigma: float,
        autocorrelation: float,
    ) -> StepAnalysis:
        return StepAnalysis(
            verdict=verdict,
            changes=changes,
            spikes=tuple(self.positions[self.spikes].tolist()),
            segments=segments,
            sigma=sigma,
            autocorrelation=autocorrelation,
            n_points=len(self.values),
        )

    def _step(
        self, outline: Outline, place: int, segments: Sequence[Segment], *, stands: bool
    ) -> Step:
        found = outline.steps[place]
        if outline.smooth:
            before = found.before * self.unit + self.centre
            after = found.after * self.unit + self.centre
        else:
            before, after = segments[place].mean, segments[place + 1].mean
        reach = t_quantile(0.975, outline.freedom) * found.error * self.unit
        return Step(
            position=int(self.positions[found.place]),
            before=before,
            after=after,
            ci_low=after - before - reach,
            ci_high=after - before + reach,
            state="confirmed" if stands else "new",
        )

    def _segments(self, starts: Sequence[int], residuals: FloatArray) -> tuple[Segment, ...]:
        ends = [*starts[1:], len(self.values)]
        return tuple(
            Segment(
                start=int(self.positions[start]),
                end=int(self.positions[end - 1]),
                n_points=end - start,
                mean=self._mean(start, end),
                sigma=_spread(residuals[start:end]),
            )
            for start, end in zip(starts, ends, strict=True)
        )

    def _mean(self, start: int, end: int) -> float:
        values, spikes = self.values[start:end], self.spikes[start:end]
        return float((values if spikes.all() else values[~spikes]).mean())


def _spread(residuals: FloatArray) -> float:
    if len(residuals) < 2:
        return math.nan
    return math.sqrt(float(residuals @ residuals) / (len(residuals) - 1))
