"""How much a series usually changes: the basis of a verdict where there is one value per run."""

from __future__ import annotations

import itertools
import math
import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from reportgen.model.comparison import Baseline
from reportgen.model.report import DatasetHistory, Epoch, MetricReport
from reportgen.model.runs import Run

MIN_CHANGES = 6
"""With fewer past changes nothing is said; with six, 4 % of white noise lies beyond the threshold,
with ten 2 %, with thirty 0.3 %."""

WINDOW = 30
"""Past changes that count; older ones say little about today's pipeline."""

SPREADS = 3
"""Interquartile ranges above the upper quartile, beyond which a change is unusual."""


class SeriesId(NamedTuple):
    """Which series, within all datasets."""

    dataset: str
    metric: str
    band: str | None
    producer: str | None


@dataclass(frozen=True, kw_only=True)
class Past:
    """One series on the axis of its dataset."""

    values: Sequence[float]
    unit: str | None
    epochs: Sequence[Epoch]

    @cached_property
    def finite(self) -> Sequence[int]:
        """Where there is a value, in order."""
        return [at for at, value in enumerate(self.values) if math.isfinite(value)]


class Histories:
    """Series of all metrics, and the order of the runs they are over."""

    def __init__(self, reports: Iterable[MetricReport]) -> None:
        self._past: dict[SeriesId, Past] = {}
        self._axes: dict[str, Mapping[str, int]] = {}
        self._releases: dict[str, Sequence[str]] = {}
        self._found: dict[tuple[SeriesId, int], Baseline] = {}
        for report in reports:
            for history in report.histories:
                self._add(report.metric.name, history)

    def _add(self, metric: str, history: DatasetHistory) -> None:
        if history.dataset not in self._axes:
            self._axes[history.dataset] = {run.id: at for at, run in enumerate(history.runs)}
            self._releases[history.dataset] = [run.release for run in history.runs]
        for series in history.joined:
            key = SeriesId(history.dataset, metric, series.band, series.producer)
            self._past[key] = Past(values=series.values, unit=history.unit, epochs=series.epochs)

    def earlier(self, first: Run, second: Run) -> Run:
        """Return the run that comes first in its dataset; of two datasets, the first given."""
        if first.dataset != second.dataset:
            return first
        axis = self._axes.get(first.dataset, {})
        return second if axis.get(second.id, 0) < axis.get(first.id, 0) else first

    def position(self, run: Run) -> int:
        """Return the place of a run in its dataset; 0 where no metric has a history."""
        return self._axes.get(run.dataset, {}).get(run.id, 0)

    def epoch(self, series: SeriesId, run: Run) -> Epoch | None:
        """Return the epoch that a run of a series belongs to; None: the first."""
        past = self._past.get(series)
        at = self._axes.get(series.dataset, {}).get(run.id)
        if past is None or at is None:
            return None
        return next((epoch for epoch in reversed(past.epochs) if epoch.position <= at), None)

    def baseline(self, series: SeriesId, run: Run) -> Baseline:
        """Return what the series' past up to a run says; without any past, an empty baseline."""
        past = self._past.get(series)
        at = self._axes.get(series.dataset, {}).get(run.id)
        if past is None or at is None:
            return Baseline()
        # Every comparison with a run asks for the same ones.
        if (series, at) not in self._found:
            releases = self._releases[series.dataset]
            self._found[series, at] = find_baseline(past, at, releases)
        return self._found[series, at]


def find_baseline(past: Past, at: int, releases: Sequence[str]) -> Baseline:
    """Return the changes between consecutive values within the epoch, up to a position."""
    begun = [epoch for epoch in past.epochs if epoch.position <= at]
    start = begun[-1].position if begun else 0
    begin, end = bisect_left(past.finite, start), bisect_right(past.finite, at)
    used = past.finite[max(begin, end - WINDOW - 1) : end]
    values = [past.values[i] for i in used]
    changes = [abs(second - first) for first, second in itertools.pairwise(values)]
    return Baseline(
        changes=changes,
        values=values,
        releases=[releases[i] for i in used],
        unit=past.unit,
        noise=statistics.median(changes) if changes else None,
        threshold=unusual(changes),
        epoch=len(begun),
        epoch_reason=begun[-1].reason if begun else "",
    )


def unusual(changes: Sequence[float]) -> float | None:
    """Return the size beyond which a change is unusual: Q3 + 3 IQR of past sizes, else None.

    The rule of rustc-perf's comparison page; quartiles by linear interpolation.
    """
    if len(changes) < MIN_CHANGES:
        return None
    low, high = _quartiles(sorted(changes))
    return high + SPREADS * (high - low)


def _quartiles(ordered: Sequence[float]) -> tuple[float, float]:
    """Return the outer ones of `statistics.quantiles` (inclusive), which asks more of its input."""
    found = []
    for part in (1, 3):
        at, rest = divmod(part * (len(ordered) - 1), 4)
        # The upper neighbour of the last one is never weighted.
        above = ordered[min(at + 1, len(ordered) - 1)]
        found.append((ordered[at] * (4 - rest) + above * rest) / 4)
    return found[0], found[1]
