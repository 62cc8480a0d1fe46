"""Steps in the histories of metrics: within epochs, in the order of releases."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reportgen.analysis.steps.find import find_steps_many
from reportgen.analysis.steps.result import StepAnalysis
from reportgen.model.report import HistorySeries, MetricReport, SeriesStep, SeriesTrend


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendRules:
    """What tells a change for the better from one for the worse, and one that does not matter."""

    direction: Callable[[str], Literal["down", "up"] | None]
    """Where a metric improves."""
    tolerance: Callable[[str, str | None], float | None]
    """Change of a metric that matters to nobody, in a unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """The points of one series between two epochs, without the runs that lack it."""

    positions: Sequence[int]
    values: Sequence[float]


def add_trends(reports: Sequence[MetricReport], rules: TrendRules) -> list[MetricReport]:
    """Return the reports with the steps and spikes of every series.

    Epochs are never crossed: each stretch between two is looked at by itself. Runs without a
    value are skipped, and a step is named by the first run at its new level.
    """
    stretches: list[_Stretch] = []
    tolerances: list[float | None] = []
    for report, unit, series in _each(reports):
        tolerance = rules.tolerance(report.metric.name, unit)
        for stretch in _cut(series):
            stretches.append(stretch)
            tolerances.append(tolerance)
    found = find_steps_many([one.values for one in stretches], tolerance=tolerances)
    results = zip(stretches, found, strict=True)
    return [_with_trends(report, results, rules) for report in reports]


def _each(
    reports: Sequence[MetricReport],
) -> Iterator[tuple[MetricReport, str | None, HistorySeries]]:
    for report in reports:
        for history in report.histories:
            for series in history.series:
                yield report, history.unit, series


def _cut(series: HistorySeries) -> list[_Stretch]:
    """Return the stretches of a series between its epochs; at least one."""
    bounds = [0, *sorted(epoch.position for epoch in series.epochs), len(series.values)]
    stretches = []
    for start, end in itertools.pairwise(bounds):
        positions = [at for at in range(start, end) if not math.isnan(series.values[at])]
        values = [series.values[at] for at in positions]
        stretches.append(_Stretch(positions=positions, values=values))
    return stretches


def _with_trends(
    report: MetricReport, results: Iterator[tuple[_Stretch, StepAnalysis]], rules: TrendRules
) -> MetricReport:
    direction = rules.direction(report.metric.name)
    histories = []
    for history in report.histories:
        series = [
            replace(
                one,
                trend=_trend(list(itertools.islice(results, len(one.epochs) + 1)), direction),
            )
            for one in history.series
        ]
        histories.append(replace(history, series=series))
    return replace(report, histories=histories)


def _trend(
    parts: Sequence[tuple[_Stretch, StepAnalysis]], direction: Literal["down", "up"] | None
) -> SeriesTrend:
    newest = parts[-1][1]
    steps = [
        SeriesStep(
            position=stretch.positions[step.position],
            before=step.before,
            after=step.after,
            change=step.change,
            ci_low=step.ci_low,
            ci_high=step.ci_high,
            confirmed=step.state == "confirmed",
            better=None if direction is None else (step.change < 0) == (direction == "down"),
        )
        for stretch, found in parts
        for step in found.changes
    ]
    return SeriesTrend(
        verdict=newest.verdict,
        steps=steps,
        spikes=[stretch.positions[at] for stretch, found in parts for at in found.spikes],
        noise=newest.sigma,
    )
