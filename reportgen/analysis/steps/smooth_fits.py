"""Broken lines and sines through one series."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from reportgen.analysis.statistics.packed import FloatArray, IntArray

HIGHEST_FREQUENCY = 0.2
"""Cycles per point: five points a period; faster than that is noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """A line through each segment: ``mean + slope * (position - centre)``."""

    mean: FloatArray
    slope: FloatArray
    centre: FloatArray

    def at(self, segment: int, position: float) -> float:
        """Give the value of one line at a position, also outside its segment."""
        return float(self.mean[segment] + self.slope[segment] * (position - self.centre[segment]))


def fit_lines(values: FloatArray, starts: IntArray) -> Lines:
    """Fit a line of least squares to each segment."""
    ends = np.append(starts[1:], len(values))
    length = ends - starts
    centre = (starts + ends - 1) / 2
    mean = np.add.reduceat(values, starts) / length
    offset = np.arange(len(values)) - np.repeat(centre, length)
    spread = np.maximum(length * (length.astype(np.float64) ** 2 - 1) / 12, 0.5)
    return Lines(mean=mean, slope=np.add.reduceat(values * offset, starts) / spread, centre=centre)


def draw_lines(lines: Lines, starts: IntArray, count: int) -> FloatArray:
    """Give the value of the lines at every point."""
    segment = np.repeat(np.arange(len(starts)), np.diff(starts, append=count))
    offset = np.arange(count) - lines.centre[segment]
    return np.asarray(lines.mean[segment] + lines.slope[segment] * offset)


def fit_continuous(values: FloatArray, starts: IntArray) -> FloatArray:
    """Fit a line that bends, but does not jump, half a point before each of ``starts[1:]``."""
    count = len(values)
    knots = np.concatenate(([0.0], starts[1:] - 0.5, [count - 1.0]))
    place = np.arange(count, dtype=np.float64)
    hats = np.array([np.interp(place, knots, one) for one in np.eye(len(knots))]).T
    return np.asarray(hats @ np.linalg.lstsq(hats, values, rcond=None)[0])


def fit_sine(values: FloatArray, *, sloping: bool) -> FloatArray | None:
    """Fit a level and a sine of at least one period; or a line and a sine of at least two.

    Less than two periods on a slope would follow any bend. The peak of the fourfold
    oversampled periodogram is refined on a grid of nine frequencies. None when the series is
    too short to hold such periods of five points or more.
    """
    count = len(values)
    fine = 4 * count
    only = np.array([0])
    base = draw_lines(fit_lines(values, only), only, count) if sloping else values.mean()
    lowest, highest = (8 if sloping else 4), int(HIGHEST_FREQUENCY * fine)
    if highest <= lowest:
        return None
    power = np.abs(np.fft.rfft(values - base, fine)) ** 2
    peak = lowest + int(power[lowest:highest].argmax())
    frequency = np.linspace(peak - 1, peak + 1, 9) / fine
    angle = 2 * np.pi * frequency[:, None] * np.arange(count)
    columns = [np.ones_like(angle), np.cos(angle), np.sin(angle)]
    if sloping:
        columns.append(np.broadcast_to(np.linspace(-1, 1, count), angle.shape))
    waves = np.stack(columns, axis=2)
    across = waves.transpose(0, 2, 1)
    fitted = waves @ np.linalg.solve(across @ waves, (across @ values)[:, :, None])
    squares = ((values - fitted[:, :, 0]) ** 2).sum(axis=1)
    return np.asarray(fitted[squares.argmin(), :, 0])


def nested_lines(values: FloatArray, starts: IntArray) -> list[IntArray]:
    """Join neighbouring segments one by one, those that a common line loses least on."""
    models = [starts]
    sums = _LineSums(values)
    places = [*starts.tolist(), len(values)]
    own = [sums.residual(low, high) for low, high in pairwise(places)]
    joint = [sums.residual(low, high) for low, high in zip(places[:-2], places[2:], strict=True)]
    while len(places) > 2:
        losses = [joint[i] - own[i] - own[i + 1] for i in range(len(joint))]
        least = losses.index(min(losses))
        own[least : least + 2] = [joint[least]]
        del places[least + 1]
        del joint[least]
        for i in (least - 1, least):
            if 0 <= i < len(joint):
                joint[i] = sums.residual(places[i], places[i + 2])
        models.append(np.array(places[:-1]))
    return models


class _LineSums:
    """Running sums from which the residual of a line over any stretch follows at once."""

    def __init__(self, values: FloatArray) -> None:
        place = np.arange(len(values)) - (len(values) - 1) / 2
        columns = (values, values * values, place * values, place)
        self._sums = [[0.0, *np.cumsum(column).tolist()] for column in columns]

    def residual(self, low: int, high: int) -> float:
        value, square, product, place = (one[high] - one[low] for one in self._sums)
        length = high - low
        spread = length * (length * length - 1) / 12
        slope = (product - place * value / length) ** 2 / spread if spread else 0.0
        return float(square - value * value / length - slope)
