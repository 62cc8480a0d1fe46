"""What to say about runs in the next meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.model.comparison import ComparisonRow
from reportgen.model.events import Event
from reportgen.model.gate import RunGate
from reportgen.model.issues import IssueBook, IssueState
from reportgen.model.report import RunReport


@dataclass(frozen=True, slots=True, kw_only=True)
class RunNews:
    """One run: its verdicts, and what is different from its reference."""

    report: RunReport
    gate: RunGate
    fixed: Sequence[ComparisonRow] = ()
    drifts: Sequence[Event] = ()
    """Of the calibrations, where the run is the last that they have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """Runs that a meeting has not seen, and what follows."""

    runs: Sequence[RunNews]
    book: IssueBook
    issues: Sequence[IssueState] = ()
    """Entries of the known issues that are about these runs, or need somebody."""
    since: str = ""
    """The day after which runs count, and why that day; empty: a run was asked for."""
