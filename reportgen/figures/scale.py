"""Ranges of axes that show the data and stay honest about what lies outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.model.figures import Limit

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

FENCE = 4.0
"""Interquartile ranges beyond the quartiles from which a lone point counts as an outlier."""
FEWEST = 5
"""Values of which a quartile can be told."""
RARE = 0.05
"""Largest share of values without an order that may be called outliers."""
STRETCH = 4.0
"""Limits may stretch the axis to this many times the range of the data …"""
LEAST_SHARE = 0.1
"""… which counts as at least this share of the values themselves …"""
CONSTANT_SHARE = 0.5
"""… or this, where there is no variation that could be squashed."""
LARGEST = 1e300
"""Larger numbers are drawn here, and smaller than the next as zero: scales would overflow."""
SMALLEST = 1e-280


@dataclass(frozen=True, slots=True)
class Range:
    """From ``low`` to ``high``, in the unit of the data."""

    low: float
    high: float

    @property
    def span(self) -> float:
        """Return the length."""
        return self.high - self.low

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def including(self, values: Iterable[float]) -> Range:
        """Return the smallest range that also holds ``values``."""
        known = (self.low, self.high, *values)
        return Range(min(known), max(known))

    def padded(self, share: float = 0.06) -> Range:
        """Return a range with room at both ends and never without length."""
        span = max(self.span, SMALLEST)
        if span < 1e-9 * max(abs(self.low), abs(self.high)) or self.span == 0:
            half = 0.05 * max(abs(self.low), abs(self.high)) or 1.0
            return Range(self.low - half, self.high + half)
        return Range(self.low - share * span, self.high + share * span)


def finite(values: Sequence[float] | Floats) -> Floats:
    """Return ``values`` as an array in which everything that is no number is nan."""
    array = np.array(values, dtype=np.float64, ndmin=1)
    array[~np.isfinite(array)] = np.nan
    array[np.abs(array) < SMALLEST] = 0.0
    return np.clip(array, -LARGEST, LARGEST)


def robust_range(series: Iterable[Floats], *, ordered: bool = True) -> Range | None:
    """Return the range of all values, without outliers that would squash the rest.

    A point is left out only if it lies far from its series' quartiles and would more than
    double the range. Of values in an order it must also stand alone: two runs at a new level
    are a step. Of values without one, few may lie so far: many are a second population.
    """
    known = [values[np.isfinite(values)] for values in series]
    known = [values for values in known if len(values)]
    if not known:
        return None
    choose = _lone_outliers if ordered else _rare_outliers
    core = np.concatenate([values[~choose(values)] for values in known])
    everything = np.concatenate(known)
    low, high = float(core.min()), float(core.max())
    room = high - low if high > low else np.inf
    near = everything[(everything >= low - room) & (everything <= high + room)]
    return Range(float(near.min()), float(near.max()))


def _lone_outliers(values: Floats) -> Flags:
    side = np.zeros(len(values) + 2, dtype=np.int8)
    side[1:-1] = _side(values)
    here = side[1:-1]
    lone: Flags = (here != 0) & (here != side[:-2]) & (here != side[2:])
    return lone


def _rare_outliers(values: Floats) -> Flags:
    far: Flags = _side(values) != 0
    return far if far.sum() <= max(1.0, RARE * len(values)) else np.zeros_like(far)


def _side(values: Floats) -> NDArray[np.int8]:
    """Return 1 for values far above the quartiles, -1 for those far below, 0 for all others."""
    count = len(values)
    side = np.zeros(count, dtype=np.int8)
    ordered = np.sort(values)
    lower, upper = ordered[count // 4], ordered[(3 * count) // 4]
    if lower == upper:
        lower, upper = ordered[count // 10], ordered[(9 * count) // 10]
    if count >= FEWEST and lower < upper:
        fence = FENCE * (upper - lower)
        side[values > upper + fence] = 1
        side[values < lower - fence] = -1
    return side


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleWithLimits:
    """The range of an axis, the limits that lie in it, and those too far away."""

    range: Range
    inside: Sequence[Limit]
    outside: Sequence[Limit]


def with_limits(data: Range | None, limits: Iterable[Limit]) -> ScaleWithLimits:
    """Let limits stretch the range of the data, the nearest first, but not without bound."""
    usable = [limit for limit in limits if abs(limit.value) <= LARGEST]
    if data is None:
        values = [limit.value for limit in usable]
        span = Range(min(values), max(values)) if values else Range(0.0, 1.0)
        return ScaleWithLimits(range=span.padded(), inside=usable, outside=())
    allowed = STRETCH * _least_span(data, usable)
    stretched = data
    inside, outside = [], []
    for limit in sorted(usable, key=lambda limit: _distance(limit.value, data)):
        wider = stretched.including([limit.value])
        if wider.span <= allowed:
            stretched = wider
            inside.append(limit)
        else:
            outside.append(limit)
    return ScaleWithLimits(range=stretched.padded(), inside=inside, outside=outside)


def _least_span(data: Range, limits: Sequence[Limit]) -> float:
    size = max(abs(data.low), abs(data.high)) or max((abs(one.value) for one in limits), default=0)
    return max(data.span, size * (LEAST_SHARE if data.span else CONSTANT_SHARE))


def _distance(value: float, data: Range) -> float:
    return max(data.low - value, value - data.high, 0.0)
