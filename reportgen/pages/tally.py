"""How many rows of a run fail, pass and lack values: the same numbers wherever a run is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.model.report import Line, RunReport, TestCount, single_tests
from reportgen.model.status import WORST_FIRST, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Rows of a run (a metric in a band), or its calibration tests, by their state."""

    failed: int
    missing: int = 0
    """Rows that lack values of some members or of all; those of the others may pass or fail."""
    passed: int
    unjudged: int = 0
    """Rows that no requirement at level design judges."""

    @property
    def state(self) -> str:
        """The worst state in one word."""
        if self.failed:
            return "fail"
        if self.missing:
            return "not_measured"
        return "pass" if self.passed else "no_specification"


def tally(report: RunReport) -> Tally:
    """Count what a run is judged by: its rows, or the calibration tests where it has no rows."""
    if report.tests and not report.lines:
        return tally_tests(report.tests)
    return tally_lines(report.lines)


def run_state(report: RunReport) -> str:
    """Return the worst state of a run, of rows and calibration tests, in one word."""
    states = {tally_lines(report.lines).state, tally_tests(report.tests).state}
    return next(one for one in (*WORST_FIRST, "no_specification") if one in states)


def tally_lines(lines: Sequence[Line]) -> Tally:
    """Count the rows of a run."""
    states = [line.status for line in lines]
    return Tally(
        failed=states.count(Status.FAIL),
        missing=sum(bool(line.reasons) for line in lines),
        passed=states.count(Status.PASS),
        unjudged=states.count(None),
    )


def tally_tests(tests: Sequence[TestCount]) -> Tally:
    """Count the verdicts of calibration tests, of those that `single_tests` returns."""
    chosen = single_tests(tests)
    return Tally(failed=sum(one.failed for one in chosen), passed=sum(one.passed for one in chosen))
