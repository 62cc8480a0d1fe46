"""One metric in one run: its members, and the extras that jobs stored beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reportgen.model.figures import Limit
from reportgen.model.report import LevelCheck, Line, RunReport
from reportgen.model.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberTable:
    """The members of one line of a run."""

    line: Line
    limits: Sequence[LevelCheck]
    """That decide the order: requirements at level design, else the strictest kind there is."""
    drawn: Sequence[Limit]
    """All limits of the line, in the unit of its values."""
    members: pd.DataFrame
    """Measurements, worst first, by the index of the run's measurements, with columns of their own.

    ``label`` is the data ID without the band in words; ``anchor`` the id of the row on the page of
    the metric; ``status`` that of the worst limit which the page shows (None: no limit);
    ``inside`` how far the value is inside that limit, in its unit, negative outside.
    """

    @property
    def measured(self) -> pd.DataFrame:
        """The members that have a value."""
        return self.members.iloc[: self.members["value"].count()]

    @property
    def judged(self) -> pd.DataFrame:
        """Those of them that a limit judges: it applies to them, and the units convert."""
        found = self.measured
        return found[found["status"].isin((Status.PASS.value, Status.FAIL.value))]

    @property
    def missing(self) -> pd.DataFrame:
        """The members without one."""
        return self.members.iloc[self.members["value"].count() :]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricInRun:
    """One metric in one run, by band and producer."""

    report: RunReport
    metric: str
    tables: Sequence[MemberTable]


@dataclass(frozen=True, slots=True, kw_only=True)
class Datum:
    """One piece of a blob, as it was stored."""

    name: str
    value: Any
    unit: str
    label: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """Extra data that a job stored beside its measurements."""

    identifier: str
    name: str
    data: Sequence[Datum]


BlobOf = Callable[[str, str], Blob | None]
"""The blob of a job by the job's key and the blob's identifier."""


def datum_of(name: str, stored: Any) -> Datum:
    """Return a datum from what a file holds: an object with ``value``, or a bare value."""
    described = stored if isinstance(stored, Mapping) and "value" in stored else {"value": stored}

    def text(key: str) -> str:
        found = described.get(key)
        return "" if found is None else " ".join(str(found).split())

    return Datum(
        name=name,
        value=described["value"],
        unit=text("unit"),
        label=text("label"),
        description=text("description"),
    )
