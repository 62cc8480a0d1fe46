"""``triage.toml``: known issues, who looks at them, and until when they are excused."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from reportgen.definitions.patterns import fits, names
from reportgen.definitions.toml_file import Entry, Patterns, Text, read_toml


class KnownIssue(Entry):
    """One known issue: the measurements it is about, and who looks at it."""

    metric: Patterns = ("*",)
    run: Patterns = ("*",)
    """Of the id of a run, ``hsc-rc2/w_2021_34``."""
    band: Patterns = ("*",)
    owner: Text
    ticket: Text | None = None
    since: date | None = None
    """The day it became known."""
    expires: date | None = None
    """The last day on which it excuses anything."""

    @model_validator(mode="after")
    def _about_something(self) -> Self:
        if (self.metric, self.run, self.band) == (("*",),) * 3:
            raise ValueError("it is about everything; give metric, run or band")
        if self.since and self.expires and self.expires < self.since:
            raise ValueError("it expires before it began; exchange since and expires")
        return self

    def active(self, today: date) -> bool:
        """Tell whether it counts on this day."""
        return (self.since or today) <= today <= (self.expires or today)

    def covers(self, metric: str, run_id: str, band: str | None) -> bool:
        """Tell whether a measurement is meant."""
        return names(metric, self.metric) and fits(run_id, self.run) and fits(band or "", self.band)


class _TriageFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    issue: tuple[KnownIssue, ...] = ()


def load_triage(path: Path, name: str | None = None) -> tuple[KnownIssue, ...]:
    """Read the ``[[issue]]`` entries; ``name`` is what errors call the file.

    Raises
    ------
    DefinitionError
        If the file cannot be read or validated; names entry, key and allowed values.
    """
    return read_toml(path, name or path.name, _TriageFile).issue


def matching(
    entries: Iterable[KnownIssue], metric: str, run_id: str, band: str | None, today: date
) -> tuple[KnownIssue, ...]:
    """Return the issues that are known of a measurement on this day, in the order of the file."""
    return tuple(
        entry for entry in entries if entry.active(today) and entry.covers(metric, run_id, band)
    )
