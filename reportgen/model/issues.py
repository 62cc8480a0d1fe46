"""Known issues: what is known to be wrong, who looks at it, under which ticket, until when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A known issue as everything that shows it says it."""

    number: int
    """Of its entry in the file, counted from 1."""
    owner: str
    reason: str
    ticket: str | None = None
    since: date | None = None
    expires: date | None = None
    """The last day on which it excuses anything."""
    place: str = ""
    """The detectors and amplifiers that it is about; empty: all."""

    @property
    def until(self) -> str:
        """Until when it counts, in words."""
        return f"until {self.expires}" if self.expires else "no expiry"

    @property
    def label(self) -> str:
        """Owner, ticket and expiry: what has to be readable wherever it is marked."""
        place = [f"only {self.place}"] if self.place else []
        return ", ".join((self.owner, self.ticket or "no ticket", self.until, *place))


class Known(Protocol):
    """Finds known issues."""

    def __call__(
        self, metric: str, run_id: str, band: str | None, place: str | None = "", /
    ) -> Sequence[Issue]:
        """Return the issues about a metric in a run and band, in the order of their file.

        ``place`` is a detector and amplifier, ``R22_S12 C13``; None: any of them.
        """


def nothing_known(
    _metric: str, _run: str, _band: str | None, _place: str | None = "", /
) -> Sequence[Issue]:
    """Know of no issue."""
    return ()


def nobody(_metric: str) -> str | None:
    """Know of no owner."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueBook:
    """Who knows of what, and who looks after which metric."""

    known: Known = nothing_known
    owner_of: Callable[[str], str | None] = nobody


NO_ISSUES = IssueBook()
"""Nothing is known, and nobody looks after anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueState:
    """Whether an entry of the file still says something that is so."""

    issue: Issue
    about: str
    """What its patterns name, in words."""
    state: str
    """``active``, ``expired``, ``not_begun``, ``settled`` (nothing is wrong any more where it
    points) or ``fits_nothing``."""
    text: str
    """Why, in a sentence."""
    rows: int = 0
    """Rows of the newest runs that it marks."""

    @property
    def anchor(self) -> str:
        """Of its row on the first page."""
        return f"known-issue-{self.issue.number}"

    @property
    def is_warning(self) -> bool:
        """Whether somebody has to change or remove the entry."""
        return self.state in ("expired", "settled", "fits_nothing")
