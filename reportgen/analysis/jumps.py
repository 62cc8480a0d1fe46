"""Where a broken line really jumps, and where it only bends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reportgen.analysis.packed import FloatArray
from reportgen.analysis.robust import MAD_TO_SIGMA
from reportgen.analysis.smooth_fits import Lines, fit_lines
from reportgen.analysis.trends import Trend

SIGNIFICANT = 4.0
"""Standard errors of a jump between two lines."""
NEAR = 5
"""Points on each side of a break that must show the jump by themselves."""
QUICK = 8
"""Points of the longest ramp between two plateaus that still counts as a step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """A lasting change of level at one place, in the unit of the values."""

    place: int
    before: float
    after: float
    error: float
    """Standard error of the change."""


def find_jumps(values: FloatArray, trend: Trend) -> list[Jump]:
    """List the jumps of a trend, in order: breaks and quick ramps between plateaus."""
    if len(trend.starts) == 1:
        return []
    noise = _noise(values, trend)
    lines = fit_lines(values if trend.jumps else trend.fitted, trend.starts)
    ramps = list(_ramps(lines, trend, noise))
    breaks = _breaks(values, lines, trend, noise) if trend.jumps else iter(())
    # The two ends of a quick ramp are the same event as the ramp.
    apart = [one for one in breaks if all(abs(one.place - ramp.place) > QUICK for ramp in ramps)]
    return sorted([*ramps, *apart], key=lambda jump: jump.place)


def _noise(values: FloatArray, trend: Trend) -> float:
    residuals = values - trend.fitted
    left = max(len(values) - 2 * len(trend.starts), 1)
    return float(np.sqrt((residuals**2).sum() / left))


def _breaks(values: FloatArray, lines: Lines, trend: Trend, noise: float) -> Iterator[Jump]:
    ends = np.append(trend.starts[1:], len(values))
    for place in range(1, len(trend.starts)):
        start = int(trend.starts[place])
        before, after = lines.at(place - 1, start), lines.at(place, start)
        left, right = start - int(trend.starts[place - 1]), int(ends[place]) - start
        # A line through n points has at its end the variance 4 / n of one of them.
        error = noise * np.sqrt(4 / left + 4 / right)
        near = values[start - min(left, NEAR) : start], values[start : start + min(right, NEAR)]
        if abs(after - before) > max(SIGNIFICANT * error, noise) and _abrupt(
            values, near[0], near[1], after - before
        ):
            yield Jump(place=start, before=before, after=after, error=float(error))


def _abrupt(values: FloatArray, before: FloatArray, after: FloatArray, change: float) -> bool:
    """Tell whether the nearest points allow a jump, or show a smooth bend.

    Two lines through a curve seem to jump where they meet; lines through its nearest points
    do not. Noise comes from second differences, which a curve leaves alone.
    """
    curvature = np.abs(np.diff(values, n=2))
    noise = MAD_TO_SIGMA / np.sqrt(6) * float(np.median(curvature))
    near = _end(after, side=-1) - _end(before, side=1)
    error = noise * np.sqrt(4 / len(before) + 4 / len(after))
    seen = near * np.sign(change)
    return bool(seen >= 0.5 * abs(change) or abs(change) - seen <= 3 * error)


def _end(values: FloatArray, *, side: int) -> float:
    """Extrapolate a line through the values half a point beyond one end."""
    lines = fit_lines(values, np.array([0]))
    return float(lines.mean[0] + side * lines.slope[0] * len(values) / 2)


def _ramps(lines: Lines, trend: Trend, noise: float) -> Iterator[Jump]:
    """Yield the steep stretches that are short beside both of their neighbours."""
    ends = np.append(trend.starts[1:], len(trend.fitted))
    length = ends - trend.starts
    for place in range(1, len(length) - 1):
        longest = min(QUICK, int(length[place - 1]), int(length[place + 1]))
        slope = abs(lines.slope[place])
        flat = slope > 4 * max(abs(lines.slope[place - 1]), abs(lines.slope[place + 1]))
        start, end = int(trend.starts[place]), int(ends[place])
        before, after = lines.at(place - 1, start - 1), lines.at(place + 1, end)
        if length[place] <= longest and flat and abs(after - before) > SIGNIFICANT * noise:
            error = noise * np.sqrt(4 / length[place - 1] + 4 / length[place + 1])
            middle = start + int(length[place]) // 2
            yield Jump(place=middle, before=before, after=after, error=float(error))
