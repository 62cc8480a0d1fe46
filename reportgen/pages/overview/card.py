"""One dataset on the first page: how its latest run does, and what is different."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from reportgen.model.comparison import Comparison
from reportgen.model.report import LevelCheck, Line, MetricReport, RunReport, RunSummary
from reportgen.model.runs import Run, slug
from reportgen.model.status import LEVELS, Kind, Status, worst
from reportgen.pages import words
from reportgen.pages.changes import ChangeCell, against_reference, change_cells
from reportgen.pages.overview.differences import Difference, find_differences
from reportgen.pages.overview.matrix import Matrix, make_matrix
from reportgen.pages.paths import run_path
from reportgen.pages.runs import age

MATRIX_RUNS = 12
"""Runs in the matrix of each dataset."""
MOST_FAILING = 5
"""Failing rows shown per dataset; the run's page has all."""
USUAL_INTERVALS = 3
"""A dataset is stale after so many of its usual intervals without a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCount:
    """Verdicts of one kind and level over a run."""

    name: str
    passed: int
    failed: int
    not_measured: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelState:
    """How a run does at one level of its requirements, over metric and band."""

    level: str
    status: Status | None
    count: str
    """How many have that status: ``11 of 37``."""
    detail: str
    """The row that is furthest out, or nearest to its limit, with its margin."""

    @property
    def filter(self) -> str:
        """By which the table of the run shows the rows that are counted."""
        return "status" if self.level == "design" else self.level


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingRow:
    """What fails, and by how much."""

    metric: str
    path: str
    band: str
    value: float | None
    unit: str
    limit: str
    margin: str
    inside: float | None
    members: str
    change: ChangeCell | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetCard:
    """One dataset on the first page."""

    anchor: str
    dataset: str
    demonstration: bool
    run: Run
    path: str
    age: str
    stale: str
    sentence: str
    judged: int
    """Rows (metric and band) with a requirement at design."""
    levels: Sequence[LevelState]
    """At design, minimum, stretch."""
    differences: Sequence[Difference]
    """Newly failing, fixed, drifting."""
    reference: str
    comparison: str
    """Address of the comparison with the reference; empty: there is none."""
    not_measured: int
    """Rows that lack a value."""
    failing: Sequence[FailingRow]
    more_failing: int
    missing: Mapping[str, int]
    kinds: Sequence[KindCount]
    matrix: Matrix | None


def make_card(
    reports: Sequence[RunReport],
    summaries: Sequence[RunSummary],
    metrics: Sequence[MetricReport],
    comparisons: Sequence[Comparison],
    *,
    today: date,
    stale_after_days: int | None,
    most_rows: int,
) -> DatasetCard:
    """Return one dataset; ``reports`` and ``summaries`` are its own, oldest first."""
    latest = reports[-1]
    comparison = against_reference(latest, comparisons)
    changes = change_cells(latest, comparison)
    failing = [line for line in latest.lines if line.status is Status.FAIL]
    return DatasetCard(
        anchor=slug(latest.run.dataset),
        dataset=latest.run.dataset,
        demonstration=latest.demonstration,
        run=latest.run,
        path=run_path(latest.run),
        age=age(latest.run.day, today),
        stale=stale([one.run.day for one in summaries], today, stale_after_days),
        sentence=words.run_sentence(latest.lines),
        judged=sum(line.status is not None for line in latest.lines),
        levels=[_level(latest.lines, level) for level in LEVELS],
        differences=find_differences(latest, comparison, metrics),
        reference=latest.reference.release if latest.reference else "",
        comparison=comparison.path if comparison else "",
        not_measured=sum(bool(line.reasons) for line in latest.lines),
        failing=[_failing(line, latest, changes) for line in failing[:MOST_FAILING]],
        more_failing=max(len(failing) - MOST_FAILING, 0),
        missing=_missing(latest.lines),
        kinds=_kinds(latest.lines),
        matrix=make_matrix(reports[-MATRIX_RUNS:], most_rows),
    )


def _level(lines: Sequence[Line], level: str) -> LevelState:
    wanted = ("design", None) if level == "design" else (level,)
    found = [
        (line, worst([check.status for check in checks]), checks)
        for line in lines
        if (checks := [c for c in line.checks if c.kind is Kind.REQUIREMENT and c.level in wanted])
    ]
    if not found:
        return LevelState(level=level, status=None, count="", detail="")
    status = worst([one for _, one, _ in found])
    margins = [
        (check.margin, line, check)
        for line, _, checks in found
        for check in checks
        if check.margin is not None
    ]
    detail = ""
    if margins:
        _, line, check = min(margins, key=lambda one: one[0])
        name = words.name_row(line.metric, line.band)
        inside = check.margin is None or check.margin >= 0
        detail = f"{'closest: ' if inside else ''}{name} {words.outside(check)}"
    n = sum(one is status for _, one, _ in found)
    return LevelState(level=level, status=status, count=f"{n} of {len(found)}", detail=detail)


def stale(days: Sequence[str | None], today: date, after: int | None) -> str:
    """Say that no run came for longer than usual; empty where that is not so.

    Usual is three times the median interval between the last runs, where no number of days is
    configured.
    """
    known = sorted(date.fromisoformat(day) for day in days if day)
    if not known:
        return ""
    since = (today - known[-1]).days
    if after is None:
        gaps = sorted((b - a).days for a, b in pairwise(known[-13:]))
        if len(gaps) < 2:
            return ""
        after = max(USUAL_INTERVALS * gaps[len(gaps) // 2], 2)
    return f"no run for {since} days; usual is at most {after}" if since > after else ""


def _kinds(lines: Sequence[Line]) -> list[KindCount]:
    """Count verdicts per kind, requirements by level, over metric and band."""
    found: dict[str, list[Status]] = {f"requirement, {level}": [] for level in LEVELS}
    for line in lines:
        for check in line.checks:
            found.setdefault(_kind_name(check), []).append(check.status)
    return [
        KindCount(
            name=name,
            passed=statuses.count(Status.PASS),
            failed=statuses.count(Status.FAIL),
            not_measured=statuses.count(Status.NOT_MEASURED),
        )
        for name, statuses in found.items()
        if statuses
    ]


def _kind_name(check: LevelCheck) -> str:
    name = words.KINDS[check.kind]
    if check.kind is Kind.REQUIREMENT:
        return f"{name}, {check.level or 'no level'}"
    return f"{name}, {check.level}" if check.kind is Kind.RELEASE_TARGET else name


def _failing(line: Line, report: RunReport, changes: Mapping[str, ChangeCell]) -> FailingRow:
    check = line.headline
    assert check is not None, "a failing row has a check that failed"  # noqa: S101
    return FailingRow(
        metric=words.short(line.metric),
        path=f"{run_path(report.run)}#{line.anchor}",
        band=line.band or "",
        value=check.value,
        unit=check.unit,
        limit=words.limit(check),
        margin=words.outside(check),
        inside=check.margin,
        members=f"worst of {line.members} members, {check.failed} fail" if line.members > 1 else "",
        change=changes.get(line.anchor),
    )


def _missing(lines: Sequence[Line]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for line in lines:
        for reason, n in line.reasons.items():
            found[reason] = found.get(reason, 0) + n
    return found
