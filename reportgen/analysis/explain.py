"""Explanations: the facts behind the verdicts on one metric in one run."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from reportgen.analysis.judging.units import factor_or_none
from reportgen.analysis.steps.staircase import MIN_LENGTH
from reportgen.analysis.steps.standing import LOOKS
from reportgen.errors import UnknownNameError
from reportgen.model.comparison import Comparison, ComparisonRow, Verdict
from reportgen.model.explanation import (
    Alarm,
    CheckExplanation,
    Explanation,
    Rule,
    TrendExplanation,
)
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

CONFIRMED_AFTER = MIN_LENGTH + LOOKS
"""Measured points at a new level with which its step can be confirmed for the first time."""


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
    row = comparison.by_line().get(line.id) if comparison else None
    trend = describe_trend(line, report.run, history) if history else None
    return Explanation(
        run=report.run,
        reference=comparison.a.run if comparison else None,
        line=line,
        checks=[_check(check, line) for check in line.checks],
        row=row,
        trend=trend,
        judged=judge_line(line, row, comparison, trend),
    )


def judge_line(
    line: Line,
    row: ComparisonRow | None,
    comparison: Comparison | None,
    trend: TrendExplanation | None,
) -> Sequence[Alarm]:
    """Say what each rule makes of a line; explanations and the gate both ask here.

    Parameters
    ----------
    line
        Of the run that is judged.
    row
        What the comparison says of it; None: neither run has a value.
    comparison
        With the reference; None: there is none.
    trend
        Its history (`describe_trend`); None: it has none.
    """
    return [_requirement(line, row, comparison), _change(row, comparison), _step(trend, line)]


def _short(metric: str) -> str:
    return metric.partition(".")[2]


def _check(check: LevelCheck, line: Line) -> CheckExplanation:
    factor = factor_or_none(line.unit, check.unit)
    return CheckExplanation(check=check, stored_unit=line.unit, factor=factor)


def describe_trend(line: Line, run: Run, report: MetricReport) -> TrendExplanation | None:
    """Say what the history of a line is at a run; None where it has none."""
    for history, series in _series(line, run, report):
        at = _place(run, history.runs)
        begun = [epoch for epoch in series.epochs if epoch.position <= at]
        since = begun[-1].position if begun else 0
        steps = [step for step in series.steps if since <= step.position <= at]
        stands = _confirmed_at(series, at)
        found = series.trend
        noise = found.noise if found else math.nan
        return TrendExplanation(
            points=int(np.isfinite(series.values[since:]).sum()),
            verdict=found.verdict if found else None,
            noise=noise if math.isfinite(noise) else None,
            unit=history.unit,
            begins=next((step for step in steps if step.position == at), None),
            confirmed=stands,
            confirmed_since=history.runs[stands.position].release if stands else None,
            level_since=history.runs[steps[-1].position].release if steps else None,
            spike=at in found.spikes if found else False,
            epoch_since=history.runs[since].release if begun else None,
            epoch_reason=begun[-1].reason if begun else "",
        )
    return None


def _confirmed_at(series: HistorySeries, at: int) -> SeriesStep | None:
    """Return the step that has stood long enough for the first time with the value at a run."""
    if not math.isfinite(series.values[at]):
        return None
    for step in series.steps:
        if step.confirmed and step.position < at:
            points = np.isfinite(series.values[step.position : at + 1]).sum()
            if points == CONFIRMED_AFTER:
                return step
    return None


def _place(run: Run, runs: Sequence[Run]) -> int:
    """Return the position of a run; most that are asked for are among the newest."""
    return next(at for at in reversed(range(len(runs))) if runs[at].id == run.id)


def _series(
    line: Line, run: Run, report: MetricReport
) -> Iterator[tuple[DatasetHistory, HistorySeries]]:
    """Yield the series over all members of a line first."""
    for history in report.histories:
        if history.dataset == run.dataset:
            for series in history.series:
                if (series.band, series.producer) == (line.band, line.producer):
                    yield history, series


def _alarm(rule: Rule, because: str, *, raised: bool = False, ran: bool = True) -> Alarm:
    return Alarm(rule=rule, raised=raised, because=because, ran=ran)


def _requirement(line: Line, row: ComparisonRow | None, comparison: Comparison | None) -> Alarm:
    """Judge the requirement at level design."""
    says = partial(_alarm, Rule.REQUIREMENT)
    if line.status is None:
        kinds = {check.kind for check in line.checks}
        other = " at level design" if Kind.REQUIREMENT in kinds else ""
        return says(f"no requirement{other} applies", ran=False)
    if line.status is Status.NOT_MEASURED:
        return says("the requirement is not checked: there is no value", ran=False)
    if line.status is Status.PASS:
        return says("it meets its requirement at level design")
    if comparison is None or row is None:
        text = "it fails its requirement at level design; there is no reference to say since when"
        return says(text, ran=False)
    if row.newly_failing:
        return says("it fails a requirement that the reference met", raised=True)
    return says("it fails its requirement, as the reference did")


def _change(row: ComparisonRow | None, comparison: Comparison | None) -> Alarm:
    """Judge the change against the reference."""
    says = partial(_alarm, Rule.CHANGE)
    if comparison is None:
        return says("there is no reference to compare with", ran=False)
    if row is None:
        return says("neither this run nor its reference has a value", ran=False)
    word = row.verdict.value.replace("_", " ")
    return says(
        f"against {comparison.a.label} it is {word}: {row.reason}",
        raised=row.verdict is Verdict.REGRESSED,
        ran=row.verdict in _JUDGED,
    )


_JUDGED = (Verdict.REGRESSED, Verdict.IMPROVED, Verdict.NEGLIGIBLE, Verdict.UNCHANGED)
"""Verdicts that a comparison can only reach where enough is known."""


def _step(trend: TrendExplanation | None, line: Line) -> Alarm:
    """Judge the history at the run: only what begins or is confirmed there can be an alarm."""
    says = partial(_alarm, Rule.STEP)
    if trend is None or trend.verdict is None:
        return says("its history was not looked at", ran=False)
    if trend.verdict == "too_few":
        return says(f"its history has too few points: {_points(trend)}", ran=False)
    if trend.spike and line.measured:
        return says("the value is a single spike: no lasting change")
    begun = trend.begins or trend.confirmed
    if begun is None:
        since = f"; the level is that since {trend.level_since}" if trend.level_since else ""
        return says(f"no step begins at this run{since}")
    if not begun.confirmed:
        return says("a step begins here that is new: it has not stood at two more looks yet")
    how = {True: "for the better", False: "for the worse", None: "in no known direction"}
    text = f"a confirmed step {how[begun.better]} begins here"
    if trend.begins is None:
        since = f"that began at {trend.confirmed_since} is confirmed by this run"
        text = f"a step {how[begun.better]} {since}"
    return says(text, raised=begun.better is False)


def _points(trend: TrendExplanation) -> str:
    since = f" since {trend.epoch_since}" if trend.epoch_since else ""
    return f"{trend.points}{since}"
