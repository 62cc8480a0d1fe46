"""The JSON and CSV of one metric."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from reportgen.model.definitions import Metric, Specification
from reportgen.model.pages import Document
from reportgen.model.report import DatasetHistory, HistorySeries, MetricReport, SeriesStep
from reportgen.pages.paths import metric_api, metric_csv, metric_path
from reportgen.pages.run_api import describe_reference, safe_cell


def documents(reports: Sequence[MetricReport]) -> Iterator[Document]:
    """Yield the JSON and the CSV of each metric."""
    for report in reports:
        name = report.metric.name
        yield Document(path=metric_api(name), data=describe(report))
        yield Document(path=metric_csv(name), text=_csv(report))


def describe(report: MetricReport) -> dict[str, Any]:
    """Return everything known of a metric."""
    return {
        "metric": describe_metric(report.metric)
        | {
            "stored_names": list(report.stored_names),
            "specifications": [_specification(spec) for spec in report.specifications],
        },
        "series": [
            _series(history, series) for history in report.histories for series in history.series
        ],
    }


def describe_metric(metric: Metric) -> dict[str, Any]:
    """Return the definition of a metric."""
    return {
        "name": metric.name,
        "description": metric.description,
        "unit": metric.unit,
        "tags": list(metric.tags),
        "reference": describe_reference(metric.reference),
        "url": metric_path(metric.name),
        "api": metric_api(metric.name),
    }


def _specification(spec: Specification) -> dict[str, Any]:
    return {
        "specification": spec.name,
        "kind": spec.kind.value,
        "level": spec.level,
        "operator": spec.operator,
        "threshold": spec.threshold,
        "unit": spec.unit,
        "bands": list(spec.bands) if spec.bands is not None else None,
        "metadata_query": dict(spec.metadata_query),
        "reference": describe_reference(spec.reference),
        "correction": spec.correction,
    }


def _series(history: DatasetHistory, series: HistorySeries) -> dict[str, Any]:
    points = [
        {
            "run": run.id,
            "release": run.release,
            "date": run.day,
            "value": None if reason else value,
            "reason": reason,
        }
        for run, value, reason in zip(history.runs, series.values, series.reasons, strict=True)
    ]
    if series.aggregate:
        for point, measured, members in zip(points, series.measured, series.members, strict=True):
            point |= {"n": measured, "of": members}
    for at, repeated in series.repeated.items():
        points[at]["repeated"] = repeated
    return {
        "dataset": history.dataset,
        "data_id": dict(series.data_id),
        "producer": series.producer,
        "unit": history.unit,
        "aggregate": "median" if series.aggregate else None,
        "demonstration": history.demonstration,
        "points": points,
        "steps": [_step(history, step) for step in series.steps],
        "trend": series.trend.verdict if series.trend else None,
        "epochs": [
            {"from_run": history.runs[epoch.position].id, "reason": epoch.reason}
            for epoch in series.epochs
        ],
    }


def _step(history: DatasetHistory, step: SeriesStep) -> dict[str, Any]:
    return {
        "run": history.runs[step.position].id,
        "before": step.before,
        "after": step.after,
        "change": step.change,
        "ci_low": step.ci_low,
        "ci_high": step.ci_high,
        "confirmed": step.confirmed,
        "better": step.better,
    }


def _csv(report: MetricReport) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for history in report.histories:
        runs = [
            (safe_cell(history.dataset), r.id, safe_cell(r.release), r.day) for r in history.runs
        ]
        for series in history.series:
            place = " ".join(f"{key}={value}" for key, value in series.data_id.items())
            same = (safe_cell(series.producer), safe_cell(place))
            columns = zip(
                runs, series.values, series.reasons, series.measured, series.members, strict=True
            )
            writer.writerows(
                (*run, *same, None if reason else value, history.unit, reason, measured, members)
                for run, value, reason, measured, members in columns
            )
    return out.getvalue()


CSV_COLUMNS = (
    "dataset",
    "run",
    "release",
    "date",
    "producer",
    "data_id",
    "value",
    "unit",
    "reason",
    "n",
    "of",
)
