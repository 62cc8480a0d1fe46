"""``triage.toml``: known issues, who looks at them, until when; and who looks after a metric."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from reportgen.definitions.patterns import fits, names
from reportgen.definitions.toml_file import Entry, Patterns, Text, read_toml
from reportgen.model.issues import Issue, IssueBook, Known


class KnownIssue(Entry):
    """One known issue: the measurements it is about, and who looks at it."""

    metric: Patterns = ("*",)
    run: Patterns = ("*",)
    """Of the id of a run, ``hsc-rc2/w_2021_34``."""
    band: Patterns = ("*",)
    place: Patterns = ("*",)
    """Of calibrations: detector and amplifier, ``R22_S12 C13``."""
    owner: Text
    ticket: Text | None = None
    since: date | None = None
    """The day it became known."""
    expires: date | None = None
    """The last day on which it excuses anything."""

    @model_validator(mode="after")
    def _about_something(self) -> Self:
        if (self.metric, self.run, self.band, self.place) == (("*",),) * 4:
            raise ValueError("it is about everything; give metric, run, band or place")
        if self.since and self.expires and self.expires < self.since:
            raise ValueError("it expires before it began; exchange since and expires")
        return self

    def active(self, today: date) -> bool:
        """Tell whether it counts on this day."""
        return (self.since or today) <= today <= (self.expires or today)

    def covers(self, metric: str, run_id: str, band: str | None, place: str | None = "") -> bool:
        """Tell whether a measurement is meant; ``place`` None: at any place."""
        return (
            names(metric, self.metric)
            and fits(run_id, self.run)
            and fits(band or "", self.band)
            and (place is None or self.is_at(place))
        )

    def is_at(self, place: str) -> bool:
        """Tell whether a detector and amplifier is meant."""
        # Pages write "detector 0 C02" where a detector has no name but a number.
        return fits(place, self.place) or fits(f"detector {place}", self.place)

    @property
    def about(self) -> str:
        """What it is about, in words: ``PA1, AM1 in y, runs hsc-rc2/*``."""
        what = "every metric" if self.metric == ("*",) else ", ".join(self.metric)
        parts = [f"{what} in {', '.join(self.band)}" if self.band != ("*",) else what]
        parts += [f"at {', '.join(self.place)}"] if self.place != ("*",) else []
        parts += [f"runs {', '.join(self.run)}"] if self.run != ("*",) else []
        return ", ".join(parts)


class Owner(BaseModel):
    """Who looks after some metrics."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    metric: Patterns
    owner: Text


class _TriageFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    issue: tuple[KnownIssue, ...] = ()
    owner: tuple[Owner, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """Everything that the file says."""

    issues: tuple[KnownIssue, ...] = ()
    owners: tuple[Owner, ...] = ()

    def owner_of(self, metric: str) -> str | None:
        """Return who looks after a metric: the first entry that names it."""
        return next((one.owner for one in self.owners if names(metric, one.metric)), None)

    def marks(self) -> list[Issue]:
        """Return the issues as pages show them."""
        return [_mark(number, entry) for number, entry in enumerate(self.issues, start=1)]

    def book(self, today: date) -> IssueBook:
        """Return the known issues that count on a day, together with the owners."""
        return IssueBook(known=self.known(today), owner_of=self.owner_of)

    def known(self, today: date) -> Known:
        """Return a look-up of the issues that count on a day."""
        active = [
            (entry, mark)
            for entry, mark in zip(self.issues, self.marks(), strict=True)
            if entry.active(today)
        ]

        def find(
            metric: str, run_id: str, band: str | None, place: str | None = "", /
        ) -> tuple[Issue, ...]:
            return tuple(
                mark for entry, mark in active if entry.covers(metric, run_id, band, place)
            )

        return find


def _mark(number: int, entry: KnownIssue) -> Issue:
    return Issue(
        number=number,
        owner=entry.owner,
        reason=entry.reason,
        ticket=entry.ticket,
        since=entry.since,
        expires=entry.expires,
        place="" if entry.place == ("*",) else ", ".join(entry.place),
    )


def load_triage(path: Path, name: str | None = None) -> Triage:
    """Read the ``[[issue]]`` and ``[[owner]]`` entries; ``name`` is what errors call the file.

    Raises
    ------
    DefinitionError
        If the file cannot be read or validated; names entry, key and allowed values.
    """
    found = read_toml(path, name or path.name, _TriageFile)
    return Triage(issues=found.issue, owners=found.owner)
