"""The gate: whether runs are worse than what they are held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from reportgen.model.calibration_verdicts import TestHistory, VerdictChange
from reportgen.model.calibrations import StageKey
from reportgen.model.comparison import ComparisonRow
from reportgen.model.issues import Issue, IssueState
from reportgen.model.report import Line
from reportgen.model.runs import Run


class GateRule(StrEnum):
    """What the gate looks for, in the order in which it says what it found."""

    NEWLY_FAILING = "newly_failing"
    """A requirement at level design fails that the reference did not fail."""
    REGRESSED = "regressed"
    """Worse than the reference, beyond noise and tolerance."""
    STEP = "step"
    """A confirmed step for the worse begins at the run, or is confirmed by it."""
    CALIBRATION_TEST = "calibration_test"
    """A test of a calibration fails that did not, and goes on failing to the end of the run."""
    NOT_MEASURED = "not_measured"
    """The reference has a value, the run has none."""


class ExitCode(IntEnum):
    """What the command line returns."""

    GOOD = 0
    WORSE = 1
    UNKNOWN = 2
    """No rule could run."""


class Outcome(StrEnum):
    """What becomes of a finding."""

    WORSE = "worse"
    """It fails the gate."""
    KNOWN = "known"
    """A known issue excuses it."""
    SAID = "said"
    """It is said and does not fail the gate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestFinding:
    """Where a test of a calibration newly fails, and what its value did."""

    __test__ = False  # pytest would collect it by its name

    stage: StageKey
    day: str
    """The night, or the day of the version."""
    test: TestHistory
    change: VerdictChange
    columns: Sequence[int]
    """Places of the test that newly fail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is worse than in the reference, or not known any more."""

    rule: GateRule
    run: Run
    metric: str
    because: str
    band: str | None = None
    producer: str | None = None
    issues: Sequence[Issue] = ()
    fails: bool = True
    """Whether it fails the gate where no known issue excuses it."""
    line: Line | None = None
    row: ComparisonRow | None = None
    test: TestFinding | None = None

    @property
    def outcome(self) -> Outcome:
        """What becomes of it."""
        if not self.fails:
            return Outcome.SAID
        return Outcome.KNOWN if self.issues else Outcome.WORSE


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRun:
    """How much one rule could judge."""

    rule: GateRule
    judged: int
    of: int
    why: str = ""
    """Why it judged nothing."""

    @property
    def ran(self) -> bool:
        """Whether it judged anything."""
        return self.judged > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunGate:
    """One run at the gate."""

    run: Run
    reference: Run | None
    comparison: str | None
    """Address of the page that compares the two, where there is one."""
    findings: Sequence[Finding]
    rules: Sequence[RuleRun]
    demonstration: bool = False

    def of(self, outcome: Outcome) -> Sequence[Finding]:
        """Return the findings of which this becomes."""
        return [finding for finding in self.findings if finding.outcome is outcome]

    @property
    def ran(self) -> bool:
        """Whether any rule could judge anything."""
        return any(rule.ran for rule in self.rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """All runs that were asked for."""

    runs: Sequence[RunGate]
    issues: Sequence[IssueState] = ()
    """Entries of the known issues that somebody has to look at."""

    @property
    def findings(self) -> Sequence[Finding]:
        """The findings of all runs."""
        return [finding for run in self.runs for finding in run.findings]

    @property
    def exit_code(self) -> ExitCode:
        """What the command line returns: worse counts even where some rule did not run."""
        if any(finding.outcome is Outcome.WORSE for finding in self.findings):
            return ExitCode.WORSE
        return ExitCode.GOOD if any(run.ran for run in self.runs) else ExitCode.UNKNOWN
