"""What the analysis found: the values that figures and pages are made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from reportgen.model.calibration_verdicts import sums_up
from reportgen.model.definitions import Metric, Reference, Specification
from reportgen.model.dimensions import DATA_ID
from reportgen.model.runs import Run, slug
from reportgen.model.status import Kind, Status

MEMBER_DIMENSIONS = tuple(name for name in DATA_ID if name != "band")
"""Dimensions along which a metric of one band has members."""

MANY_MEMBERS = 50
"""Above this many members a run states the aggregate and lists the members apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Measurements of a run, each by its worst requirement check at level design.

    Requirements without a level count as design; a measurement that only other kinds or levels
    judge counts as ``no_specification``. The four add up to the measurements of the run.
    """

    passed: int = 0
    failed: int = 0
    not_measured: int = 0
    no_specification: int = 0

    @property
    def total(self) -> int:
        """All measurements."""
        return self.passed + self.failed + self.not_measured + self.no_specification


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelCheck:
    """One specification against the members of one line."""

    specification: str
    kind: Kind
    level: str | None
    operator: str
    threshold: float
    unit: str
    value: float | None
    """The member furthest in the direction that fails, in ``unit``."""
    status: Status
    """Of the worst member."""
    failed: int
    judged: int
    """Members with a value."""
    margin: float | None
    """(threshold - value) in the direction of passing, as a fraction of the threshold."""
    reference: Reference = Reference()
    correction: str | None = None
    problem: str | None = None


LineId = tuple[str, str | None, str | None]
"""Metric, band and producer: they tell the lines of a run apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One metric in one band by one producer: a row of the run page."""

    metric: str
    band: str | None
    producer: str | None
    anchor: str
    unit: str | None
    value: float | None
    """The median over the members that have a value."""
    low: float | None
    high: float | None
    measured: int
    members: int
    worst_member: str | None
    reasons: Mapping[str, int]
    """Why values are missing, with how many of each."""
    checks: Sequence[LevelCheck]
    status: Status | None
    """By its worst requirement check at level design; None: no specification."""
    low_member: str | None = None
    """Which member has the value ``low``."""
    high_member: str | None = None
    failing_members: Sequence[str] = ()
    """Some of those that fail the check that decides the status, furthest out first."""
    extras: bool = False
    """Whether a job stored blobs or notes beside a value."""
    unjudged: int = 0
    """Members with a value to which no requirement at level design applies, though one applies to
    others; 0 where none applies to any."""
    repeats: Sequence[str] = ()
    """What to say of data IDs that have several different values; each of them is a member."""

    @property
    def id(self) -> LineId:
        """What tells it from the other lines of its run."""
        return (self.metric, self.band, self.producer)

    @property
    def detailed(self) -> bool:
        """Whether there is more to show than one number: then the metric has a page in its run."""
        return self.members > 1 or self.extras

    @property
    def headline(self) -> LevelCheck | None:
        """The requirement check at level design that decides the status."""
        return next(
            (
                check
                for check in self.checks
                if is_headline(check.kind, check.level) and check.status == self.status
            ),
            None,
        )

    @property
    def decisive(self) -> LevelCheck | None:
        """The headline, else any requirement check: of a line that none judges at level design."""
        other = (check for check in self.checks if check.kind is Kind.REQUIREMENT)
        return self.headline or next(other, None)

    @property
    def main_reason(self) -> str | None:
        """Why most of its missing values are missing; None where none is."""
        return max(self.reasons, key=lambda name: self.reasons[name], default=None)

    @property
    def is_troubled(self) -> bool:
        """Whether it fails at level design, a release target or a watch range, or lacks values."""
        other = (check for check in self.checks if check.kind is not Kind.REQUIREMENT)
        return (
            self.status in (Status.FAIL, Status.NOT_MEASURED)
            or self.measured < self.members
            or any(check.status is Status.FAIL for check in other)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """One job of a run as the page lists it."""

    job: str
    source: str
    origin: str
    date: str | None
    meta: Mapping[str, Any]
    measurements: int
    remarks: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TestCount:
    """Verdicts of one calibration test in a run, as the files have them."""

    instrument: str | None
    stage: str
    level: str
    """``amplifier``, ``detector``, ``exposure`` or ``run``."""
    test: str
    passed: int
    failed: int
    failing: Sequence[str] = ()
    """The detectors and amplifiers at which it fails, ``R22_S12 C13``; "" is the exposure."""

    @property
    def anchor(self) -> str:
        """Id of its row on the page of the run."""
        return f"test-{self.stage}-{self.level}-{slug(self.test)}"


def single_tests(tests: Sequence[TestCount]) -> list[TestCount]:
    """Return all tests but those that sum up others.

    Where one of those fails although no other does, it is the only one to say so, and counts.
    """
    single = [one for one in tests if not sums_up(one.test)]
    if any(one.failed for one in single):
        return single
    return single + [one for one in tests if sums_up(one.test) and (one.failed or not single)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """One run in full."""

    run: Run
    reference: Run | None
    counts: Counts
    lines: Sequence[Line]
    measurements: pd.DataFrame
    """Rows of MEASUREMENTS with ``metric`` resolved by the aliases and ``unit`` as overrides state
    it, and ``stored_metric`` and ``stored_unit`` as the file has them."""
    checks: pd.DataFrame
    """As `analysis.judging.checks.check_measurements` returns them; ``row`` is the index above."""
    jobs: Sequence[JobRecord]
    tests: Sequence[TestCount] = ()
    """Calibration tests, those that fail first."""
    problems: Sequence[str] = ()
    """Verdicts that could not be reached, and what to do."""
    unreadable: Sequence[Mapping[str, str]] = ()
    demonstration: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What is said of any run, also of one whose page lives in an older edition."""

    run: Run
    reference: Run | None
    counts: Counts
    demonstration: bool = False
    in_full: bool = True
    """Whether this edition has the page of the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """The beginning of a stretch of history in which values can be compared."""

    from_run: str
    position: int
    reason: str


EpochsOf = Callable[[str, str, str | None, Sequence[Run]], Sequence[Epoch]]
"""Epochs of a metric in a dataset by a producer, on the axis of its runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesStep:
    """A lasting change of level in a series."""

    position: int
    """On the axis of the dataset: the first run at the new level."""
    before: float
    after: float
    change: float
    ci_low: float
    ci_high: float
    """95 % interval of the change, in the unit of the series."""
    confirmed: bool
    """It stood at the next two looks; until then it is new."""
    better: bool | None
    """By the metric's direction; None where the metric has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesTrend:
    """How a series moved, within its epochs."""

    verdict: str
    """Of the newest epoch: ``steps``, ``drift``, ``stable`` or ``too_few``."""
    steps: Sequence[SeriesStep]
    spikes: Sequence[int]
    """Positions of single points far from their neighbours."""
    noise: float
    """Standard deviation in the newest epoch; nan with too few points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistorySeries:
    """One metric over the runs of one dataset, at one data ID, by one producer."""

    dataset: str
    producer: str | None
    data_id: Mapping[str, Any]
    aggregate: bool
    """The median over several members, not a stored value."""
    values: Sequence[float]
    """In the history's unit, one per run of the dataset; nan where missing."""
    reasons: Sequence[str | None]
    """Why a value is missing; None where there is one."""
    measured: Sequence[int]
    members: Sequence[int]
    repeated: Mapping[int, int] = field(default_factory=dict)
    """How many data IDs have several different values, by position, where any has."""
    epochs: Sequence[Epoch] = ()
    trend: SeriesTrend | None = None
    """None: not looked for."""

    @property
    def steps(self) -> Sequence[SeriesStep]:
        """The lasting changes of level."""
        return self.trend.steps if self.trend else ()

    @property
    def band(self) -> str | None:
        """The band of the data ID."""
        return self.data_id.get("band")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetHistory:
    """One metric in one dataset."""

    dataset: str
    unit: str | None
    runs: Sequence[Run]
    """The axis: every run of the dataset, in the order of releases."""
    series: Sequence[HistorySeries]
    limits: Sequence[Specification]
    """That apply in this dataset, in ``unit`` where they convert."""
    demonstration: bool = False

    @property
    def joined(self) -> Sequence[HistorySeries]:
        """The series over all members: the first of each band and producer."""
        found: dict[tuple[str | None, str | None], HistorySeries] = {}
        for one in self.series:
            found.setdefault((one.band, one.producer), one)
        return list(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricReport:
    """One metric: what it is and how it went."""

    metric: Metric
    stored_names: Sequence[str]
    """Names under which sources stored it, where they differ from its own."""
    specifications: Sequence[Specification]
    histories: Sequence[DatasetHistory]


def is_headline(kind: str, level: str | None) -> bool:
    """Tell whether a check counts for the status of a measurement."""
    return kind == Kind.REQUIREMENT and level in ("design", None)
