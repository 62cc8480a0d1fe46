"""Verdicts of cp_verify over time, as the files say them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.model.calibration_places import Place

CALIBRATION_PACKAGE = "cp_verify."
"""Statistics of calibrations: judged by the tests in their files, shown on their own pages."""
NO_VERDICT, FAILED, PASSED = -1, 0, 1
"""Codes of verdicts."""
SUCCESS = "SUCCESS"
"""The verdict on everything at a place: a test of its own, not counted beside the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictChange:
    """A night at which places have another verdict of a test than they last had."""

    night: int
    newly_failing: Sequence[int]
    fixed: Sequence[int]
    first_seen: Sequence[int]
    """Places that fail and never had a verdict before. All three: columns of the test."""
    failing_before: int
    judged_before: int
    failing: int
    judged: int
    compared: int
    """Places whose verdict changed that have a value at both nights."""
    value_change: float | None
    """Median change of the value behind the test, over the compared places."""
    relative_change: float | None
    """The same, as a fraction of the value."""
    lasting: bool
    """For some place, the old and the new verdict held for more than one night each."""
    comparable: int
    """Places whose verdict changed and whose value can be compared with those of the other
    verdict: where there are any, those with a value at both nights."""
    seen_before: int
    """Of these, how many have a value that already had the other verdict: the value cannot be
    the cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestHistory:
    """The verdicts of one test, as the files say them."""

    __test__ = False  # pytest would collect it by its name

    test: str
    level: str
    places: Sequence[Place]
    outcomes: np.ndarray
    """Shape points × places: `FAILED`, `PASSED` or `NO_VERDICT`."""
    nightly: np.ndarray
    """Shape nights × places: failed where any point of the night failed."""
    failing: np.ndarray
    judged: np.ndarray
    """Places per night."""
    since: Sequence[int | None]
    """Per place that fails at the last night: the night since which it fails without a pass."""
    changes: Sequence[VerdictChange] = ()
    statistic: str | None = None
    """Name of the number that the test judges."""

    @property
    def last_night(self) -> int:
        """The last night with verdicts."""
        judged = np.flatnonzero(self.judged)
        return int(judged[-1]) if len(judged) else -1


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFailure:
    """One entry of a FAILURES list."""

    test: str
    detector: str | None
    amplifier: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryVerdict:
    """What a file per exposure or per run says of one part of it, or of everything."""

    night: int
    level: str
    exposure: str | None
    detector: str | None
    """Both None: the verdict on the whole file."""
    success: bool | None
    """As the file says it; None: it says nothing."""
    failures: Sequence[ListedFailure]
    file: int = 0
    """Which of the files of its stage says so: those of one number are of one file."""

    @property
    def is_whole(self) -> bool:
        """Whether it is about all of its file: a run, or one exposure."""
        return self.detector is None and (self.level == "exposure" or self.exposure is None)

    @property
    def unexplained(self) -> bool:
        """SUCCESS is false and no failure is listed."""
        return self.success is False and not self.failures


def sums_up(test: str) -> bool:
    """Tell whether a test of cp_verify sums up others: ``SUCCESS``, ``DET_SUCCESS``."""
    return test.endswith(SUCCESS)


def judged_metric(stage: str, test: str) -> str:
    """Return the name by which known issues and owners mean a test: ``cp_verify.BIAS_NOISE``."""
    return f"{CALIBRATION_PACKAGE}{stage.upper()}_{test}"
