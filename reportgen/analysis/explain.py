"""Explanations: the facts behind the verdicts on one metric in one run."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from reportgen.analysis.units import conversion_factor, converts
from reportgen.errors import UnknownNameError
from reportgen.model.comparison import Comparison, ComparisonRow, Verdict
from reportgen.model.explanation import CheckExplanation, Explanation, TrendExplanation
from reportgen.model.report import (
    DatasetHistory,
    HistorySeries,
    LevelCheck,
    Line,
    MetricReport,
    RunReport,
    SeriesStep,
)
from reportgen.model.runs import Run
from reportgen.model.status import Kind, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What one rule says of a line."""

    raised: bool
    because: str


def explain(
    metric: str,
    report: RunReport,
    comparison: Comparison | None = None,
    history: MetricReport | None = None,
    *,
    band: str | None = None,
) -> list[Explanation]:
    """Explain every line of a metric in a run, by what pages and gate are made from.

    Parameters
    ----------
    metric
        Fully qualified, or without its package.
    report
        The run.
    comparison
        The run as B against its reference; None: it has none.
    history
        The metric with its steps.
    band
        Explain this band only.

    Raises
    ------
    UnknownNameError
        If the run has no such metric, or not in this band.
    """
    lines = [line for line in report.lines if metric in (line.metric, _short(line.metric))]
    if not lines:
        known = {line.metric for line in report.lines}
        raise UnknownNameError(f"metric in {report.run.id}", metric, known)
    chosen = [line for line in lines if band is None or line.band == band]
    if not chosen:
        bands = {line.band or "" for line in lines}
        raise UnknownNameError(f"band of {metric} in {report.run.id}", str(band), bands)
    return [_explain(line, report, comparison, history) for line in chosen]


def _explain(
    line: Line, report: RunReport, comparison: Comparison | None, history: MetricReport | None
) -> Explanation:
    row = find_row(line, comparison) if comparison else None
    trend = _trend(line, report.run, history) if history else None
    alarms = [_requirement(line, row), _change(row, comparison), _step(trend, line)]
    return Explanation(
        run=report.run,
        reference=comparison.a.run if comparison else None,
        line=line,
        checks=[_check(check, line) for check in line.checks],
        row=row,
        trend=trend,
        alarms=[alarm.because for alarm in alarms if alarm.raised],
        quiet=[alarm.because for alarm in alarms if not alarm.raised],
    )


def find_row(line: Line, comparison: Comparison) -> ComparisonRow | None:
    """Return the row of a comparison that is about a line of B."""
    key = (line.metric, line.band, line.producer)
    for row in comparison.rows:
        if (row.metric, row.band, row.producer_b) == key:
            return row
    return None


def _short(metric: str) -> str:
    return metric.partition(".")[2]


def _check(check: LevelCheck, line: Line) -> CheckExplanation:
    known = converts(line.unit, check.unit)
    same = line.unit == check.unit
    return CheckExplanation(
        check=check,
        stored_unit=line.unit,
        factor=1.0 if same else conversion_factor(line.unit, check.unit) if known else None,
    )


def _trend(line: Line, run: Run, report: MetricReport) -> TrendExplanation | None:
    for history, series in _series(line, run, report):
        at = [one.id for one in history.runs].index(run.id)
        begun = [epoch for epoch in series.epochs if epoch.position <= at]
        since = begun[-1].position if begun else 0
        steps = [step for step in series.steps if since <= step.position <= at]
        found = series.trend
        noise = found.noise if found else math.nan
        return TrendExplanation(
            points=sum(math.isfinite(value) for value in series.values[since:]),
            verdict=found.verdict if found else None,
            noise=noise if math.isfinite(noise) else None,
            unit=history.unit,
            begins=next((step for step in steps if step.position == at), None),
            level_since=history.runs[steps[-1].position].release if steps else None,
            spike=at in found.spikes if found else False,
            epoch_since=history.runs[since].release if begun else None,
            epoch_reason=begun[-1].reason if begun else "",
        )
    return None


def _series(
    line: Line, run: Run, report: MetricReport
) -> Iterator[tuple[DatasetHistory, HistorySeries]]:
    """Yield the series over all members of a line first."""
    for history in report.histories:
        if history.dataset == run.dataset:
            for series in history.series:
                if (series.band, series.producer) == (line.band, line.producer):
                    yield history, series


def _requirement(line: Line, row: ComparisonRow | None) -> Alarm:
    """Judge the requirement at level design."""
    if line.status is None:
        kinds = {check.kind for check in line.checks}
        other = " at level design" if Kind.REQUIREMENT in kinds else ""
        return Alarm(raised=False, because=f"no requirement{other} applies")
    if line.status is Status.NOT_MEASURED:
        return Alarm(raised=False, because="the requirement is not checked: there is no value")
    if line.status is Status.PASS:
        return Alarm(raised=False, because="it meets its requirement at level design")
    if row is None:
        return Alarm(raised=True, because="it fails its requirement at level design")
    if row.newly_failing:
        return Alarm(raised=True, because="it fails a requirement that the reference met")
    return Alarm(raised=False, because="it fails its requirement, as the reference did")


def _change(row: ComparisonRow | None, comparison: Comparison | None) -> Alarm:
    """Judge the change against the reference."""
    if comparison is None:
        return Alarm(raised=False, because="there is no reference to compare with")
    if row is None:
        return Alarm(raised=False, because="neither this run nor its reference has a value")
    word = row.verdict.value.replace("_", " ")
    return Alarm(
        raised=row.verdict is Verdict.REGRESSED,
        because=f"against {comparison.a.label} it is {word}: {row.reason}",
    )


def _step(trend: TrendExplanation | None, line: Line) -> Alarm:
    """Judge the history at the run: only what begins there can be an alarm."""
    if trend is None or trend.verdict is None:
        return Alarm(raised=False, because="its history was not looked at")
    if trend.verdict == "too_few":
        return Alarm(raised=False, because=f"its history has too few points: {_points(trend)}")
    if trend.spike and line.measured:
        return Alarm(raised=False, because="the value is a single spike: no lasting change")
    if trend.begins is not None:
        return _begun(trend.begins)
    since = f"; the level is that since {trend.level_since}" if trend.level_since else ""
    return Alarm(raised=False, because=f"no step begins at this run{since}")


def _begun(step: SeriesStep) -> Alarm:
    """Judge a step that begins at the run: it has to stand, and to be for the worse."""
    if not step.confirmed:
        return Alarm(
            raised=False,
            because="a step begins here that is new: it has not stood at two more looks yet",
        )
    if step.better is False:
        return Alarm(raised=True, because="a confirmed step for the worse begins here")
    how = "for the better" if step.better else "that nothing calls better or worse"
    return Alarm(raised=False, because=f"a confirmed step begins here, {how}")


def _points(trend: TrendExplanation) -> str:
    since = f" since {trend.epoch_since}" if trend.epoch_since else ""
    return f"{trend.points}{since}"
