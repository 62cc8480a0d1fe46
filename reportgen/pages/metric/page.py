"""The page of one metric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportgen.model.definitions import Metric
from reportgen.model.figures import Figure, FigureFile
from reportgen.model.issues import NO_ISSUES, IssueBook
from reportgen.model.pages import Crumb, Heading, Page
from reportgen.model.report import DatasetHistory, Epoch, MetricReport, RunReport
from reportgen.model.runs import Run, slug
from reportgen.pages import words
from reportgen.pages.metric.curves import curves
from reportgen.pages.metric.figure import history_figure
from reportgen.pages.metric.limits import LimitTable, limit_tables
from reportgen.pages.metric.state import NewestState, StateRow, newest_state, states_by_metric
from reportgen.pages.metric.values import ValueTable, value_table
from reportgen.pages.notes import NoteBook, NoteLink
from reportgen.pages.paths import metric_api, metric_csv, metric_path
from reportgen.pages.references import Source, documents_of, link_reference


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetView:
    """The metric in one dataset."""

    anchor: str
    dataset: str
    demonstration: bool
    unit: str | None
    newest: NewestState
    figure: FigureFile | None
    epochs: Sequence[Epoch]
    values: ValueTable


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricView:
    """What the page of one metric shows."""

    metric: Metric
    stored_names: Sequence[str]
    owner: str
    """Who looks after it; empty: nobody says."""
    references: Sequence[Source]
    """Where it is defined."""
    limits: Sequence[LimitTable]
    datasets: Sequence[DatasetView]
    notes: Sequence[NoteLink]
    demonstration: bool
    json: str
    csv: str


def pages(
    reports: Sequence[MetricReport],
    figure: Figure,
    in_full: Mapping[str, bool],
    notes: NoteBook,
    latest: Sequence[RunReport],
    *,
    issues: IssueBook = NO_ISSUES,
) -> Iterator[Page]:
    """Yield one page per metric.

    ``in_full`` tells which runs have a page to link to; ``latest`` are the latest runs of the
    datasets.
    """
    states = states_by_metric(latest, issues.known)
    for report in reports:
        name = report.metric.name
        newest, owner = states.get(name, ()), issues.owner_of(name)
        yield page(report, figure, in_full, notes, newest, owner=owner or "")


def page(
    report: MetricReport,
    figure: Figure,
    in_full: Mapping[str, bool],
    notes: NoteBook,
    latest: Sequence[StateRow] = (),
    *,
    owner: str = "",
) -> Page:
    """Return the page of one metric."""
    metric = report.metric
    datasets = [
        _dataset(report, history, figure, in_full, notes, newest=newest_state(history, latest))
        for history in report.histories
    ]
    view = MetricView(
        metric=metric,
        stored_names=report.stored_names,
        owner=owner,
        references=link_reference(metric.reference),
        limits=list(limit_tables(report.specifications)),
        datasets=datasets,
        notes=notes.about_metric(metric.name),
        demonstration=any(one.demonstration for one in datasets),
        json=metric_api(metric.name),
        csv=metric_csv(metric.name),
    )
    return Page(
        path=metric_path(metric.name),
        title=metric.name,
        description=metric.description or f"History and limits of {metric.name}.",
        template="metric",
        view=view,
        crumbs=(Crumb(title="Metrics", path="metrics/"),),
        toc=[
            *(Heading(id=one.anchor, title=one.dataset) for one in datasets),
            Heading(id="limits", title="Limits"),
            *([Heading(id="notes", title="Notes")] if view.notes else []),
        ],
        searchable=(
            words.short(metric.name),
            *report.stored_names,
            *documents_of(metric.reference, report.specifications),
        ),
    )


def _dataset(
    report: MetricReport,
    history: DatasetHistory,
    figure: Figure,
    in_full: Mapping[str, bool],
    notes: NoteBook,
    *,
    newest: NewestState,
) -> DatasetView:
    found = curves(history)
    epochs = {epoch.position: epoch for curve in found for epoch in curve.breaks}
    request = history_figure(report.metric, history, found, in_full, notes) if found else None
    return DatasetView(
        anchor=slug(history.dataset),
        dataset=history.dataset,
        demonstration=history.demonstration,
        unit=history.unit,
        newest=newest,
        figure=figure(request) if request else None,
        epochs=[_named(epochs[at], history.runs) for at in sorted(epochs)],
        values=value_table(history, in_full),
    )


def _named(epoch: Epoch, runs: Sequence[Run]) -> Epoch:
    release = runs[epoch.position].release
    return Epoch(from_run=release, position=epoch.position, reason=epoch.reason)
