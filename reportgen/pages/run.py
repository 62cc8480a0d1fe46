"""The page of one run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import compress
from types import MappingProxyType

from reportgen.model.calibrations import StageKey
from reportgen.model.comparison import Comparison
from reportgen.model.issues import NO_ISSUES, IssueBook
from reportgen.model.numbers import plural
from reportgen.model.pages import Crumb, Heading, Page
from reportgen.model.report import JobRecord, Line, RunReport, TestCount
from reportgen.model.runs import Run, slug
from reportgen.model.status import Status
from reportgen.pages import words
from reportgen.pages.calibrations.paths import stage_path
from reportgen.pages.changes import ChangeCell, against_reference, change_cells
from reportgen.pages.comparison import words as compare_words
from reportgen.pages.issue_marks import Marks, run_marks, run_owners
from reportgen.pages.notes import NoteBook, NoteLink
from reportgen.pages.paths import run_api, run_csv, run_path
from reportgen.pages.run_rows import (
    History,
    MissingRow,
    RowView,
    Shown,
    WatchRow,
    missing_rows,
    row_view,
    shown_columns,
    watch_rows,
    with_levels,
)
from reportgen.pages.run_targets import TargetTable, target_table
from reportgen.pages.software import Package, packages
from reportgen.pages.tally import tally_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRow:
    """One calibration test over the run."""

    anchor: str
    stage: str
    path: str | None
    level: str
    test: str
    passed: int
    failed: int
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing known about a run."""

    name: str
    text: str
    path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """How many rows of the run are in a state."""

    status: Status | None
    rows: int
    measurements: int
    """Members of rows: what the lists of runs and the JSON count."""
    href: str
    """Where the rows are, from the page of the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """What the page of one run shows."""

    title: str
    sentence: str
    demonstration: bool
    run: Run
    facts: Sequence[Fact]
    tiles: Sequence[Tile]
    rows: Sequence[RowView]
    unjudged: Sequence[RowView]
    shown: Shown
    reference: str
    """Release with which the rows are compared; empty: with none."""
    changes: Mapping[str, ChangeCell]
    """By the anchor of the row."""
    issues: Marks
    """Known issues by the anchor of the row."""
    owners: Mapping[str, str]
    """Who looks after the metric of a row that needs it."""
    targets: TargetTable | None
    watch: Sequence[WatchRow]
    tests: Sequence[TestRow]
    missing: Sequence[MissingRow]
    problems: Sequence[str]
    unreadable: Sequence[Mapping[str, str]]
    notes: Sequence[NoteLink]
    jobs: Sequence[JobRecord]
    packages: Sequence[Package]
    meeting: str
    """What to paste into meeting notes, as Markdown."""
    json: str
    csv: str


def pages(
    reports: Sequence[RunReport],
    histories: History,
    notes: NoteBook,
    comparisons: Sequence[Comparison] = (),
    issues: IssueBook = NO_ISSUES,
    *,
    meetings: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Page]:
    """Yield one page per run; ``meetings`` is what to paste of each, by its id."""
    shown = {report.run.id for report in reports}
    for report in reports:
        made = [one for one in comparisons if _concerns(one, report.run)]
        yield page(
            report,
            histories,
            notes,
            shown,
            comparisons=made,
            issues=issues,
            meeting=meetings.get(report.run.id, ""),
        )


def _concerns(comparison: Comparison, run: Run) -> bool:
    """Tell whether the page of a run leads to a comparison: with what came before or elsewhere."""
    elsewhere = comparison.a.run.dataset != comparison.b.run.dataset
    return comparison.b.run.id == run.id or (elsewhere and comparison.a.run.id == run.id)


def page(
    report: RunReport,
    histories: History,
    notes: NoteBook,
    shown: AbstractSet[str],
    *,
    comparisons: Sequence[Comparison] = (),
    issues: IssueBook = NO_ISSUES,
    meeting: str = "",
) -> Page:
    """Return the page of one run.

    ``shown`` are the runs that have a page to link to, ``comparisons`` those of this run.
    """
    facts = [*_facts(report, shown), *map(_compared, comparisons)]
    against = against_reference(report, comparisons)
    view = _view(
        report, histories, notes, facts=facts, comparison=against, issues=issues, meeting=meeting
    )
    rest = [
        Heading(id="missing", title="Not measured") if view.missing else None,
        Heading(id="unjudged", title="No specification") if view.unjudged else None,
    ]
    headings = [
        Heading(id="requirements", title="Requirements") if view.rows or not view.tests else None,
        Heading(id="tests", title="Calibration tests") if view.tests else None,
        Heading(id="targets", title="Release targets") if view.targets else None,
        Heading(id="watch", title="Watch ranges") if view.watch else None,
        *(rest if view.rows else reversed(rest)),
        Heading(id="notes", title="Notes") if view.notes else None,
        Heading(id="jobs", title="Jobs and software"),
    ]
    return Page(
        path=run_path(report.run),
        title=view.title,
        description=view.sentence,
        template="run",
        view=view,
        crumbs=crumbs(report.run),
        toc=[heading for heading in headings if heading],
        searchable=(report.run.release, report.run.dataset, *report.run.tickets),
    )


def crumbs(run: Run) -> Sequence[Crumb]:
    """Return the way to the page of a run."""
    return (
        Crumb(title="Runs", path="runs/"),
        Crumb(title=run.dataset, path=f"runs/#{slug(run.dataset)}"),
    )


def sentence(report: RunReport) -> str:
    """Say whether a run is good: its requirements, its calibration tests, or both."""
    parts = []
    if report.lines or not report.tests:
        parts.append(words.run_sentence(report.lines))
    if report.tests:
        parts.append(words.tests_sentence(report.tests))
    return " ".join(parts)


def _lead(report: RunReport, comparison: Comparison | None) -> str:
    """Say first what is new since the reference, then whether the run is good."""
    new = compare_words.crossings(comparison) if comparison else ()
    return " ".join([*new, sentence(report)])


def _test(one: TestCount) -> TestRow:
    key = StageKey(instrument=one.instrument, stage=one.stage) if one.instrument else None
    return TestRow(
        anchor=one.anchor,
        stage=one.stage,
        path=stage_path(key) if key else None,
        level=one.level,
        test=one.test,
        passed=one.passed,
        failed=one.failed,
        status=Status.FAIL if one.failed else Status.PASS,
    )


def _view(
    report: RunReport,
    histories: History,
    notes: NoteBook,
    *,
    facts: Sequence[Fact],
    comparison: Comparison | None,
    issues: IssueBook,
    meeting: str,
) -> RunView:
    detailed = {line.metric for line in report.lines if line.detailed}
    rows = [
        row_view(line, report.run, histories, detailed=line.metric in detailed)
        for line in report.lines
    ]
    shown = shown_columns(rows)
    unjudged = [not any(row.levels) for row in rows]
    marks = run_marks(report, issues.known, comparison)
    return RunView(
        title=f"{report.run.dataset} {report.run.release}",
        sentence=_lead(report, comparison),
        demonstration=report.demonstration,
        run=report.run,
        facts=facts,
        tiles=_tiles(report, list(compress(report.lines, unjudged))),
        rows=[
            with_levels(row, shown) for row, free in zip(rows, unjudged, strict=True) if not free
        ],
        unjudged=list(compress(rows, unjudged)),
        shown=shown,
        reference=comparison.a.run.release if comparison else "",
        changes=change_cells(report, comparison),
        issues=marks,
        owners=run_owners(report, issues, marks),
        targets=target_table(report.lines),
        watch=list(watch_rows(report.lines)),
        tests=[_test(one) for one in report.tests],
        missing=list(missing_rows(report.lines)),
        problems=report.problems,
        unreadable=report.unreadable,
        notes=notes.about_run(report.run.id),
        jobs=report.jobs,
        packages=packages(report.jobs),
        meeting=meeting,
        json=run_api(report.run),
        csv=run_csv(report.run),
    )


def _tiles(report: RunReport, unjudged: Sequence[Line]) -> Sequence[Tile]:
    if not report.lines:
        return ()  # calibrations are judged by their tests
    counts, rows = report.counts, tally_lines(report.lines)
    missing = sum(sum(line.reasons.values()) for line in report.lines)
    found = (
        (Status.FAIL, rows.failed, counts.failed, "?status=fail#requirements"),
        (Status.NOT_MEASURED, rows.missing, missing, "#missing"),
        (Status.PASS, rows.passed, counts.passed, "?status=pass#requirements"),
        (None, len(unjudged), sum(line.members for line in unjudged), "#table-unjudged"),
    )
    return [
        Tile(status=status, rows=n, measurements=members, href=href)
        for status, n, members, href in found
    ]


def _facts(report: RunReport, shown: AbstractSet[str]) -> Sequence[Fact]:
    run, reference = report.run, report.reference
    newest = run.revisions[-1]
    facts = [
        Fact(name="Date", text=run.day or "not stated"),
        Fact(name="Collection", text=run.key.collection or "not stated"),
        Fact(name="Ticket", text=", ".join(run.tickets) or "not stated"),
        Fact(
            name="Compared with",
            text=reference.release if reference else "nothing: the first run of this dataset",
            path=run_path(reference) if reference and reference.id in shown else None,
        ),
    ]
    producers = {line.producer or "" for line in report.lines}
    facts += [Fact(name="Producer", text=one) for one in producers if one and len(producers) == 1]
    if newest.number > 1:
        added = newest.jobs - newest.replaced
        change = f"revision {newest.number}: {plural(added, 'job')} added"
        if newest.replaced:
            change += f", {newest.replaced} changed since they were first pulled"
        facts.append(Fact(name="Revision", text=change))
    return facts


def _compared(comparison: Comparison) -> Fact:
    a, b = comparison.a, comparison.b
    change = f"{b.label} against {a.label}"
    if a.run.dataset != b.run.dataset:
        change = f"{b.run.dataset} {b.label} against {a.run.dataset} {a.label}"
    return Fact(name="Comparison", text=change, path=comparison.path)
