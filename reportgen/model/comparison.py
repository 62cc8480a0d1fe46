"""Two runs against each other: what got better or worse beyond the noise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from reportgen.model.report import LineId
from reportgen.model.runs import Run, slug
from reportgen.model.status import Status

Direction = Literal["down", "up"]
"""Where a metric improves."""

FALSE_DISCOVERIES = 0.05
"""Share of the significant rows of one page that may be chance (Benjamini and Hochberg)."""


class Verdict(StrEnum):
    """What became of one row from A to B, in the order in which pages show them."""

    REGRESSED = "regressed"
    """Significant, beyond the tolerance, in the direction that is worse."""
    IMPROVED = "improved"
    REMOVED = "removed"
    """A has a value, B has none."""
    ADDED = "added"
    NOT_COMPARABLE = "not_comparable"
    """Definition, unit or producer changed between A and B, or they share no member."""
    INCONCLUSIVE = "inconclusive"
    """Too little is known to tell a change from noise, or better from worse."""
    NEGLIGIBLE = "negligible"
    """Significant, but inside the tolerance."""
    UNCHANGED = "unchanged"
    """Shown to be inside the tolerance, or inside what the series usually changes."""


class Basis(StrEnum):
    """What a verdict rests on."""

    PAIRED = "paired"
    """The differences of the members that both runs have."""
    HISTORY = "history"
    """The series' own past changes."""
    TOO_FEW = "too_few"
    """Neither enough members nor enough past changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two that are compared: a run, or what one producer measured in it."""

    run: Run
    producer: str | None = None

    @property
    def label(self) -> str:
        """Name for heads of columns and sentences."""
        return f"{self.run.release} by {self.producer}" if self.producer else self.run.release

    @property
    def slug(self) -> str:
        """The side in an address."""
        release = slug(self.run.release)
        return f"{release}-by-{slug(self.producer)}" if self.producer else release


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """Values of the members that both sides have, in the row's unit."""

    labels: Sequence[str]
    a: Sequence[float]
    b: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Which members a comparison could use."""

    common: int
    """With a value on both sides: the comparison uses these alone."""
    total: int
    """On either side, with or without value."""
    joined: int = 0
    """With a value in B only."""
    left: int = 0
    joined_examples: Sequence[str] = ()
    left_examples: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """How much a series changed from run to run before the change that is judged."""

    changes: Sequence[float] = ()
    """Sizes of the past changes within the epoch, oldest first, in ``unit``."""
    values: Sequence[float] = ()
    """The values behind them: one more than changes."""
    releases: Sequence[str] = ()
    """Releases of the values."""
    unit: str | None = None
    noise: float | None = None
    """Median of the changes."""
    threshold: float | None = None
    """A change beyond this is unusual; None: too few past changes."""
    epoch: int = 0
    """How many epochs began up to this run."""
    epoch_reason: str = ""
    """Why the last of them began."""

    def scaled(self, factor: float, unit: str | None) -> Baseline:
        """Return the same past in another unit."""
        return replace(
            self,
            changes=[change * factor for change in self.changes],
            values=[value * factor for value in self.values],
            unit=unit,
            noise=None if self.noise is None else self.noise * factor,
            threshold=None if self.threshold is None else self.threshold * factor,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonRow:
    """One metric in one band by one producer, in A and in B."""

    metric: str
    band: str | None
    producer: str | None
    producer_b: str | None
    """Differs from ``producer`` where producers are compared, or one took over."""
    anchor: str
    unit: str | None
    a: float | None
    """Median over the common members."""
    b: float | None
    change: float | None = None
    """Median of the differences B - A of the common members; None: they are not compared."""
    relative: float | None = None
    """``change`` as a fraction of the size of ``a``."""
    verdict: Verdict
    basis: Basis
    reason: str
    """Why this verdict, in one clause."""
    direction: Direction | None
    members: Membership
    tolerance: float | None = None
    noise: float | None = None
    """Size of a change that means nothing: spread of differences, or usual past change."""
    threshold: float | None = None
    """A change beyond this counts."""
    ci_low: float | None = None
    ci_high: float | None = None
    p_value: float | None = None
    q_value: float | None = None
    status_a: Status | None = None
    """By the worst requirement check at level design; None: no specification, or no row."""
    status_b: Status | None = None
    newly_failing: bool = False
    """B fails a requirement that A, by any producer, did not fail."""
    fixed: bool = False
    """B passes a requirement that A failed."""
    baseline: Baseline = Baseline()
    pairs: Members | None = None
    """Of the first rows of a comparison that have several."""

    @property
    def medians_disagree(self) -> bool:
        """Whether the median of A to that of B goes the other way than most members."""
        if self.a is None or self.b is None or self.change is None:
            return False
        return (self.b - self.a) * self.change < 0

    @property
    def is_troubled(self) -> bool:
        """Whether B fails or lacks a value, or is worse than A."""
        gone = self.verdict in (Verdict.REGRESSED, Verdict.REMOVED)
        return gone or self.status_b in (Status.FAIL, Status.NOT_MEASURED)

    @property
    def data_id(self) -> Mapping[str, str]:
        """What all members share."""
        return {"band": self.band} if self.band else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmeasured:
    """A metric that both runs list and neither measured."""

    metric: str
    band: str | None
    producer: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """B against A."""

    a: Side
    b: Side
    rows: Sequence[ComparisonRow]
    """Newly failing first, then by verdict; within one, the largest relative change first."""
    unmeasured: Sequence[Unmeasured] = ()
    demonstration: bool = False

    @property
    def of_producers(self) -> bool:
        """Whether two producers of one run are compared: then nothing came before the other."""
        return self.a.run.id == self.b.run.id

    @property
    def path(self) -> str:
        """Address of the page, from the root of the edition."""
        return f"compare/{self.id}/"

    @property
    def id(self) -> str:
        """``<dataset>/<a>...<b>``; B's dataset is named where it is another."""
        dataset = slug(self.a.run.dataset)
        other = slug(self.b.run.dataset)
        b = self.b.slug if other == dataset else f"{other}...{self.b.slug}"
        return f"{dataset}/{self.a.slug}...{b}"

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """How many rows have each verdict, zeros included."""
        found = Counter(row.verdict for row in self.rows)
        return {verdict: found[verdict] for verdict in Verdict}

    @property
    def newly_failing(self) -> Sequence[ComparisonRow]:
        """Rows that fail now and did not."""
        return [row for row in self.rows if row.newly_failing]

    @property
    def fixed(self) -> Sequence[ComparisonRow]:
        """Rows that pass now and did not."""
        return [row for row in self.rows if row.fixed]

    @property
    def gone(self) -> Sequence[ComparisonRow]:
        """Rows whose value is not there any more, by no producer."""
        measured = {(row.metric, row.band) for row in self.rows if row.b is not None}
        removed = self.of(Verdict.REMOVED)
        return [row for row in removed if (row.metric, row.band) not in measured]

    def by_line(self) -> dict[LineId, ComparisonRow]:
        """Return the rows by the lines of B that they are about."""
        return {(row.metric, row.band, row.producer_b): row for row in self.rows}

    def of(self, verdict: Verdict) -> Sequence[ComparisonRow]:
        """Return the rows with a verdict."""
        return [row for row in self.rows if row.verdict is verdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A comparison that is made in advance."""

    a: str
    """Run id."""
    b: str
    producer_a: str | None = None
    producer_b: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineBaseline:
    """What is known of one line of a run before it is compared with another run."""

    metric: str
    band: str | None
    producer: str | None
    unit: str | None
    factor: float | None
    """From ``unit`` to the unit of the line's history; None: they do not convert."""
    history_unit: str | None
    direction: Direction | None
    tolerance: float | None
    """In ``unit``; None: the default, a part of the value."""
    baseline: Baseline
    """In ``unit``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBaselines:
    """What is known of the lines of one run: with it, any two runs can be compared."""

    run: Run
    position: int
    """Of the run among those of its dataset, in the order of releases."""
    lines: Sequence[LineBaseline]
