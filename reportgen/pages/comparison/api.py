"""The JSON and CSV of comparisons, and what the browser needs to compare any two runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from reportgen.model.comparison import Comparison, ComparisonRow, RunBaselines, Side, Verdict
from reportgen.model.pages import Document
from reportgen.model.runs import Run
from reportgen.pages.comparison import words as compare_words
from reportgen.pages.comparison.fields import change_fields
from reportgen.pages.paths import API
from reportgen.pages.run_api import safe_cell

SUMMARY = (
    Verdict.IMPROVED,
    Verdict.REGRESSED,
    Verdict.UNCHANGED,
    Verdict.INCONCLUSIVE,
    Verdict.ADDED,
    Verdict.REMOVED,
    Verdict.NEGLIGIBLE,
    Verdict.NOT_COMPARABLE,
)

CSV_COLUMNS = (
    "metric",
    "band",
    "producer",
    "producer_b",
    "a",
    "b",
    "unit",
    "change",
    "relative",
    "medians_disagree",
    "verdict",
    "basis",
    "n",
    "of",
    "joined",
    "left",
    "ci_low",
    "ci_high",
    "p_value",
    "q_value",
    "threshold",
    "tolerance",
    "noise",
    "status_a",
    "status_b",
    "newly_failing",
    "fixed",
    "reason",
)

BASELINE_COLUMNS = (
    "metric",
    "band",
    "producer",
    "unit",
    "factor",
    "history_unit",
    "direction",
    "tolerance",
    "changes",
    "noise",
    "threshold",
    "epoch",
    "epoch_reason",
)


def compare_api(comparison: Comparison) -> str:
    """Return the address of the JSON of a comparison."""
    return f"{API}/compare/{comparison.id}.json"


def compare_csv(comparison: Comparison) -> str:
    """Return the address of the rows of a comparison as CSV."""
    return f"data/compare/{comparison.id}.csv"


def baselines_api(run: Run) -> str:
    """Return the address of what the past of each series says up to a run."""
    return f"{API}/baselines/{run.id}.json"


def documents(comparisons: Iterable[Comparison]) -> Iterator[Document]:
    """Yield the JSON and the CSV of each comparison."""
    for comparison in comparisons:
        yield Document(path=compare_api(comparison), data=describe(comparison))
        yield Document(path=compare_csv(comparison), text=as_csv(comparison))


def baseline_documents(baselines: Iterable[RunBaselines]) -> Iterator[Document]:
    """Yield what ``compare.js`` needs beside the JSON of a run, one document per run.

    Rows are arrays in the order of ``columns``; ``factor`` brings the line's unit to the unit of
    its history, in which units of two runs meet; tolerance, noise and threshold are in the
    line's unit.
    """
    for one in baselines:
        yield Document(
            path=baselines_api(one.run),
            data={
                "run": one.run.id,
                "dataset": one.run.dataset,
                "release": one.run.release,
                "position": one.position,
                "columns": list(BASELINE_COLUMNS),
                "rows": [
                    [
                        line.metric,
                        line.band,
                        line.producer,
                        line.unit,
                        line.factor,
                        line.history_unit,
                        line.direction,
                        line.tolerance,
                        len(line.baseline.changes),
                        line.baseline.noise,
                        line.baseline.threshold,
                        line.baseline.epoch,
                        line.baseline.epoch_reason,
                    ]
                    for line in one.lines
                ],
            },
        )


def index_entries(comparisons: Iterable[Comparison]) -> list[dict[str, Any]]:
    """Return what ``api/v1/index.json`` says of comparisons."""
    return [
        {
            "dataset": comparison.b.run.dataset,
            "a": comparison.a.run.id,
            "b": comparison.b.run.id,
            "producer_a": comparison.a.producer,
            "producer_b": comparison.b.producer,
            "url": comparison.path,
            "api": compare_api(comparison),
        }
        for comparison in comparisons
    ]


def describe(comparison: Comparison) -> dict[str, Any]:
    """Return everything known of a comparison."""
    counts = comparison.counts
    return {
        "a": comparison.a.run.id,
        "b": comparison.b.run.id,
        "producer_a": comparison.a.producer,
        "producer_b": comparison.b.producer,
        "runs": {"a": _side(comparison.a), "b": _side(comparison.b)},
        "url": comparison.path,
        "sentence": compare_words.sentence(comparison),
        "demonstration": comparison.demonstration,
        "summary": {verdict.value: counts[verdict] for verdict in SUMMARY}
        | {"newly_failing": len(comparison.newly_failing), "fixed": len(comparison.fixed)},
        "rows": [_row(row) for row in comparison.rows],
        "not_measured": [
            {"metric": one.metric, "band": one.band, "producer": one.producer, "reason": one.reason}
            for one in comparison.unmeasured
        ],
    }


def _side(side: Side) -> dict[str, Any]:
    run = side.run
    return {
        "dataset": run.dataset,
        "release": run.release,
        "collection": run.key.collection,
        "date": run.day,
    }


def _row(row: ComparisonRow) -> dict[str, Any]:
    return {
        "metric": row.metric,
        "data_id": dict(row.data_id),
        "producer": row.producer,
        "producer_b": row.producer_b,
        "unit": row.unit,
        **change_fields(row),
        "joined": row.members.joined,
        "left": row.members.left,
        "status_a": row.status_a.value if row.status_a else None,
        "status_b": row.status_b.value if row.status_b else None,
        "newly_failing": row.newly_failing,
        "fixed": row.fixed,
        "anchor": row.anchor,
    }


def as_csv(comparison: Comparison) -> str:
    """Return the rows of a comparison as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for row in comparison.rows:
        described = _row(row) | {"band": row.band}
        writer.writerow([safe_cell(described[name]) for name in CSV_COLUMNS])
    return out.getvalue()
