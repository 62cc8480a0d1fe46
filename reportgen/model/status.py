"""The words for what was found."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Status(StrEnum):
    """Outcome of one check."""

    PASS = "pass"  # noqa: S105 - a status, not a password
    FAIL = "fail"
    NOT_MEASURED = "not_measured"

    @property
    def severity(self) -> int:
        """Place in tables that begin with the worst."""
        return WORST_FIRST.index(self)


WORST_FIRST = (Status.FAIL, Status.NOT_MEASURED, Status.PASS)
SEVERITIES = {status.value: status.severity for status in Status}


def worst(statuses: Iterable[Status]) -> Status:
    """Return the worst of some statuses."""
    return min(statuses, key=WORST_FIRST.index)


class Reason(StrEnum):
    """Why a value is missing."""

    NAN = "nan"
    """The pipeline computed NaN or an infinity, for example with too few stars."""
    NULL = "null"
    """The file holds an explicit null, an empty cell or a word for *no data*."""
    ABSENT = "absent"
    """The reference run has this measurement, this run does not."""
    UNREADABLE = "unreadable"
    """Something stands there that is not a number."""
    ZERO_FOR_NULL = "zero_for_null"
    """An exact zero that the transport writes in place of a null."""


class Kind(StrEnum):
    """The four kinds of verdict, never shown under one word."""

    REQUIREMENT = "requirement"
    RELEASE_TARGET = "release_target"
    WATCH_RANGE = "watch_range"
    CALIBRATION_TEST = "calibration_test"


LEVELS = ("design", "minimum", "stretch")
"""Levels of an SRD requirement, in the order in which they are shown."""
