"""Control limits: where the next point of a series is expected."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from reportgen.analysis.statistics.packed import LARGEST, to_floats
from reportgen.analysis.statistics.robust import MAD_TO_SIGMA
from reportgen.analysis.statistics.student import t_quantile

MIN_POINTS = 6
"""Fewer points give limits so wide that they say nothing."""
CLIP_SIGMAS = 3.0
"""Robust sigmas (1.4826 MAD) from the median beyond which a past point does not count."""
FEW = 8.0
"""Points; with so many the clipping is twice as wide. Without it six points would leave one in
80 next points outside, not one in 1000."""
ONE_SIDE = 0.0005
"""Chance of a next point beyond one limit while nothing has changed; 1 in 1000 for both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPoint:
    """Where the next value of a series is expected."""

    low: float
    centre: float
    high: float
    n_points: int
    """Points the limits rest on."""

    def holds(self, value: float) -> bool:
        """Tell whether a value lies within the limits."""
        return self.low <= value <= self.high


def control_limits(values: Sequence[Any] | npt.ArrayLike) -> NextPoint | None:
    """Give the limits for the next point from the points since the last confirmed step.

    Limits are ``mean ± t(0.0005, m - 1) s sqrt(1 + 1/m)`` over the m points left after
    clipping: the prediction interval of a normal variable. None with fewer than six points.
    The limits of a requirement are another matter and never enter.
    """
    points = to_floats(values)
    points = points[np.abs(points) < LARGEST]
    if len(points) < MIN_POINTS:
        return None
    middle = float(np.median(points))
    spread = CLIP_SIGMAS * MAD_TO_SIGMA * float(np.median(np.abs(points - middle)))
    # The MAD of few points is often small by chance, and would clip good ones.
    spread *= 1 + FEW / len(points)
    kept = points[np.abs(points - middle) <= spread]
    number = len(kept)
    if number < 2:
        return None
    centre = float(kept.mean())
    reach = t_quantile(1 - ONE_SIDE, number - 1) * float(kept.std(ddof=1))
    reach *= math.sqrt(1 + 1 / number)
    return NextPoint(low=centre - reach, centre=centre, high=centre + reach, n_points=number)
