"""What must be known of a run, beside its values, to compare it with any other."""

from __future__ import annotations

from reportgen.analysis.comparison.baseline import Histories, SeriesId
from reportgen.analysis.comparison.rows import in_unit
from reportgen.analysis.histories.trends import TrendRules
from reportgen.analysis.judging.units import factor_or_none
from reportgen.model.comparison import LineBaseline, RunBaselines
from reportgen.model.report import Line, RunReport


def run_baselines(report: RunReport, histories: Histories, rules: TrendRules) -> RunBaselines:
    """Return the past of each line of a run, its direction and its tolerance."""
    return RunBaselines(
        run=report.run,
        position=histories.position(report.run),
        lines=[_line(line, report, histories, rules) for line in report.lines],
    )


def _line(line: Line, report: RunReport, histories: Histories, rules: TrendRules) -> LineBaseline:
    series = SeriesId(report.run.dataset, line.metric, line.band, line.producer)
    baseline = histories.baseline(series, report.run)
    return LineBaseline(
        metric=line.metric,
        band=line.band,
        producer=line.producer,
        unit=line.unit,
        factor=factor_or_none(line.unit, baseline.unit),
        history_unit=baseline.unit,
        direction=rules.direction(line.metric),
        tolerance=rules.tolerance(line.metric, line.unit),
        baseline=in_unit(baseline, line.unit),
    )
