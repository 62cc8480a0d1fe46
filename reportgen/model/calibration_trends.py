"""How the numbers of a calibration move: steps, drifts, control limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

WINDOWS = (30.0, 90.0, 365.0, None)
"""Windows of drift in days, back from the last night; None: the whole history."""


class Trend(StrEnum):
    """What is said of a slow trend."""

    DRIFTING = "drifting"
    STABLE = "stable"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowDrift:
    """The slow trend of one series over one window."""

    window_days: float | None
    nights: int
    slope_per_30d: float | None
    """In the unit of the values; None: too few nights."""
    ci_low: float | None
    ci_high: float | None
    p_value: float | None
    q_value: float | None
    """After Benjamini-Hochberg over the amplifiers (or the detectors) of the statistic."""
    verdict: Trend


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelStep:
    """A lasting change of level."""

    night: int
    """The first night of the new level."""
    before: float
    after: float
    ci_low: float | None
    ci_high: float | None
    confirmed: bool

    @property
    def change(self) -> float:
        """After minus before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlLimits:
    """Where the next value is expected, from the current level and its scatter."""

    low: float
    high: float
    since: int
    """The night at which the current level begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesTrend:
    """What was found in one series of nightly values."""

    drifts: Sequence[WindowDrift] = ()
    """One per window of `WINDOWS`."""
    steps: Sequence[LevelStep] = ()
    limits: ControlLimits | None = None
    """From the nights before the last one."""
    outside: bool = False
    """The last value lies outside the limits."""

    def drift(self, window_days: float | None = 30.0) -> WindowDrift | None:
        """Return the trend over one window, None where nothing was computed."""
        return next((d for d in self.drifts if d.window_days == window_days), None)
