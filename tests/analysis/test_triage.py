"""Known issues against what was found."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from reportgen.analysis.triage import issue_states
from reportgen.definitions.triage import KnownIssue, Triage
from reportgen.model import report as model
from reportgen.model.runs import Run
from tests.analysis.calibrations.cases import RUN, camera

TODAY = date(2026, 10, 10)


def issue(**about: tuple[str, ...]) -> Triage:
    """Return one entry."""
    return Triage(issues=(KnownIssue(owner="Ada", reason="hot", **about),))


@pytest.mark.parametrize(
    ("place", "state"),
    [("R22_S00 C01", "active"), ("R22_S00 C0?", "active"), ("R22_S99*", "fits_nothing")],
)
def test_a_place_that_nobody_judged_fits_nothing_in_any_run(place, state) -> None:
    """Also where the runs that the entry names are not shown in full."""
    stage = camera({"NOISE": np.ones((3, 1, 2))}, passed={"NOISE": np.ones((3, 1, 2), dtype=bool)})
    triage = issue(metric=("cp_verify.BIAS_NOISE",), place=(place,))
    (found,) = issue_states(triage, [RUN], [], [], stages=[stage.report()], today=TODAY)
    assert found.state == state


def test_a_sum_of_tests_is_no_row_of_its_own() -> None:
    """One failing test is one row, whatever sums it up; a sum that alone fails is one."""
    triage = issue(metric=("cp_verify.BIAS_*",))
    both = [make_test("NOISE", 1), make_test("DET_SUCCESS", 1)]
    alone = [make_test("NOISE", 0), make_test("DET_SUCCESS", 1)]
    for tests in (both, alone):
        (found,) = issue_states(triage, [RUN], [report(RUN, tests)], [], stages=[], today=TODAY)
        assert (found.state, found.rows) == ("active", 1)


def make_test(name: str, failed: int) -> model.TestCount:
    """Return the verdicts of a test in a run."""
    return model.TestCount(
        instrument="Cam", stage="bias", level="amplifier", test=name, passed=3, failed=failed
    )


def report(run: Run, tests: list[model.TestCount]) -> model.RunReport:
    """Return a run of calibrations."""
    return model.RunReport(
        run=run,
        reference=None,
        counts=model.Counts(),
        lines=[],
        measurements=None,
        checks=None,
        jobs=[],
        tests=tests,
    )
