"""Tests that sum up others: one failure is one."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.analysis.calibrations.counted import counted_tests
from reportgen.analysis.calibrations.events import stage_events
from reportgen.model.calibration_verdicts import FAILED
from reportgen.model.calibrations import StageReport
from reportgen.model.events import EventKind
from tests.analysis.calibrations.cases import camera, exposure, nights

NIGHTS = 40


def report(noise_fails: slice, sum_fails: slice) -> StageReport:
    """Return a detector of three amplifiers: C01 fails NOISE, and DET_SUCCESS is false."""
    noise = np.ones((NIGHTS, 1, 3), dtype=bool)
    noise[noise_fails, 0, 1] = False
    total = np.ones(NIGHTS, dtype=bool)
    total[sum_fails] = False
    cases = camera({"NOISE": np.full(noise.shape, 7.0)}, passed={"NOISE": noise})
    for day, passed in zip(nights(NIGHTS), total.tolist(), strict=True):
        verdict = {"stage": "bias", "level": "detector", "test": "DET_SUCCESS", "passed": passed}
        cases.verdicts.append(exposure(day) | {"detector": "R22_S00"} | verdict)
    return cases.report()


LATER, NEVER = slice(30, None), slice(0, 0)


@pytest.mark.parametrize(
    ("noise", "total", "told"),
    [
        (LATER, LATER, [(30, "NOISE")]),
        (LATER, NEVER, [(30, "NOISE")]),
        (NEVER, LATER, [(30, "DET_SUCCESS")]),
        (slice(20, 30), slice(20, None), [(20, "NOISE"), (30, "DET_SUCCESS")]),
    ],
)
def test_a_sum_is_told_where_nothing_below_it_fails(noise, total, told) -> None:
    """Of one failure there is one event and one change; a sum that alone is false is told."""
    found = report(noise, total)
    events = [
        (event.order, member.metric)
        for event in stage_events(found)
        if event.kind is EventKind.NEWLY_FAILING
        for member in event.members
    ]
    assert events == told
    still = [name for night, name in told if night == 30]
    failing = [t.test for t in counted_tests(found.tests) if (t.nightly[-1] == FAILED).any()]
    assert failing == still
    assert [one.name for one in found.changes] == still
