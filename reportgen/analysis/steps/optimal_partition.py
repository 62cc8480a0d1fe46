"""Optimal partitioning of many series at once into levels or lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportgen.analysis.statistics.packed import BoolArray, FloatArray, IntArray

BLOCK = 400_000
"""Costs computed at a time: 3 MB an array, which stays in the cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sums:
    """Running sums, shape (points + 1, series) or (points + 1, 1)."""

    one: FloatArray
    value: FloatArray
    time: FloatArray
    time2: FloatArray
    time_value: FloatArray


def partition(
    values: FloatArray,
    counts: IntArray,
    penalty: FloatArray,
    *,
    min_length: int,
    lines: bool = False,
) -> BoolArray:
    """Split every row so that squared residuals plus ``penalty`` per segment are least.

    Parameters
    ----------
    values
        Shape (series, longest), padded at the end.
    penalty
        Cost of one more segment, per series, in units of ``values`` squared.
    min_length
        Points of the shortest segment.
    lines
        Fit a sloping line to each segment instead of a level.

    Returns
    -------
    Flags of the same shape, true at the first point of every segment.

    Notes
    -----
    Jackson et al. 2005 (optimal partitioning), without the pruning of Killick et al. 2012: at
    these lengths a whole row of candidates costs numpy less than pruning it. All series of a
    batch advance together; a shorter one reads its result off on the way.
    """
    series, width = values.shape
    sums = _running_sums(values, lines=lines)
    best = np.full((width + 1, series), np.inf)
    best[0] = 0.0
    came_from = np.zeros((width + 1, series), dtype=np.int64)
    block = max(1, BLOCK // max(1, (width + 1) * series))
    for first in range(min_length, width + 1, block):
        ends = np.arange(first, min(first + block, width + 1))
        explained = _explained(sums, ends, lines=lines)
        if series == 1:
            alone = (best[:, 0], came_from[:, 0], explained[:, :, 0])
            _advance_one(*alone, penalty=penalty[0], ends=ends, min_length=min_length)
        else:
            _advance(best, came_from, explained, penalty=penalty, ends=ends, min_length=min_length)
    return _trace(came_from, counts, width)


def _advance(
    best: FloatArray,
    came_from: IntArray,
    explained: FloatArray,
    *,
    penalty: FloatArray,
    ends: IntArray,
    min_length: int,
) -> None:
    """Choose where the last segment before each end begins, from the best that came before."""
    rows = np.arange(best.shape[1])
    for place, end in enumerate(ends.tolist()):
        starts = end - min_length + 1
        total = best[:starts] - explained[place, :starts]
        choice = total.argmin(axis=0)
        came_from[end] = choice
        best[end] = total[choice, rows] + penalty


def _advance_one(
    best: FloatArray,
    came_from: IntArray,
    explained: FloatArray,
    *,
    penalty: float,
    ends: IntArray,
    min_length: int,
) -> None:
    """Do the same for a single series, whose choice is a plain number: a third of the time."""
    for place, end in enumerate(ends.tolist()):
        starts = end - min_length + 1
        total = best[:starts] - explained[place, :starts]
        choice = total.argmin()
        came_from[end] = choice
        best[end] = total[choice] + penalty


def _running_sums(values: FloatArray, *, lines: bool) -> _Sums:
    width = values.shape[1]
    # Times are centred to keep the digits of their squares.
    time = (np.arange(width) - (width - 1) / 2)[:, None]
    columns = values.T
    empty = np.zeros((1, 1))
    return _Sums(
        one=np.arange(width + 1, dtype=np.float64)[:, None],
        value=_cumulate(columns),
        time=_cumulate(time) if lines else empty,
        time2=_cumulate(time * time) if lines else empty,
        time_value=_cumulate(time * columns) if lines else empty,
    )


def _cumulate(columns: FloatArray) -> FloatArray:
    total = np.zeros((len(columns) + 1, columns.shape[1]))
    np.cumsum(columns, axis=0, out=total[1:])
    return total


def _explained(sums: _Sums, ends: IntArray, *, lines: bool) -> FloatArray:
    """Give the squares that a fit explains, for each (end, start, series)."""
    last = int(ends[-1])
    number = sums.one[ends][:, None] - sums.one[:last]
    number = np.maximum(number, 1.0)
    value = sums.value[ends][:, None] - sums.value[:last]
    if not lines:
        value *= value
        value /= number
        return value
    time = sums.time[ends][:, None] - sums.time[:last]
    spread = sums.time2[ends][:, None] - sums.time2[:last] - time * time / number
    product = sums.time_value[ends][:, None] - sums.time_value[:last]
    product -= time / number * value
    product *= product
    product /= np.maximum(spread, 0.5)  # two points have 0.5, one has none to explain
    value *= value
    value /= number
    product += value
    return product


def _trace(came_from: IntArray, counts: IntArray, width: int) -> BoolArray:
    """Follow the best predecessors back from each series' own end."""
    flags = np.zeros((came_from.shape[1], width), dtype=np.bool_)
    rows = np.flatnonzero(counts > 0)
    ends = counts[rows]
    while len(rows):
        ends = came_from[ends, rows]
        flags[rows, ends] = True
        rows, ends = rows[ends > 0], ends[ends > 0]
    return flags
