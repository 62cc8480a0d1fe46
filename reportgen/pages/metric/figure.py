"""The picture of a metric in one dataset: its values, limits, and what happened to it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from reportgen.model.definitions import Metric, Specification
from reportgen.model.figures import ELSEWHERE, Annotation, HistoryFigure, Limit, Series
from reportgen.model.numbers import (
    format_change,
    format_number,
    format_quantity,
    format_unit,
    plural,
)
from reportgen.model.report import DatasetHistory, HistorySeries, SeriesStep
from reportgen.model.runs import Run, is_full_release
from reportgen.model.status import Kind
from reportgen.pages import words
from reportgen.pages.metric.curves import Curve, joined_series, newest_curves
from reportgen.pages.notes import NoteBook
from reportgen.pages.paths import run_path

MOST_CURVES = 18
"""Curves in one figure: six bands by three producers; the table has all."""


def history_figure(
    metric: Metric,
    history: DatasetHistory,
    found: Sequence[Curve],
    in_full: Mapping[str, bool],
    notes: NoteBook,
) -> HistoryFigure:
    """Return the picture of a metric in one dataset, with the limits that it is judged by.

    Of more than `MOST_CURVES` curves it shows those of each band that were measured last.
    """
    shown = newest_curves(found, MOST_CURVES)
    links = tuple(f"../../{run_path(run)}" if in_full.get(run.id) else "" for run in history.runs)
    return HistoryFigure(
        title=f"{words.short(metric.name)}, {history.dataset}",
        unit=format_unit(history.unit),
        labels=tuple(run.release for run in history.runs),
        series=tuple(
            Series(
                label=curve.label or "value",
                values=tuple(curve.values),
                links=links,
                reasons=tuple(curve.reasons),
                breaks=tuple(epoch.position for epoch in curve.breaks),
            )
            for curve in shown
        ),
        limits=tuple(_limit_lines(history.limits, shown)),
        annotations=(
            *_releases(history),
            *_epochs(shown),
            *_steps(history, shown),
            *_notes(metric, history, notes),
        ),
        remarks=tuple(_remark(run) for run in history.runs),
        demonstration=history.demonstration,
        alt=_alt(metric, history, shown),
        caption=_caption(metric, history, left_out=len(found) - len(shown)),
    )


def _remark(run: Run) -> str:
    return ", ".join([*([run.day] if run.day and run.day != run.release else []), *run.tickets])


def _releases(history: DatasetHistory) -> Iterator[Annotation]:
    """Yield the full releases of a history that has other runs, weeklies for example, as well."""
    full = [at for at, run in enumerate(history.runs) if is_full_release(run.release)]
    for at in full if len(full) < len(history.runs) else ():
        yield Annotation(position=at, text=history.runs[at].release, kind="release")


def _epochs(found: Sequence[Curve]) -> Iterator[Annotation]:
    """Yield where values can no longer be compared with those before, and why."""
    breaks: dict[int, str] = {}
    for curve in found:
        for epoch in curve.breaks:
            breaks.setdefault(epoch.position, epoch.reason)
    for position, reason in breaks.items():
        yield Annotation(position=position, text=reason)


def _steps(history: DatasetHistory, found: Sequence[Curve]) -> Iterator[Annotation]:
    """Yield the confirmed steps, those of one run together, with the interval of their change."""
    bands = {curve.band for curve in found}
    texts: defaultdict[int, list[str]] = defaultdict(list)
    since: dict[int, int] = {}
    for series in joined_series(history):
        for step in series.steps:
            if step.confirmed and (series.band or "") in bands:
                texts[step.position].append(_step_words(series, step, history.unit))
                before = _last_known(series, step.position)
                since[step.position] = min(before, since.get(step.position, before))
    for position in sorted(texts):
        text = f"step: {'; '.join(texts[position])}"
        yield Annotation(position=position, text=text, kind="step", since=since[position])


def _step_words(series: HistorySeries, step: SeriesStep, unit: str | None) -> str:
    low, high = format_number(step.ci_low), format_number(step.ci_high)
    change = f"{format_change(step.change, unit)} (95 %: {low} to {high})"
    return f"{series.band} {change}" if series.band else change


def _last_known(series: HistorySeries, position: int) -> int:
    """Return the last run with a value before a position."""
    known = (at for at in range(position - 1, -1, -1) if not math.isnan(series.values[at]))
    return next(known, position)


def _notes(metric: Metric, history: DatasetHistory, notes: NoteBook) -> Iterator[Annotation]:
    """Yield the notes on runs of the axis that are about this metric, or about none."""
    place = {run.id: at for at, run in enumerate(history.runs)}
    for note in notes.notes:
        if not note.metrics or metric.name in note.metrics:
            for run in note.runs:
                if run in place:
                    yield Annotation(position=place[run], text=note.title, kind="note")


def _limit_lines(limits: Sequence[Specification], found: Sequence[Curve]) -> Iterator[Limit]:
    """Yield each distinct limit once, named by level and, where it is limited, by bands."""
    seen = set()
    bands = {curve.band for curve in found}
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
            series=tuple(curve.label or "value" for curve in found if curve.band in spec.bands)
            if spec.bands
            else (),
        )


def _caption(metric: Metric, history: DatasetHistory, *, left_out: int) -> str:
    few = f"{plural(len(history.runs), 'run')} of {history.dataset}"
    more = f" Not drawn: {plural(left_out, 'curve')} that ended earlier; the table has all."
    told = more if left_out else ""
    return f"{metric.name} over {few}. A mark at the foot is a run without a value.{told}"


def _alt(metric: Metric, history: DatasetHistory, found: Sequence[Curve]) -> str:
    parts = []
    for curve in found:
        known = [v for v in curve.values if not math.isnan(v)]
        if not known:
            parts.append(f"{curve.label or 'value'}: no value")
            continue
        low, high = format_number(min(known)), format_quantity(max(known), history.unit)
        missing = sum(
            math.isnan(v) and why != ELSEWHERE
            for v, why in zip(curve.values, curve.reasons, strict=True)
        )
        parts.append(
            f"{curve.label or 'value'}: {low} to {high}, last {format_number(known[-1])}"
            + (f", {missing} missing" if missing else "")
        )
    return f"History of {words.short(metric.name)} over {history.dataset}. " + "; ".join(parts)
