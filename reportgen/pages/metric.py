"""The page of one metric."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportgen.model.definitions import Metric, Specification
from reportgen.model.figures import (
    Annotation,
    Figure,
    FigureFile,
    HistoryFigure,
    Limit,
    Series,
)
from reportgen.model.numbers import format_number, format_quantity
from reportgen.model.pages import Crumb, Heading, Page
from reportgen.model.report import DatasetHistory, Epoch, MetricReport, RunReport
from reportgen.model.runs import Run, slug
from reportgen.model.status import Kind
from reportgen.pages import words
from reportgen.pages.curves import Curve, curves
from reportgen.pages.metric_limits import LimitTable, describe_reference, first_url, limit_tables
from reportgen.pages.metric_state import NewestState, StateRow, newest_state, states_by_metric
from reportgen.pages.metric_values import ValueTable, value_table
from reportgen.pages.notes import NoteBook, NoteLink
from reportgen.pages.paths import metric_api, metric_csv, metric_path, run_path

MOST_CURVES = 12
"""Curves in one figure; a metric with more is shown in its table."""


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
    reference: str
    url: str | None
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
) -> Iterator[Page]:
    """Yield one page per metric.

    ``in_full`` tells which runs have a page to link to; ``latest`` are the latest runs of the
    datasets.
    """
    states = states_by_metric(latest)
    for report in reports:
        yield page(report, figure, in_full, notes, states.get(report.metric.name, ()))


def page(
    report: MetricReport,
    figure: Figure,
    in_full: Mapping[str, bool],
    notes: NoteBook,
    latest: Sequence[StateRow] = (),
) -> Page:
    """Return the page of one metric."""
    metric = report.metric
    datasets = [
        _dataset(report, history, figure, in_full, newest_state(history, latest))
        for history in report.histories
    ]
    view = MetricView(
        metric=metric,
        stored_names=report.stored_names,
        reference=describe_reference(metric.reference),
        url=first_url(metric.reference),
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
        searchable=(words.short(metric.name), *report.stored_names),
    )


def _dataset(
    report: MetricReport,
    history: DatasetHistory,
    figure: Figure,
    in_full: Mapping[str, bool],
    newest: NewestState,
) -> DatasetView:
    found = curves(history)
    epochs = {epoch.position: epoch for curve in found for epoch in curve.breaks}
    shown = found[:MOST_CURVES]
    request = history_figure(report.metric, history, shown, in_full) if shown else None
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


def history_figure(
    metric: Metric, history: DatasetHistory, found: Sequence[Curve], in_full: Mapping[str, bool]
) -> HistoryFigure:
    """Return the picture of a metric in one dataset, with the limits that it is judged by."""
    links = tuple(f"../../{run_path(run)}" if in_full.get(run.id) else "" for run in history.runs)
    breaks: dict[int, str] = {}
    for curve in found:
        for epoch in curve.breaks:
            breaks.setdefault(epoch.position, epoch.reason)
    return HistoryFigure(
        title=f"{words.short(metric.name)}, {history.dataset}",
        unit=history.unit or "",
        labels=tuple(run.release for run in history.runs),
        series=tuple(
            Series(
                label=curve.label or "value",
                values=tuple(curve.values),
                links=links,
                reasons=tuple(curve.reasons),
                breaks=tuple(epoch.position for epoch in curve.breaks),
            )
            for curve in found
        ),
        limits=tuple(_limit_lines(history.limits, {curve.band for curve in found})),
        annotations=tuple(Annotation(position=at, text=text) for at, text in breaks.items()),
        demonstration=history.demonstration,
        alt=_alt(metric, history, found),
        caption=_caption(metric, history),
    )


def _limit_lines(limits: Sequence[Specification], bands: set[str]) -> Iterator[Limit]:
    """Yield each distinct limit once, named by level and, where it is limited, by bands."""
    seen = set()
    for spec in limits:
        if spec.bands is not None and not bands & set(spec.bands):
            continue
        name = spec.level or spec.name.rpartition(".")[2]
        ruled = f" ({''.join(spec.bands)})" if spec.bands else ""
        if spec.kind is Kind.RELEASE_TARGET or (name, ruled, spec.threshold) in seen:
            continue
        seen.add((name, ruled, spec.threshold))
        yield Limit(
            label=f"{name}{ruled}",
            value=spec.threshold,
            operator=spec.operator,
            kind=spec.kind.value,
        )


def _caption(metric: Metric, history: DatasetHistory) -> str:
    few = f"{words.plural(len(history.runs), 'run')} of {history.dataset}"
    return f"{metric.name} over {few}. A mark at the foot is a run without a value."


def _alt(metric: Metric, history: DatasetHistory, found: Sequence[Curve]) -> str:
    parts = []
    for curve in found[:MOST_CURVES]:
        known = [v for v in curve.values if not math.isnan(v)]
        if not known:
            parts.append(f"{curve.label or 'value'}: no value")
            continue
        low, high = format_number(min(known)), format_quantity(max(known), history.unit)
        missing = len(curve.values) - len(known)
        parts.append(
            f"{curve.label or 'value'}: {low} to {high}, last {format_number(known[-1])}"
            + (f", {missing} missing" if missing else "")
        )
    return f"History of {words.short(metric.name)} over {history.dataset}. " + "; ".join(parts)
