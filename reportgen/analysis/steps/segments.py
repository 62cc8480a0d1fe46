"""Least squares in the segments of many models at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportgen.analysis.statistics.packed import BoolArray, FloatArray, IntArray, measured


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentMoments:
    """Position and projection of every point within its segment, flat over all rows."""

    segment: IntArray
    """Number of the segment of each point, running over all rows."""
    length: FloatArray
    """Measured points of each segment."""
    mean: FloatArray
    centre: FloatArray
    """Mean position of each segment."""
    keep: BoolArray
    """Measured points, flat."""


def moments(values: FloatArray, counts: IntArray, starts: BoolArray) -> SegmentMoments:
    """Average the segments that ``starts`` flags; every row must start with one."""
    keep = measured(counts, values.shape[1])
    segment = starts.ravel().cumsum() - 1
    weight = keep.ravel().astype(np.float64)
    number = int(segment[-1]) + 1
    length = np.bincount(segment, weight, minlength=number).astype(np.float64)
    place = np.broadcast_to(np.arange(values.shape[1]), values.shape).ravel()
    return SegmentMoments(
        segment=segment,
        length=length,
        mean=np.bincount(segment, values.ravel() * weight, minlength=number) / length,
        centre=np.bincount(segment, place * weight, minlength=number) / length,
        keep=keep.ravel(),
    )


def level_residuals(values: FloatArray, counts: IntArray, starts: BoolArray) -> FloatArray:
    """Subtract the mean of each segment; zero in the padding."""
    return beside_levels(values, moments(values, counts, starts))


def beside_levels(values: FloatArray, found: SegmentMoments) -> FloatArray:
    """Do the same with segments whose moments are known."""
    flat = np.where(found.keep, values.ravel() - found.mean[found.segment], 0.0)
    return flat.reshape(values.shape)


def line_residuals(values: FloatArray, counts: IntArray, starts: BoolArray) -> FloatArray:
    """Subtract the line of best fit of each segment; zero in the padding."""
    found = moments(values, counts, starts)
    offset = _offsets(found, values.shape)
    slope = _slopes(values, found, offset)
    fitted = found.mean[found.segment] + slope[found.segment] * offset
    return np.where(found.keep, values.ravel() - fitted, 0.0).reshape(values.shape)


def curvature_gain(values: FloatArray, found: SegmentMoments) -> FloatArray:
    """Give, per row, the squares that a parabola in each segment explains beyond its mean.

    Positions are evenly spaced, so the powers of a segment of length L have the norms
    L(L² - 1)/12 and L(L² - 1)(L² - 4)/180.
    """
    offset = _offsets(found, values.shape)
    length = found.length
    second = offset**2 - ((length**2 - 1) / 12)[found.segment]
    weighted = np.where(found.keep, values.ravel(), 0.0)
    linear = np.bincount(found.segment, weighted * offset, minlength=len(length))
    square = np.bincount(found.segment, weighted * second, minlength=len(length))
    norm = length * (length**2 - 1) / 12
    gain = linear**2 / np.maximum(norm, 0.5)
    norm2 = norm * (length**2 - 4) / 15
    gain += np.where(length > 2, square**2 / np.maximum(norm2, 0.5), 0.0)
    row = found.segment.reshape(values.shape)[:, 0]
    return np.add.reduceat(gain, row)


def step_sharpness(values: FloatArray, found: SegmentMoments) -> FloatArray:
    """Give, per row, the squares that the least sharp step saves over one line through both sides.

    Each step is looked at with the two levels beside it. A step of a staircase that imitates a
    ramp saves nothing, or less. Infinite for a row without steps.
    """
    number = len(found.length)
    place = np.broadcast_to(np.arange(values.shape[1], dtype=np.float64), values.shape).ravel()
    # Times are taken from the middle of the row to keep the digits of their squares.
    place = np.where(found.keep, place - values.shape[1] / 2, 0.0)
    flat = np.where(found.keep, values.ravel(), 0.0)
    sums = [found.length] + [
        np.bincount(found.segment, column, minlength=number)
        for column in (flat, place, place * place, place * flat)
    ]
    count, value, time, time2, product = (one[:-1] + one[1:] for one in sums)
    spread = time2 - time**2 / count
    line = (product - time * value / count) ** 2 / np.where(spread > 0, spread, 1.0)
    levels = sums[1][:-1] ** 2 / sums[0][:-1] + sums[1][1:] ** 2 / sums[0][1:] - value**2 / count
    first = found.segment.reshape(values.shape)[:, 0]
    saved = np.append(levels - line, np.inf)
    saved[first[1:] - 1] = np.inf
    return np.minimum.reduceat(saved, first)


def _offsets(found: SegmentMoments, shape: tuple[int, ...]) -> FloatArray:
    place = np.broadcast_to(np.arange(shape[1]), shape).ravel()
    return np.where(found.keep, place - found.centre[found.segment], 0.0)


def _slopes(values: FloatArray, found: SegmentMoments, offset: FloatArray) -> FloatArray:
    number = len(found.length)
    product = np.bincount(found.segment, values.ravel() * offset, minlength=number)
    spread = np.bincount(found.segment, offset * offset, minlength=number)
    return product / np.where(spread > 0, spread, 1.0)
