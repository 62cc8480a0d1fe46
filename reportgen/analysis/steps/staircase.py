"""The best description of a series by levels alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.analysis.statistics.packed import BoolArray, FloatArray, IntArray
from reportgen.analysis.statistics.robust import Cleaned
from reportgen.analysis.steps.criterion import PROPOSAL_PER_LOG, complexity
from reportgen.analysis.steps.likelihood import deviance
from reportgen.analysis.steps.optimal_partition import partition
from reportgen.analysis.steps.segments import level_residuals

MIN_LENGTH = 2
"""Points of the shortest level; a single stray point is a spike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The chosen model of one series."""

    starts: IntArray
    """First point of each segment, beginning with 0."""
    criterion: float
    """Deviance plus price; comparable between models of the same series.
    Minus infinity for levels that repeat exactly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """Segmentations of several series, one row each."""

    series: IntArray
    """Row of the series that each model describes."""
    starts: BoolArray
    """Flags of the first point of each segment, shape (models, points)."""
    lists: Sequence[IntArray]
    """The same as positions."""


def stack(per_series: Sequence[Sequence[IntArray]], width: int) -> Models:
    """Lay the candidate segmentations of all series under each other."""
    lists = [starts for candidates in per_series for starts in candidates]
    series = np.repeat(np.arange(len(per_series)), [len(one) for one in per_series])
    flags = np.zeros((len(lists), width), dtype=np.bool_)
    row = np.repeat(np.arange(len(lists)), [len(one) for one in lists])
    flags[row, np.concatenate(lists) if lists else []] = True
    return Models(series=series, starts=flags, lists=lists)


def choose_levels(cleaned: Cleaned) -> list[Choice]:
    """Choose, for every series, the number and places of its levels.

    A partition with a low penalty proposes more steps than there are. They are taken away one
    by one, the least first, the neighbours finding their best place again; of these nested
    models the one with the best criterion stays.
    """
    penalty = PROPOSAL_PER_LOG * np.log(np.maximum(cleaned.counts, 2))
    flags = partition(cleaned.values, cleaned.counts, penalty, min_length=MIN_LENGTH)
    candidates = [
        nested(cleaned.values[row, :count], np.flatnonzero(flags[row, :count]))
        for row, count in enumerate(cleaned.counts)
    ]
    models = stack(candidates, cleaned.values.shape[1])
    values = cleaned.values[models.series]
    counts = cleaned.counts[models.series]
    residuals = level_residuals(values, counts, models.starts)
    steps = models.starts.sum(axis=1) - 1
    found = deviance(residuals, counts, cleaned.floor[models.series])
    criterion = found + complexity(counts, steps, steps.astype(np.float64))
    chosen = [
        Choice(starts=models.lists[best], criterion=float(criterion[best]))
        for best in best_of_each(criterion, models.series, len(candidates))
    ]
    return [
        exact_levels(cleaned.values[row, :count], cleaned.floor[row]) or chosen[row]
        for row, count in enumerate(cleaned.counts)
    ]


def exact_levels(values: FloatArray, floor: float) -> Choice | None:
    """Read the levels off a series that repeats each value exactly, such as a reprocessing.

    There is no noise to judge a step by, and nothing to judge: a value that holds is a level.
    """
    equal = np.sqrt(12 * floor) / 2
    changed = np.abs(values[1:] - values[:-1]) > equal
    if not 1 <= np.count_nonzero(changed) <= max(2, len(values) // 5 - 1):
        return None
    starts = np.append(0, np.flatnonzero(changed) + 1)
    held = np.diff(starts, append=len(values))
    if held[0] < 2 or held[-1] < 2 or (held[1:-1] < 3).any():
        return None
    return Choice(starts=starts, criterion=-np.inf)


def best_of_each(criterion: FloatArray, series: IntArray, number: int) -> IntArray:
    """Give the model of least criterion of each of ``number`` series."""
    order = np.lexsort((criterion, series))
    first = np.searchsorted(series[order], np.arange(number))
    return np.asarray(order[first])


def nested(values: FloatArray, starts: IntArray) -> list[IntArray]:
    """Take steps away one by one, the least significant first, down to a single level."""
    models = [starts]
    if len(starts) == 1:
        return models
    total = [0.0, *np.cumsum(values).tolist()]
    between = _BestPlaces(np.array(total))
    places = [*starts.tolist(), len(values)]
    while len(places) > 2:
        del places[_least_step(total, places)]
        _settle(between, places)
        models.append(np.array(places[:-1]))
    return models


def _least_step(total: list[float], places: list[int]) -> int:
    """Find the step whose removal costs the least squares."""
    losses = []
    for place in range(1, len(places) - 1):
        low, here, high = places[place - 1 : place + 2]
        before, after = here - low, high - here
        change = (total[high] - total[here]) / after - (total[here] - total[low]) / before
        losses.append(before * after / (before + after) * change * change)
    return losses.index(min(losses)) + 1


def _settle(between: _BestPlaces, places: list[int]) -> None:
    """Move each step to its best place between its neighbours, until none moves."""
    for _ in range(3):
        moved = False
        for place in range(1, len(places) - 1):
            best = between.find(places[place - 1], places[place + 1])
            if best not in (None, places[place]):
                places[place] = best
                moved = True
        if not moved:
            return


class _BestPlaces:
    """Where a step between two others explains most; most pairs are asked for again and again."""

    def __init__(self, running: FloatArray) -> None:
        self._running = running
        self._places = np.arange(len(running))
        self._known: dict[tuple[int, int], int | None] = {}

    def find(self, low: int, high: int) -> int | None:
        """Return the best place, None where there is no room."""
        if (low, high) not in self._known:
            self._known[low, high] = self._look(low, high)
        return self._known[low, high]

    def _look(self, low: int, high: int) -> int | None:
        first, end = low + MIN_LENGTH, high - MIN_LENGTH + 1
        if first >= end:
            return None
        here, running = self._places[first:end], self._running
        left = running[first:end] - running[low]
        right = running[high] - running[first:end]
        return first + int((left * left / (here - low) + right * right / (high - here)).argmax())
