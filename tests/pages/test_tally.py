"""How runs are counted."""

from __future__ import annotations

import pytest

from reportgen.model import report as model
from reportgen.pages import words
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


def test_tests_that_are_not_named_are_counted() -> None:
    """A sentence that names some of what fails says how many it leaves out."""
    said = words.tests_sentence([make_test(f"T{n}", 1, 1) for n in range(8)])
    assert said.endswith("bias T4, bias T5 and 2 more.")
    assert words.tests_sentence([make_test("T1", 1, 1)]).endswith("fails: bias T1.")


def test_one_test_is_spoken_of_as_one() -> None:
    """Not *all 1 tests pass*."""
    one, two = (words.tests_sentence([make_test("T1", n, 0)]) for n in (1, 2))
    assert (one, two) == (
        "The only calibration test passes.",
        "All 2 calibration tests pass.",
    )
    assert words.tests_sentence([make_test("T1", 0, 1)]).startswith("1 of 1 calibration test fails")


def test_success_alone_is_counted() -> None:
    """Where files say nothing but SUCCESS, that is what a run is judged by."""
    assert tally_tests([make_test("SUCCESS", 3, 0)]) == Tally(passed=3, failed=0)
