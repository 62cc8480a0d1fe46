"""Which verdicts count: one that sums up others counts where nothing below it says why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from reportgen.analysis.calibrations.flips import verdict_changes
from reportgen.analysis.calibrations.verdicts import failing_since
from reportgen.model.calibration_places import Place
from reportgen.model.calibration_verdicts import FAILED, PASSED, TestHistory, sums_up


def counted_tests(tests: Sequence[TestHistory]) -> list[TestHistory]:
    """Return the tests as they are counted, so that one failure is one.

    A sum (``SUCCESS``, ``DET_SUCCESS``) passes at a place and night at which a test at or below
    that place fails; where it alone fails, it counts.
    """
    counted = [test for test in tests if not sums_up(test.test)]
    for test in tests:  # those of amplifiers first
        if sums_up(test.test):
            counted.append(_alone(test, counted))
    return counted


def _alone(total: TestHistory, below: Iterable[TestHistory]) -> TestHistory:
    """Return a sum that fails only where nothing below it does."""
    failed = total.nightly == FAILED
    if not failed.any():
        return total
    nightly = np.where(failed & _failing_below(total, below), PASSED, total.nightly)
    own = replace(
        total,
        nightly=nightly,
        failing=(nightly == FAILED).sum(axis=1),
        since=failing_since(nightly),
    )
    return replace(own, changes=verdict_changes(own, None))


def _failing_below(total: TestHistory, below: Iterable[TestHistory]) -> np.ndarray:
    """Tell per night and place of a sum whether a test at or below that place fails."""
    column_of = {place: column for column, place in enumerate(total.places)}
    found = np.zeros(total.nightly.shape, dtype=bool)
    for test in below:
        for column, place in enumerate(test.places):
            around = column_of.get(_around(place, total.level))
            if around is not None:
                found[:, around] |= test.nightly[:, column] == FAILED
    return found


def _around(place: Place, level: str) -> Place:
    """Return the place of a level in which a place lies."""
    if level == "amplifier":
        return place
    return Place(detector=place.detector) if level == "detector" else Place()
