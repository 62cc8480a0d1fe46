"""The list of all runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reportgen.model.numbers import plural
from reportgen.model.pages import Heading, Page
from reportgen.model.report import Counts, RunReport, RunSummary
from reportgen.model.runs import slug
from reportgen.pages.paths import run_path
from reportgen.pages.tally import Tally, tally_tests


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run in the list."""

    anchor: str
    release: str
    path: str | None
    """None: this edition does not hold the page of the run."""
    day: str | None
    collection: str
    tickets: str
    counts: Counts
    """Of measurements: older runs are not judged row by row."""
    tests: Tally | None
    """Calibration tests; None: none in the run, or not counted in this edition."""
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetRuns:
    """The runs of one dataset, newest first."""

    anchor: str
    dataset: str
    demonstration: bool
    rows: Sequence[RunRow]
    omitted: Sequence[RunRow]
    """Those without a page of their own, where others have one: shown on demand."""
    calibrations: bool
    """Judged by calibration tests and by no requirement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsView:
    """What the list of runs shows."""

    datasets: Sequence[DatasetRuns]


def page(summaries: Sequence[RunSummary], reports: Sequence[RunReport] = ()) -> Page:
    """Return the page that lists all runs, by dataset; ``reports`` are the runs shown in full."""
    names = dict.fromkeys(summary.run.dataset for summary in summaries)
    tests = {report.run.id: tally_tests(report.tests) for report in reports if report.tests}
    datasets = [
        _dataset(name, [s for s in summaries if s.run.dataset == name], tests) for name in names
    ]
    return Page(
        path="runs/",
        title="Runs",
        description=f"{plural(len(summaries), 'processing run')}"
        f" of {plural(len(datasets), 'dataset')}.",
        template="runs",
        view=RunsView(datasets=datasets),
        toc=[Heading(id=one.anchor, title=one.dataset) for one in datasets],
    )


def _dataset(name: str, summaries: Sequence[RunSummary], tests: Mapping[str, Tally]) -> DatasetRuns:
    rows = [_row(summary, tests.get(summary.run.id)) for summary in reversed(summaries)]
    omitted = [row for row in rows if row.path is None]
    if len(omitted) == len(rows):
        omitted = []
    judged = any(s.counts.total > s.counts.no_specification for s in summaries)
    return DatasetRuns(
        anchor=slug(name),
        dataset=name,
        demonstration=any(summary.demonstration for summary in summaries),
        rows=[row for row in rows if row.path or not omitted],
        omitted=omitted,
        calibrations=not judged and any(row.tests for row in rows),
    )


def _row(summary: RunSummary, tests: Tally | None) -> RunRow:
    run = summary.run
    return RunRow(
        anchor=run.id.replace("/", "-"),
        release=run.release,
        path=run_path(run) if summary.in_full else None,
        day=run.day,
        collection=run.key.collection or "",
        tickets=", ".join(run.tickets),
        counts=summary.counts,
        tests=tests,
        revision=run.revisions[-1].number,
    )


def age(day: str | None, today: date) -> str:
    """Return how long ago a day was, in words."""
    if day is None:
        return "date not stated"
    days = (today - date.fromisoformat(day)).days
    if days < 0:
        return "in the future"
    if days < 60:
        return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
    return f"{days // 30} months ago" if days < 730 else f"{days // 365} years ago"
