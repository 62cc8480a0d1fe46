"""The JSON and CSV of one metric in one run, and the JSON of its blobs."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from reportgen.model.dimensions import DATA_ID
from reportgen.model.members import BlobOf, MetricInRun
from reportgen.model.pages import Document
from reportgen.model.report import RunReport
from reportgen.pages.members.blobs import chosen_blobs
from reportgen.pages.members.extras import describe_blob
from reportgen.pages.paths import blob_api, members_api, members_csv, metric_in_run_path, run_path
from reportgen.pages.run_api import as_csv as measurements_csv
from reportgen.pages.run_api import safe_cell, split_members

_HEAD = ("metric", "value", "unit", "reason", "status", "inside", "producer")
_TAIL = ("anchor", "stored_metric", "stored_unit", "identifier", "origin")
CSV_COLUMNS = (*_HEAD, *DATA_ID, *_TAIL)
"""Of the dimensions, a file has those that its members have."""


def documents(
    found: Iterable[MetricInRun], rows: Mapping[int, Mapping[str, Any]], blob_of: BlobOf
) -> Iterator[Document]:
    """Yield the members of each metric as JSON and CSV, and the blobs that its page shows.

    ``rows`` are the measurements of the run as its JSON has them, by index. Blobs that several
    metrics share are yielded once.
    """
    written: set[str] = set()
    for metric in found:
        run = metric.report.run
        path = members_api(run, metric.metric)
        yield Document(path=path, data=describe(metric, rows))
        yield Document(path=members_csv(run, metric.metric), text=as_csv(metric))
        origins = {job.job: job.origin for job in metric.report.jobs}
        for use in chosen_blobs(metric, blob_of).shown:
            path = blob_api(run, use.job, use.blob.identifier)
            if path not in written:
                written.add(path)
                data = describe_blob(use.blob, use.job, origins.get(use.job, ""))
                yield Document(path=path, data=data)


def unjudged_documents(report: RunReport, rows: Sequence[Mapping[str, Any]]) -> Iterator[Document]:
    """Yield the members of metrics that have many and no line: of numbers of calibrations.

    They have no page in the run; those of their instrument and stage show them.
    """
    lines = {line.metric for line in report.lines}
    many = {metric for metric, _band, _producer in split_members(rows)[1]} - lines
    found: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["metric"] in many:
            found[row["metric"]].append(row)
    run = report.run
    for metric, own in found.items():
        members = [{**row, "anchor": "", "status": None} for row in own]
        head = {"run": run.id, "metric": metric, "url": run_path(run)}
        yield Document(path=members_api(run, metric), data=head | {"measurements": members})
        yield Document(path=members_csv(run, metric), text=measurements_csv(own))


def describe(metric: MetricInRun, rows: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the members of a metric, band by band, worst first."""
    run = metric.report.run
    return {
        "run": run.id,
        "metric": metric.metric,
        "url": metric_in_run_path(run, metric.metric),
        "measurements": [
            {**rows[index], "anchor": anchor, "status": status}
            for table in metric.tables
            for index, anchor, status in zip(
                table.members.index,
                table.members["anchor"],
                table.members["status"],
                strict=True,
            )
        ],
    }


def as_csv(metric: MetricInRun) -> str:
    """Return one line per member, worst first, with where it was stored."""
    origins = {job.job: job.origin for job in metric.report.jobs}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    used = {
        name for table in metric.tables for name in DATA_ID if table.members[name].notna().any()
    }
    columns = [name for name in CSV_COLUMNS if name in used or name not in DATA_ID]
    writer.writerow(columns)
    for table in metric.tables:
        frame = table.members.assign(origin=table.members["job"].map(origins))[columns]
        for name in set(columns) - {"value", "inside"}:
            frame[name] = _safe(frame[name])
        frame.to_csv(out, header=False, index=False, lineterminator="\n")
    return out.getvalue()


def _safe(column: pd.Series) -> pd.Series:
    """Return a column of texts without formulas; each distinct text is looked at once."""
    if column.isna().all():
        return column
    return column.map({text: safe_cell(text) for text in column.dropna().unique()})
