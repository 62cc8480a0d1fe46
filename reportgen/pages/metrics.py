"""The list of all metrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.model.numbers import format_unit, plural
from reportgen.model.pages import Heading, Page
from reportgen.model.report import MetricReport, is_headline
from reportgen.model.runs import slug
from reportgen.pages import words
from reportgen.pages.paths import metric_path


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricRow:
    """One metric in the list."""

    anchor: str
    name: str
    path: str
    description: str
    unit: str
    design: Sequence[str]
    datasets: str
    runs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageMetrics:
    """The metrics of one package."""

    anchor: str
    package: str
    rows: Sequence[MetricRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsView:
    """What the list of metrics shows."""

    packages: Sequence[PackageMetrics]
    unmeasured: Sequence[str]
    """Metrics that are defined and were never measured."""


def page(reports: Sequence[MetricReport], defined: Sequence[str]) -> Page:
    """Return the list of all metrics that were measured."""
    names = dict.fromkeys(report.metric.package for report in reports)
    packages = [
        PackageMetrics(
            anchor=slug(package),
            package=package,
            rows=[_row(report) for report in reports if report.metric.package == package],
        )
        for package in names
    ]
    measured = {report.metric.name for report in reports}
    return Page(
        path="metrics/",
        title="Metrics",
        description=f"What was measured: {plural(len(reports), 'metric')}.",
        template="metrics",
        view=MetricsView(
            packages=packages, unmeasured=[name for name in defined if name not in measured]
        ),
        toc=[Heading(id=one.anchor, title=one.package) for one in packages],
    )


def _row(report: MetricReport) -> MetricRow:
    metric = report.metric
    designs = {
        words.limit_text(spec.operator, spec.threshold, spec.unit)
        for spec in report.specifications
        if is_headline(spec.kind, spec.level)
    }
    return MetricRow(
        anchor=metric.name,
        name=words.short(metric.name),
        path=metric_path(metric.name),
        description=metric.description,
        unit=format_unit(metric.unit) or "dimensionless",
        design=sorted(designs),
        datasets=", ".join(history.dataset for history in report.histories),
        runs=sum(
            any(series.measured[at] for series in history.series)
            for history in report.histories
            for at in range(len(history.runs))
        ),
    )
