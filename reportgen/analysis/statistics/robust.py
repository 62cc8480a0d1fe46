"""Noise and spikes of a series that may hold steps: robust, and blind to levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportgen.analysis.statistics.packed import (
    BoolArray,
    FloatArray,
    IntArray,
    Packed,
    measured,
    row_medians,
)

SPIKE_SIGMAS = 5.0
"""A point this far from the median of its five neighbours is a spike, not a level."""
MAD_TO_SIGMA = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""
FINEST = 1e-6
"""Smallest noise told apart, relative to the range: below it, sums of squares lose digits."""
ROUNDING = 1e-11
"""Differences below this, relative to the largest value, are rounding of the arithmetic."""
SMALLEST = 1e-150
"""Series that stay below it in size are zero: their squares would be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """Packed series in units of their own noise, spikes replaced."""

    values: FloatArray
    """(value - centre) / unit, shape (series, longest), zero in the padding."""
    counts: IntArray
    spikes: BoolArray
    centre: FloatArray
    unit: FloatArray
    """Robust noise of each series, in the unit of its values."""
    floor: FloatArray
    """Variance below which noise cannot be told from the rounding of the numbers, in units²."""
    constant: BoolArray
    """No two values of the series differ by more than rounding."""

    def take(self, rows: IntArray) -> Cleaned:
        """Keep some of the series."""
        width = int(self.counts[rows].max(initial=0))
        return Cleaned(
            values=self.values[rows, :width],
            counts=self.counts[rows],
            spikes=self.spikes[rows, :width],
            centre=self.centre[rows],
            unit=self.unit[rows],
            floor=self.floor[rows],
            constant=self.constant[rows],
        )


def clean(packed: Packed) -> Cleaned:
    """Centre, replace spikes by their local median, and divide by the noise.

    The noise comes from differences of neighbours (median absolute deviation), which steps
    hardly touch. It only scales and proposes; what is reported is judged by residuals.
    """
    keep = measured(packed.counts, packed.values.shape[1])
    largest = np.abs(packed.values).max(axis=1, initial=0.0)
    scale = np.where(largest > SMALLEST, largest, 1.0)
    relative = packed.values / scale[:, None]
    centre = row_medians(relative, keep)
    values = np.where(keep, relative - centre[:, None], 0.0)
    local = median_of_five(values, packed.counts)
    noise = _noise(values, local, keep)
    spikes = keep & (np.abs(values - local) > SPIKE_SIGMAS * noise[:, None] + ROUNDING)
    values = np.where(spikes, local, values)
    extent = np.ptp(values, axis=1) if values.shape[1] else np.zeros(len(values))
    constant = extent <= ROUNDING
    quantum = resolution(values, keep)
    unit = np.maximum(np.maximum(noise, quantum / np.sqrt(12)), np.maximum(FINEST * extent, 1e-12))
    return Cleaned(
        values=np.where(keep, values / unit[:, None], 0.0),
        counts=packed.counts,
        spikes=spikes,
        centre=centre * scale,
        unit=unit * scale,
        floor=(np.maximum(quantum, 1e-12) / unit) ** 2 / 12,
        constant=constant,
    )


def median_of_five(values: FloatArray, counts: IntArray) -> FloatArray:
    """Take the running median of five points, mirrored at the ends."""
    width = values.shape[1]
    if width == 0:
        return values.copy()
    last = np.maximum(counts - 1, 0)[:, None]
    index = np.abs(np.arange(width) + np.arange(-2, 3)[:, None])[:, None]
    index = np.where(index > last, 2 * last - index, index)
    index = np.minimum(np.maximum(index, 0), last)
    return _median_of_planes(values[np.arange(len(values))[:, None], index])


def _median_of_planes(planes: FloatArray) -> FloatArray:
    """Take the median of five planes by a sorting network, much faster than sorting."""
    a, b, c, d, e = planes
    a, b = np.minimum(a, b), np.maximum(a, b)
    d, e = np.minimum(d, e), np.maximum(d, e)
    # The smallest of four and the largest of four are not the median of five.
    low = np.maximum(a, d)
    high = np.minimum(b, e)
    low, high = np.minimum(low, high), np.maximum(low, high)
    return np.asarray(np.maximum(low, np.minimum(high, c)))


def _noise(values: FloatArray, local: FloatArray, keep: BoolArray) -> FloatArray:
    """Estimate the noise from neighbours; from what strays at all where most are equal."""
    steps = np.abs(np.diff(values, axis=1))
    noise = MAD_TO_SIGMA / np.sqrt(2) * row_medians(steps, keep[:, 1:])
    flat = noise <= ROUNDING
    if flat.any():
        noise[flat] = _stray(np.abs(values - local)[flat], keep[flat])
    return np.asarray(noise)


def _stray(distance: FloatArray, keep: BoolArray) -> FloatArray:
    """Give the root mean square of distances without the largest twentieth of each row."""
    width = distance.shape[1]
    counts = keep.sum(axis=1)
    last = width - np.maximum(counts // 20, 1)
    ordered = np.sort(np.where(keep, distance, 0.0), axis=1)
    trimmed = np.where(np.arange(width) < last[:, None], ordered, 0.0)
    return np.asarray(np.sqrt((trimmed**2).sum(axis=1) / np.maximum(counts, 1)))


def resolution(values: FloatArray, keep: BoolArray) -> FloatArray:
    """Give the smallest difference between distinct values of each row, 0 where all are equal."""
    if values.shape[1] < 2:
        return np.zeros(len(values))
    ordered = np.sort(np.where(keep, values, np.inf), axis=1)
    with np.errstate(invalid="ignore"):
        gaps = np.diff(ordered, axis=1)
    gaps = np.where(np.isfinite(gaps) & (gaps > ROUNDING), gaps, np.inf)
    smallest = gaps.min(axis=1)
    return np.where(np.isfinite(smallest), smallest, 0.0)
