"""Why a verdict is what it is: everything that was looked at, in the order in which it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from reportgen.model.comparison import ComparisonRow
from reportgen.model.issues import Issue
from reportgen.model.report import LevelCheck, Line, SeriesStep
from reportgen.model.runs import Run


class Rule(StrEnum):
    """What can raise an alarm about a line of a run."""

    REQUIREMENT = "requirement"
    """It fails a requirement at level design that the reference did not fail."""
    CHANGE = "change"
    """It is worse than the reference, beyond noise and tolerance."""
    STEP = "step"
    """A lasting change for the worse begins at this run, or is confirmed by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What one rule says of a line."""

    rule: Rule
    raised: bool
    because: str
    ran: bool = True
    """Whether the rule could judge: with too few points or without a value it cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckExplanation:
    """One limit: the value as stored, as compared, and the outcome."""

    check: LevelCheck
    stored_unit: str | None
    factor: float | None
    """From the stored unit to that of the limit; None: they do not convert."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendExplanation:
    """What the history says of the run."""

    points: int
    """Measured runs of the epoch up to the newest."""
    verdict: str | None
    """Of the newest epoch: ``steps``, ``drift``, ``stable``, ``too_few``; None: not looked for."""
    noise: float | None
    unit: str | None
    begins: SeriesStep | None
    """The step whose new level begins at this run."""
    confirmed: SeriesStep | None
    """The step that began earlier and stood for the first time with this run."""
    confirmed_since: str | None
    """Release at which that step began."""
    level_since: str | None
    """Release at which the level that holds at this run began; None: no step before."""
    spike: bool
    """The value is a single point far from its neighbours."""
    epoch_since: str | None
    epoch_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why one line of a run has its verdicts, and whether they raise an alarm."""

    run: Run
    reference: Run | None
    line: Line
    checks: Sequence[CheckExplanation]
    row: ComparisonRow | None
    """The comparison with the reference; None: there is no reference."""
    trend: TrendExplanation | None
    judged: Sequence[Alarm]
    """What each rule says."""
    issues: Sequence[Issue] = ()
    """Known issues that cover it."""
    owner: str | None = None
    """Who looks after the metric."""

    @property
    def alarms(self) -> Sequence[str]:
        """Why this raises an alarm; empty: it does not."""
        return [alarm.because for alarm in self.judged if alarm.raised]

    @property
    def quiet(self) -> Sequence[str]:
        """For each rule that raised none, why."""
        return [alarm.because for alarm in self.judged if not alarm.raised]
