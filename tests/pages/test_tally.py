"""How runs are counted."""

from __future__ import annotations

import pytest

from reportgen.model import report as model
from reportgen.pages.tally import Tally, tally_tests


def make_test(name: str, passed: int, failed: int) -> model.TestCount:
    """Return the verdicts of one test of bias frames over a run."""
    return model.TestCount(
        instrument="LATISS",
        stage="bias",
        level="amplifier",
        test=name,
        passed=passed,
        failed=failed,
    )


@pytest.mark.parametrize(
    ("noise", "success", "counted", "state"),
    [
        ((14, 2), (14, 2), Tally(passed=14, failed=2), "fail"),
        ((16, 0), (16, 0), Tally(passed=16, failed=0), "pass"),
        ((14, 2), (16, 0), Tally(passed=14, failed=2), "fail"),
        ((16, 0), (15, 1), Tally(passed=31, failed=1), "fail"),
    ],
)
def test_what_sums_up_others_counts_where_it_alone_fails(noise, success, counted, state) -> None:
    """SUCCESS repeats what failed already; false without a failure it is a failure of its own."""
    tests = [make_test("NOISE", *noise), make_test("DET_SUCCESS", *success)]
    found = tally_tests(tests)
    assert (found, found.state) == (counted, state)


def test_success_alone_is_counted() -> None:
    """Where files say nothing but SUCCESS, that is what a run is judged by."""
    assert tally_tests([make_test("SUCCESS", 3, 0)]) == Tally(passed=3, failed=0)
