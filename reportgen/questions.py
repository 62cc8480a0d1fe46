"""Questions from the command line, answered from the store by the code of the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.analysis.baseline import Histories
from reportgen.analysis.compare import compare_runs
from reportgen.analysis.explain import explain as explain_metric
from reportgen.analysis.metric_trends import TrendRules
from reportgen.building import gather, histories
from reportgen.config import Config
from reportgen.definitions.catalogue import load_definitions
from reportgen.errors import UnknownNameError
from reportgen.model.comparison import Comparison
from reportgen.model.explanation import Explanation
from reportgen.model.report import MetricReport, RunReport
from reportgen.pages.words import short
from reportgen.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """Runs and metrics, for questions from the command line."""

    reports: dict[str, RunReport]
    metrics: Sequence[MetricReport]
    rules: TrendRules


def compare(config: Config, a: str, b: str) -> Comparison:
    """Compare run B with run A, as the pages do.

    Raises
    ------
    UnknownNameError
        If a run is not stored; a release alone will do where only one dataset has it.
    """
    store = Store(config.path(config.store))
    names = [_find_run(store, name) for name in (a, b)]
    judged = _judge(config, store, names)
    first, second = (judged.reports[name] for name in names)
    return compare_runs(first, second, Histories(judged.metrics), judged.rules)


def explain(config: Config, metric: str, run: str, band: str | None = None) -> list[Explanation]:
    """Explain the verdicts of a metric in a run, by the same code as the pages.

    Raises
    ------
    UnknownNameError
        If the run is not stored, or has no such metric.
    """
    store = Store(config.path(config.store))
    name = _find_run(store, run)
    before = gather.find_references(store.runs).get(name)
    judged = _judge(config, store, [name, *([before.id] if before else [])])
    report = judged.reports[name]
    comparison = None
    if before is not None:
        past = Histories(judged.metrics)
        comparison = compare_runs(judged.reports[before.id], report, past, judged.rules)
    wanted = {line.metric for line in report.lines if metric in (line.metric, short(line.metric))}
    history = next((one for one in judged.metrics if one.metric.name in wanted), None)
    return explain_metric(metric, report, comparison, history, band=band)


def _judge(config: Config, store: Store, names: Sequence[str]) -> _Judged:
    knowledge = gather.gather_knowledge(store, load_definitions(config))
    runs = gather.gather_runs(store, knowledge, config, only=names)
    return _Judged(
        reports={report.run.id: report for report in runs.reports},
        metrics=histories.gather_metrics(store, knowledge, runs.summaries),
        rules=histories.trend_rules(knowledge),
    )


def _find_run(store: Store, name: str) -> str:
    ids = [run.id for run in store.runs]
    found = [run.id for run in store.runs if name in (run.id, run.release, run.id.split("/")[1])]
    if name in ids:
        return name
    if len(found) != 1:
        raise UnknownNameError("run", name, found or ids)
    return found[0]
