"""Events: what happened at a run or in a night, one entry for everything that has one cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from reportgen.model.calibrations import StageKey


class EventKind(StrEnum):
    """What happened."""

    NEWLY_FAILING = "newly_failing"
    """A requirement or a calibration test fails that did not."""
    FIXED = "fixed"
    MISSING = "missing"
    """A value is not there any more."""
    STEP = "step"
    """A lasting change of level began."""
    DRIFT = "drift"
    """A slow trend, as of the last night."""
    EPOCH = "epoch"
    """From here on values cannot be compared with those before."""


class EventStatus(StrEnum):
    """How far it is known."""

    NEW = "new"
    """A step at first sight: it has not yet stood at two more looks."""
    CONFIRMED = "confirmed"
    """A step that stood: the level after it is the new normal."""
    OPEN = "open"
    """It is still so in the newest run."""
    RESOLVED = "resolved"
    DONE = "done"
    """It happened and needs nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMember:
    """One series or row that an event is about."""

    metric: str
    data_id: Mapping[str, str] = field(default_factory=dict)
    producer: str | None = None
    better: bool | None = None
    """Whether it changed for the better; None: nothing says so."""
    detail: str = ""
    """Size or reason in words: ``+0.8 mmag``, ``nan``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry: everything of one kind that happened at one run or in one night."""

    id: str
    """The same in every build, also when members join or the status changes."""
    kind: EventKind
    status: EventStatus
    dataset: str
    run: str
    """Id of the run at which it began."""
    when: str
    """Release of the run, or the night of calibrations."""
    date: str | None
    """Day, ISO 8601."""
    members: Sequence[EventMember]
    shared: Mapping[str, Sequence[str]]
    """Values that all members have in common and that not everything has: band, package …"""
    order: int = 0
    """Place among the events of a day without one: later runs have larger numbers."""
    ticket: str | None = None
    reason: str = ""
    """Why an epoch begins."""
    comparison: str | None = None
    """Address of the page that compares the run with its reference."""
    stage: StageKey | None = None
    """Of calibrations."""
    demonstration: bool = False

    @property
    def metrics(self) -> Sequence[str]:
        """Names of the metrics, each once."""
        return list(dict.fromkeys(member.metric for member in self.members))
