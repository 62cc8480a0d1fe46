"""Where a broken line really jumps, and where it only bends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reportgen.analysis.statistics.packed import FloatArray
from reportgen.analysis.statistics.robust import MAD_TO_SIGMA
from reportgen.analysis.steps.smooth_fits import Lines, fit_lines
from reportgen.analysis.steps.trends import Trend

SIGNIFICANT = 4.0
"""Standard errors of a jump between two lines."""
NEAR = 5
"""Points on each side of a break that must show the jump by themselves."""
QUICK = 8
"""Points of the longest passage between two slow stretches that still counts as a step."""
SHARE = 10
"""In longer series it may take a tenth of them …"""
LONGEST = 24
"""… up to this many points."""
STEEP = 1.5
"""Times as fast as what goes on before and after it."""
STEEP_BESIDE_BREAKS = 4.0
"""The same for a line that may jump: its breaks are the steps, unless a ramp is much plainer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """A lasting change of level at one place, in the unit of the values."""

    place: int
    before: float
    after: float
    error: float
    """Standard error of the change."""


def find_jumps(values: FloatArray, trend: Trend) -> list[Jump]:
    """List the jumps of a trend, in order: breaks, and quick passages between slow stretches."""
    if len(trend.starts) == 1:
        return []
    noise = _noise(values, trend)
    lines = fit_lines(values if trend.jumps else trend.fitted, trend.starts)
    passages = list(_passages(lines, trend, noise))
    breaks = _breaks(values, lines, trend, noise) if trend.jumps else iter(())
    # The two ends of a passage are the same event as the passage.
    apart = [one for one in breaks if all(abs(one.place - two.place) > QUICK for two in passages)]
    return sorted([*passages, *apart], key=lambda jump: jump.place)


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


def _passages(lines: Lines, trend: Trend, noise: float) -> Iterator[Jump]:
    """Yield the changes of level that are short and steep beside what goes on around them.

    A passage is one stretch or several: a level may be left and the next found over a few bends.
    """
    first, last = 1, len(trend.starts) - 1
    while first < last:
        found = next(_passages_from(first, lines, trend, noise), None)
        if found is not None:
            yield found.jump
        first = found.last + 1 if found else first + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passage:
    jump: Jump
    last: int
    """Its last stretch."""


def _passages_from(first: int, lines: Lines, trend: Trend, noise: float) -> Iterator[_Passage]:
    """Yield the passages that begin with a stretch, the shortest first."""
    ends = np.append(trend.starts[1:], len(trend.fitted))
    length = ends - trend.starts
    start = int(trend.starts[first])
    longest = max(QUICK, min(len(trend.fitted) // SHARE, LONGEST))
    steep = STEEP
    if trend.jumps:
        longest, steep = QUICK, STEEP_BESIDE_BREAKS
    for last in range(first, len(ends) - 1):
        end = int(ends[last])
        if end - start > min(longest, length[first - 1]):
            return
        before, after = lines.at(first - 1, start - 1), lines.at(last + 1, end)
        slow = max(abs(lines.slope[first - 1]), abs(lines.slope[last + 1])) * (end - start)
        quick = abs(after - before) > max(steep * slow, SIGNIFICANT * noise)
        if quick and end - start <= length[last + 1]:
            error = float(noise * np.sqrt(4 / length[first - 1] + 4 / length[last + 1]))
            jump = Jump(place=(start + end) // 2, before=before, after=after, error=error)
            yield _Passage(jump=jump, last=last)
