"""Calibrations: values and verdicts of one stage of one instrument, over time.

A *point* is one verification: an exposure, or one version of the files. Points of one *night* (or
of one day of a software history) are joined for everything that is drawn, judged and counted.
A *place* is where a value or a verdict stands: an amplifier, a detector or the whole exposure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from reportgen.model.calibration_places import Place
from reportgen.model.calibration_trends import SeriesTrend, WindowDrift
from reportgen.model.calibration_verdicts import SummaryVerdict, TestHistory
from reportgen.model.natural import natural
from reportgen.model.status import Reason

REASONS = (None, Reason.ABSENT, *(reason for reason in Reason if reason is not Reason.ABSENT))
"""Why a value is missing, by the code in `Statistic.reasons`; 0: it is there."""
ABSENT = REASONS.index(Reason.ABSENT)
"""The code of what no file has."""

MJD_ZERO = date(1858, 11, 17)
"""Where Modified Julian Dates begin."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class StageKey:
    """A kind of calibration of one instrument."""

    instrument: str
    stage: str
    """Lower case, for example ``bias``."""


class TimeKind(StrEnum):
    """What the axis of a stage counts."""

    NIGHTS = "nights"
    """Exposures in the order in which they were taken."""
    DATES = "dates"
    """The dates of the files: nothing says when the exposures were taken."""
    VERSIONS = "versions"
    """The same exposures verified again: a history of the software, not of the camera."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One verification."""

    exposure: str | None
    date: str | None
    mjd: float | None
    collection: str | None
    run: str
    time: float
    """Position on the axis, MJD."""
    night: int
    """Position in `TimeAxis.nights`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAxis:
    """The points of a stage, in the order of time, and the nights they belong to."""

    kind: TimeKind
    points: Sequence[Point]
    nights: Sequence[str]
    """Day of each night, ISO 8601: the day_obs, or the day of a version."""
    times: np.ndarray
    """MJD of each night: the mean over its points."""

    @property
    def point_nights(self) -> np.ndarray:
        """Per point, its position in ``nights``."""
        return np.array([point.night for point in self.points], dtype=int)


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorSummary:
    """One statistic over the amplifiers of a detector, or over all detectors."""

    detector: str | None
    columns: Sequence[int]
    """Its places, as columns of the statistic."""
    members: Sequence[int]
    """Positions in ``columns`` of those that count for the median: with values in nearly all
    nights, so that one that joins or leaves is no step."""
    median: np.ndarray
    """Over the members, per night."""
    common: np.ndarray
    """The same from the changes of each member from its own level, so that a single member that
    moves does not count: what trends are found in."""
    low: np.ndarray
    high: np.ndarray
    """Smallest and largest value of the columns, per night."""
    trend: SeriesTrend = SeriesTrend()


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueEpoch:
    """The beginning of a stretch of nights in which values can be compared."""

    night: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """One number of a stage, at each place and point."""

    name: str
    """For example ``NOISE``."""
    variant: str
    """What tells series of one name apart: unit, filter, level; empty where there is only one."""
    metric: str
    unit: str | None
    """None: the files do not say."""
    physical_filter: str | None
    places: Sequence[Place]
    values: np.ndarray
    """Shape points × places, nan where missing."""
    reasons: np.ndarray
    """Same shape: index into `REASONS`."""
    nightly: np.ndarray
    """Shape nights × places: the median over the points of a night, nan where missing."""
    test: str | None
    """The test that judges this number, where there is one."""
    passed: np.ndarray
    """Same shape as ``values``: the verdict of that test."""
    trends: Sequence[SeriesTrend] = ()
    """One per place."""
    summaries: Sequence[DetectorSummary] = ()
    """One per detector that has amplifiers."""
    overall: DetectorSummary | None = None
    """The median over the detectors, where there are several."""
    is_covariate: bool = False
    """A condition such as a temperature: it explains other numbers and is not judged itself."""
    covariates: Sequence[str] = ()
    """What was removed in the same fit as the drift."""
    epochs: Sequence[ValueEpoch] = ()
    """Where values stop being comparable; trends belong to the last epoch."""
    last_night: int = -1
    """The last night with a value."""

    @property
    def label(self) -> str:
        """Name and variant."""
        return f"{self.name} ({self.variant})" if self.variant else self.name

    @property
    def level(self) -> str:
        """What its places are: ``amplifier``, ``detector`` or ``exposure``."""
        return self.places[0].level

    def is_behind(self, test: TestHistory) -> bool:
        """Tell whether this is the number that a test judges."""
        return self.name == test.statistic and self.level == test.level

    @property
    def stated(self) -> list[int]:
        """Numbers of the points at which a file says something of any place."""
        return [int(n) for n in np.flatnonzero((self.reasons != ABSENT).any(axis=1))]


class ChangeKind(StrEnum):
    """What happened since last month, worst first."""

    NEWLY_FAILING = "newly_failing"
    DRIFTING = "drifting"
    STEP = "step"
    OUTSIDE = "outside_limits"
    NOT_MEASURED = "not_measured"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is different from last month."""

    kind: ChangeKind
    place: Place
    name: str
    """Label of the statistic, or name of the test."""
    unit: str | None
    before: float | None
    """The last value up to the reference night."""
    after: float | None
    """The value at the last night."""
    size: float
    """Size in standard deviations of the nights, for the order; 0: cannot be said."""
    night: int | None = None
    """When, where it happened at a night."""
    drift: WindowDrift | None = None
    of: int = 0
    """Not 0: it concerns the median over so many amplifiers of the detector."""
    members: int = 0
    """How many of them do the same by themselves; they are not listed again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageReport:
    """One stage of one instrument in full."""

    key: StageKey
    datasets: Sequence[str]
    axis: TimeAxis
    statistics: Sequence[Statistic]
    tests: Sequence[TestHistory]
    verdicts: Sequence[SummaryVerdict]
    """Of files per exposure and per run, oldest first."""
    changes: Sequence[Change]
    reference_night: int | None
    """The night that "last month" means: the last one at least 30 days before the last."""
    demonstration: bool = False
    only: str | None = None
    """The detector that this is about; None: all of the stage."""

    @property
    def last_day(self) -> str | None:
        """Day of the last night."""
        return self.axis.nights[-1] if self.axis.nights else None

    @property
    def detectors(self) -> Sequence[str]:
        """All detectors with values or verdicts, in natural order."""
        places = [place for one in self.statistics for place in one.places]
        places += [place for one in self.tests for place in one.places]
        return sorted({p.detector for p in places if p.detector is not None}, key=natural)
