"""``api/v1/index.json``: what the site holds and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reportgen import __version__
from reportgen.model.pages import Document
from reportgen.model.report import MetricReport, RunSummary
from reportgen.model.runs import slug
from reportgen.pages.metric.api import describe_metric
from reportgen.pages.paths import API
from reportgen.pages.run_api import describe_run

SCHEMA_VERSION = 1


def document(
    summaries: Sequence[RunSummary],
    metrics: Sequence[MetricReport],
    *,
    calibrations: Sequence[Mapping[str, Any]] = (),
    comparisons: Sequence[Mapping[str, Any]] = (),
    instruments: Mapping[str, str | None],
    edition: str,
    generated: str | None,
) -> Document:
    """Return the index of an edition.

    ``generated`` is the day of the newest result, so that the same data give the same bytes.
    """
    names = dict.fromkeys(summary.run.dataset for summary in summaries)
    return Document(
        path=f"{API}/index.json",
        data={
            "schema": SCHEMA_VERSION,
            "reportgen": __version__,
            "generated": generated,
            "edition": edition,
            "datasets": [
                {"id": slug(name), "name": name, "instrument": instruments.get(name)}
                for name in names
            ],
            "runs": [_run(summary) for summary in summaries],
            "metrics": [
                {k: v for k, v in describe_metric(one.metric).items() if k in _METRIC_KEYS}
                for one in metrics
            ],
            "calibrations": [dict(one) for one in calibrations],
            "comparisons": [dict(one) for one in comparisons],
        },
    )


_METRIC_KEYS = ("name", "unit", "url", "api")


def _run(summary: RunSummary) -> dict[str, Any]:
    data = describe_run(summary.run, summary.reference, summary.counts)
    if not summary.in_full:
        data |= {"url": None, "api": None}
    return data | {"demonstration": summary.demonstration}
