"""The first page: whether the latest run of each dataset is good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reportgen.model.issues import IssueState
from reportgen.model.pages import Heading, Page
from reportgen.model.report import Counts, LevelCheck, Line, RunReport, RunSummary
from reportgen.model.runs import Run, slug
from reportgen.model.status import LEVELS, Kind, Status
from reportgen.pages import words
from reportgen.pages.calibrations import InstrumentView
from reportgen.pages.events import EventRow
from reportgen.pages.paths import metric_path, run_path
from reportgen.pages.runs import age
from reportgen.pages.source_ages import SourceAge

MATRIX_RUNS = 8
"""Runs in the matrix of each dataset."""
MOST_FAILING = 6
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

    status: Status | None
    text: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """One metric and band over the last runs."""

    metric: str
    path: str
    band: str
    states: Sequence[Status | None]
    """One per run; None: no specification, or not part of the run."""


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
    levels: Sequence[LevelState]
    """At design, minimum, stretch."""
    newly_failing: Sequence[str]
    fixed: Sequence[str]
    counts: Counts
    kinds: Sequence[KindCount]
    failing: Sequence[FailingRow]
    more_failing: int
    missing: Mapping[str, int]
    releases: Sequence[Run]
    matrix: Sequence[MatrixRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewView:
    """What the first page shows."""

    site: str
    sentence: str
    cards: Sequence[DatasetCard]
    calibrations: Sequence[InstrumentView]
    events: Sequence[EventRow]
    issues: Sequence[IssueState]
    unreadable: Sequence[Mapping[str, str]]
    problems: Sequence[str]
    old_sources: Sequence[SourceAge] = ()
    """Sources that could not be pulled, or were not for long."""


def page(
    site: str,
    reports: Sequence[RunReport],
    summaries: Sequence[RunSummary],
    *,
    unreadable: Sequence[Mapping[str, str]],
    problems: Sequence[str],
    today: date,
    calibrations: Sequence[InstrumentView] = (),
    recent: Sequence[EventRow] = (),
    stale_after_days: int | None = None,
    issues: Sequence[IssueState] = (),
    ages: Sequence[SourceAge] = (),
) -> Page:
    """Return the first page, from the runs that are shown in full."""
    datasets = dict.fromkeys(report.run.dataset for report in reports if report.lines)
    cards = [
        _card(
            [report for report in reports if report.run.dataset == dataset],
            [summary for summary in summaries if summary.run.dataset == dataset],
            today,
            stale_after_days,
        )
        for dataset in datasets
    ]
    cards = [card for card in cards if card.matrix or card.counts.total]
    cards.sort(key=lambda card: card.run.day or "", reverse=True)
    sentence = _sentence(cards)
    return Page(
        path="",
        title=site,
        description=sentence,
        template="overview",
        view=OverviewView(
            site=site,
            sentence=sentence,
            cards=cards,
            calibrations=calibrations,
            events=recent,
            issues=issues,
            unreadable=unreadable,
            problems=problems,
            old_sources=[age for age in ages if age.state],
        ),
        toc=[
            *([Heading(id="events", title="What changed")] if recent else []),
            *([Heading(id="calibrations", title="Calibrations")] if calibrations else []),
            *([Heading(id="known-issues", title="Known issues")] if issues else []),
            *(Heading(id=card.anchor, title=card.dataset) for card in cards),
        ],
    )


def _sentence(cards: Sequence[DatasetCard]) -> str:
    if not cards:
        return "No results are stored yet. Run reportgen pull."
    failing = [card.dataset for card in cards if card.counts.failed]
    judged = [card for card in cards if card.counts.passed or card.counts.failed]
    if failing:
        return (
            f"In {len(failing)} of {words.plural(len(judged), 'dataset')} the latest run fails"
            f" requirements: {words.join(failing)}."
        )
    if judged:
        return f"The latest run of {words.join([c.dataset for c in judged])} meets its design."
    return f"The latest runs of {words.plural(len(cards), 'dataset')}; no requirement applies."


def _card(
    reports: Sequence[RunReport],
    summaries: Sequence[RunSummary],
    today: date,
    stale_after_days: int | None,
) -> DatasetCard:
    latest = reports[-1]
    failing = [line for line in latest.lines if line.status is Status.FAIL]
    recent = reports[-MATRIX_RUNS:]
    return DatasetCard(
        anchor=slug(latest.run.dataset),
        dataset=latest.run.dataset,
        demonstration=latest.demonstration,
        run=latest.run,
        path=run_path(latest.run),
        age=age(latest.run.day, today),
        stale=stale([s.run.day for s in summaries], today, stale_after_days),
        sentence=words.run_sentence(latest.counts, latest.lines),
        levels=[_level(latest.lines, level) for level in LEVELS],
        newly_failing=_changed(reports, Status.PASS, Status.FAIL),
        fixed=_changed(reports, Status.FAIL, Status.PASS),
        counts=latest.counts,
        kinds=_kinds(latest.lines),
        failing=[_failing(line) for line in failing[:MOST_FAILING]],
        more_failing=max(len(failing) - MOST_FAILING, 0),
        missing=_missing(latest.lines),
        releases=[report.run for report in recent],
        matrix=_matrix(recent),
    )


def _level(lines: Sequence[Line], level: str) -> LevelState:
    wanted = ("design", None) if level == "design" else (level,)
    found = [
        min(statuses, key=_SEVERITY.index)
        for line in lines
        if (
            statuses := [
                check.status
                for check in line.checks
                if check.kind is Kind.REQUIREMENT and check.level in wanted
            ]
        )
    ]
    if not found:
        return LevelState(status=None, text="")
    worst = min(found, key=_SEVERITY.index)
    return LevelState(status=worst, text=f"{found.count(worst)} of {len(found)}")


_SEVERITY = (Status.FAIL, Status.NOT_MEASURED, Status.PASS)


def _changed(reports: Sequence[RunReport], before: Status, after: Status) -> list[str]:
    """Name what had one status in the run before the latest and has another one now."""
    if len(reports) < 2:
        return []
    old, new = ({(x.metric, x.band): x for x in report.lines} for report in reports[-2:])
    changed = [
        line
        for key, line in new.items()
        if line.status is after and key in old and old[key].status is before
    ]
    return [
        f"{words.short(line.metric)} {line.band or ''}".strip()
        for line in sorted(changed, key=lambda line: _by_band((line.metric, line.band or "")))
    ]


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
        gaps = sorted((b - a).days for a, b in zip(known[-13:], known[-12:], strict=False))
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


def _failing(line: Line) -> FailingRow:
    check = line.headline
    assert check is not None, "a failing row has a check that failed"  # noqa: S101
    several = f"{check.failed} of {line.members} members" if line.members > 1 else ""
    return FailingRow(
        metric=words.short(line.metric),
        path=metric_path(line.metric),
        band=line.band or "",
        value=check.value,
        unit=check.unit,
        limit=words.limit(check),
        margin=words.outside(check),
        inside=check.margin,
        members=several,
    )


def _missing(lines: Sequence[Line]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for line in lines:
        for reason, n in line.reasons.items():
            found[reason] = found.get(reason, 0) + n
    return found


def _matrix(reports: Sequence[RunReport]) -> list[MatrixRow]:
    """Return the status of each metric and band that has a requirement, over the runs."""
    states: dict[tuple[str, str], dict[str, Status | None]] = {}
    for report in reports:
        for line in report.lines:
            if line.status is not None:
                row = states.setdefault((line.metric, line.band or ""), {})
                before = row.get(report.run.id)
                row[report.run.id] = _worse(before, line.status)
    return [
        MatrixRow(
            metric=words.short(metric),
            path=metric_path(metric),
            band=band,
            states=[row.get(report.run.id) for report in reports],
        )
        for (metric, band), row in sorted(states.items(), key=lambda item: _by_band(item[0]))
    ]


def _worse(first: Status | None, second: Status) -> Status:
    order = (Status.PASS, Status.NOT_MEASURED, Status.FAIL)
    return second if first is None else max(first, second, key=order.index)


def _by_band(key: tuple[str, str]) -> tuple[str, int, str]:
    return (key[0], *words.band_order(key[1]))
