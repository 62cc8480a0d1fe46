"""Questions from the command line, answered from the store by the code of the pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from reportgen.analysis.comparison.baseline import Histories
from reportgen.analysis.comparison.compare import compare_runs
from reportgen.analysis.explain import explain as explain_metric
from reportgen.building.asked import find_run, find_side, judge, open_filled, references_of
from reportgen.config import Config
from reportgen.errors import ReportgenError
from reportgen.model.comparison import Comparison
from reportgen.model.explanation import Explanation
from reportgen.pages.words import short


def compare(config: Config, a: str, b: str) -> Comparison:
    """Compare run B with run A, as the pages do.

    A name is ``dataset/release``, or a release alone where only one dataset has it; with
    ``-by-PRODUCER`` at its end, as in the address of the page, what one producer measured.

    Raises
    ------
    NoDataError
        If nothing is stored.
    UnknownNameError
        If a run is not stored, or has nothing by that producer.
    ReportgenError
        If a producer is named for one side only.
    """
    store = open_filled(config)
    first, second = find_side(store, a), find_side(store, b)
    if (first.producer is None) != (second.producer is None):
        raise ReportgenError(
            f"{a!r} and {b!r}: name a producer for both or for neither (RELEASE-by-PRODUCER)."
        )
    judged = judge(config, store, [first.run, second.run])
    return compare_runs(
        judged.reports[first.run],
        judged.reports[second.run],
        Histories(judged.metrics),
        judged.rules,
        producer_a=first.producer,
        producer_b=second.producer,
    )


def explain(
    config: Config, metric: str, run: str, band: str | None = None, *, today: date | None = None
) -> list[Explanation]:
    """Explain the verdicts of a metric in a run, by the same code as the pages.

    ``today`` decides which known issues count; None: the day it is.

    Raises
    ------
    NoDataError
        If nothing is stored.
    UnknownNameError
        If the run is not stored, or has no such metric.
    """
    store = open_filled(config)
    name = find_run(store, run)
    pairs = references_of(store, [name])
    judged = judge(config, store, [name, *filter(None, pairs.values())])
    report, comparison = judged.reports[name], judged.compare(pairs).get(name)
    wanted = {line.metric for line in report.lines if metric in (line.metric, short(line.metric))}
    history = next((one for one in judged.metrics if one.metric.name in wanted), None)
    triage = judged.knowledge.definitions.triage
    known = triage.known(today or datetime.now(UTC).date())
    return [
        replace(
            one,
            issues=known(one.line.metric, name, one.line.band),
            owner=triage.owner_of(one.line.metric),
        )
        for one in explain_metric(metric, report, comparison, history, band=band)
    ]
