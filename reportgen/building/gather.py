"""From the store to findings: which runs, metrics and verdicts this edition reports on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise

import pandas as pd

from reportgen.analysis.baseline import Histories
from reportgen.analysis.calibrations import (
    CalibrationRules,
    CalibrationTables,
    report_calibrations,
)
from reportgen.analysis.compare import compare_runs
from reportgen.analysis.compare_plan import plan_comparisons
from reportgen.analysis.metric_trends import TrendRules, add_trends
from reportgen.analysis.metrics import Columns, MetricRules, report_metrics
from reportgen.analysis.run_baselines import run_baselines
from reportgen.analysis.runs import (
    CALIBRATION_PACKAGE,
    COUNTED,
    Rules,
    RunTables,
    count_runs,
    report_run,
)
from reportgen.analysis.units import conversion_factor, converts
from reportgen.config import Config
from reportgen.definitions.catalogue import Definitions
from reportgen.model.calibrations import StageReport
from reportgen.model.comparison import Comparison, RunBaselines
from reportgen.model.definitions import Metric, Specification
from reportgen.model.report import (
    MANY_MEMBERS,
    Counts,
    Epoch,
    MetricReport,
    RunReport,
    RunSummary,
)
from reportgen.model.runs import Run, release_order
from reportgen.store import Store

MAIN = "main"
"""The edition that holds everything; any other name is a release."""

RUNS_AT_ONCE = 20
"""Runs that are counted together."""

METRICS_AT_ONCE = 200
"""Metrics whose histories are asked for together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFindings:
    """Every run in short, and those that the edition shows in full."""

    summaries: Sequence[RunSummary]
    reports: Sequence[RunReport]

    @property
    def latest(self) -> Sequence[RunReport]:
        """The newest run of each dataset."""
        return list({report.run.dataset: report for report in self.reports}.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """The definitions together with what jobs carried."""

    definitions: Definitions
    metrics: Mapping[str, Metric]
    specifications: Mapping[str, Specification]
    rules: Rules


def gather_knowledge(store: Store, definitions: Definitions) -> Knowledge:
    """Join the definitions of the configuration with those that jobs carried."""
    carried = store.definitions()

    @cache
    def known_to(name: str | None) -> Definitions:
        if name is None:
            return definitions
        return definitions.for_job(carried[name].metrics, carried[name].specifications)

    every = definitions.for_job(
        [metric for one in carried.values() for metric in one.metrics],
        [spec for one in carried.values() for spec in one.specifications],
    )
    watch = tuple(definitions.watch.values())
    by_job = cache(lambda name: (*known_to(name).specifications.values(), *watch))
    return Knowledge(
        definitions=definitions,
        metrics=every.metrics,
        specifications=every.specifications,
        rules=Rules(
            canonical=definitions.overrides.canonical_name,
            unit=definitions.overrides.unit,
            specifications_of=by_job,
        ),
    )


def gather_runs(
    store: Store, knowledge: Knowledge, config: Config, *, edition: str = MAIN
) -> RunFindings:
    """Judge every run; those that the edition shows in full with all that their pages need."""
    runs = [run for run in store.runs if edition in (MAIN, run.release) or _before(run, edition)]
    references = find_references(runs)
    full = _in_full(runs, config.site.recent_runs, edition)
    demonstration = demonstrations(config)
    unreadable = store.unreadable()
    reports = [
        report_run(
            tables,
            reference,
            knowledge.rules,
            unreadable=[one for one in unreadable if one["source"] in tables.run.sources],
            demonstration=any(source in demonstration for source in tables.run.sources),
        )
        for tables, reference in _with_references(store, full, references)
    ]
    shown = {report.run.id for report in reports}
    counts = {report.run.id: report.counts for report in reports}
    counts |= _count(store, [run for run in runs if run.id not in shown], knowledge)
    summaries = [
        RunSummary(
            run=run,
            reference=references.get(run.id),
            counts=counts.get(run.id, Counts()),
            demonstration=any(source in demonstration for source in run.sources),
            in_full=run.id in shown,
        )
        for run in runs
    ]
    return RunFindings(summaries=summaries, reports=reports)


def find_references(runs: Sequence[Run]) -> dict[str, Run]:
    """Return the reference of each run: the one before it in the same dataset."""
    return {run.id: before for before, run in pairwise(runs) if before.dataset == run.dataset}


def demonstrations(config: Config) -> set[str]:
    """Return the sources whose results were generated for demonstration."""
    return {source.name for source in config.source if source.demonstration}


def _before(run: Run, edition: str) -> bool:
    """Tell what came before a release: it stands in its references and histories."""
    return release_order(run.release) < release_order(edition)


def _in_full(runs: Sequence[Run], recent: int, edition: str) -> list[Run]:
    if edition != MAIN:
        return [run for run in runs if run.release == edition]
    newest: defaultdict[str, list[Run]] = defaultdict(list)
    for run in runs:
        newest[run.dataset].append(run)
    return [run for one in newest.values() for run in one[-recent:]]


def _with_references(
    store: Store, runs: Sequence[Run], references: Mapping[str, Run]
) -> Iterator[tuple[RunTables, RunTables | None]]:
    """Yield the tables of each run with those of its reference, few runs in memory at once."""
    known: dict[str, RunTables] = {}
    for run in runs:
        reference = references.get(run.id)
        wanted = [one for one in (reference, run) if one is not None]
        missing = [one for one in wanted if one.id not in known]
        known = {one.id: known[one.id] for one in wanted if one.id in known}
        known |= _tables(store, missing)
        yield known[run.id], known[reference.id] if reference else None


def _count(store: Store, runs: Sequence[Run], knowledge: Knowledge) -> dict[str, Counts]:
    """Count the verdicts of runs that the edition does not show in full."""
    counts: dict[str, Counts] = {}
    for start in range(0, len(runs), RUNS_AT_ONCE):
        ids = [run.id for run in runs[start : start + RUNS_AT_ONCE]]
        measurements = store.measurements(ids, columns=COUNTED).to_pandas()
        counts |= count_runs(measurements, store.jobs(ids).to_pandas(), knowledge.rules)
    return counts


def _tables(store: Store, runs: Sequence[Run]) -> dict[str, RunTables]:
    ids = [run.id for run in runs]
    measurements = _by_run(store.measurements(ids).to_pandas())
    jobs = _by_run(store.jobs(ids).to_pandas())
    tests = _by_run(store.tests(ids).to_pandas())
    return {
        run.id: RunTables(
            run=run,
            measurements=measurements(run.id),
            jobs=jobs(run.id),
            tests=tests(run.id),
        )
        for run in runs
    }


def _by_run(table: pd.DataFrame) -> Callable[[str], pd.DataFrame]:
    """Return a look-up of the rows of one run; an empty table for a run without rows."""
    groups = dict(iter(table.groupby("run", sort=False)))
    empty = table.iloc[:0]
    return lambda run_id: groups.get(run_id, empty).reset_index(drop=True)


def trend_rules(knowledge: Knowledge) -> TrendRules:
    """Return where metrics improve, and what change of them does not matter."""
    overrides = knowledge.definitions.overrides
    specifications = _specifications_of(knowledge)
    return TrendRules(
        direction=cache(lambda name: overrides.direction(name, specifications(name))),
        tolerance=cache(partial(_tolerance, knowledge.definitions)),
    )


def gather_metrics(
    store: Store, knowledge: Knowledge, runs: Sequence[RunSummary]
) -> list[MetricReport]:
    """Return the report of each metric that was measured, with its steps, in order of name."""
    return add_trends(list(_report_metrics(store, knowledge, runs)), trend_rules(knowledge))


def _report_metrics(
    store: Store, knowledge: Knowledge, runs: Sequence[RunSummary]
) -> Iterator[MetricReport]:
    shown = {summary.run.id for summary in runs}
    demonstration = {summary.run.dataset for summary in runs if summary.demonstration}
    canonical = knowledge.rules.canonical
    stored = store.metric_counts().to_pydict()
    names = {
        name: canonical(name)
        for run, name in zip(stored["run"], stored["metric"], strict=True)
        if run in shown and not name.startswith(CALIBRATION_PACKAGE)
    }
    rules = MetricRules(
        names=names,
        metric=lambda name: knowledge.metrics.get(name) or Metric(name=name),
        specifications=_specifications_of(knowledge),
        epochs=_epochs_of(knowledge.definitions),
        demonstration=demonstration.__contains__,
    )
    ordered = [summary.run for summary in runs]
    wanted = sorted(set(names.values()))
    for start in range(0, len(wanted), METRICS_AT_ONCE):
        chunk = set(wanted[start : start + METRICS_AT_ONCE])
        asked = [name for name, one in names.items() if one in chunk]
        joined = store.history(asked).to_pydict()
        yield from report_metrics(joined, _members(store, joined), ordered, rules)


def _members(store: Store, joined: Columns) -> Columns:
    """Return the single members of metrics that have several, but not many."""
    most: defaultdict[str, int] = defaultdict(int)
    for name, members in zip(joined["metric"], joined["members"], strict=True):
        most[name] = max(most[name], members)
    few = [name for name, members in most.items() if 1 < members <= MANY_MEMBERS]
    columns: Columns = store.measurements(metrics=few).to_pydict()
    return columns


def _specifications_of(
    knowledge: Knowledge,
) -> Callable[[str], Sequence[Specification]]:
    by_metric: defaultdict[str, list[Specification]] = defaultdict(list)
    watch = knowledge.definitions.watch
    for spec in (*knowledge.specifications.values(), *watch.values()):
        by_metric[spec.metric].append(spec)
    return lambda name: by_metric.get(name, [])


def _epochs_of(
    definitions: Definitions,
) -> Callable[[str, str, str | None, Sequence[Run]], Sequence[Epoch]]:
    """Return a look-up of epochs on the axis of a dataset's runs."""

    def epochs(
        metric: str, dataset: str, producer: str | None, runs: Sequence[Run]
    ) -> Sequence[Epoch]:
        found = []
        for epoch in definitions.overrides.epochs_for(metric, dataset, producer):
            position = next(
                (
                    at
                    for at, run in enumerate(runs)
                    if _begins(run, epoch.from_release, str(epoch.from_date or ""))
                ),
                None,
            )
            if position:
                run = runs[position].id
                found.append(Epoch(from_run=run, position=position, reason=epoch.reason))
        return found

    return epochs


def _begins(run: Run, release: str | None, day: str) -> bool:
    if release is not None and release_order(run.release) >= release_order(release):
        return True
    return bool(day and run.day and run.day >= day)


def gather_calibrations(
    store: Store, knowledge: Knowledge, runs: Sequence[RunSummary], *, jobs: int = 1
) -> list[StageReport]:
    """Return the report of each stage of each instrument that was calibrated."""
    demonstration = {summary.run.dataset for summary in runs if summary.demonstration}
    overrides = knowledge.definitions.overrides
    return report_calibrations(
        CalibrationTables(
            metric_counts=store.metric_counts(),
            test_counts=store.test_counts(),
            measurements=lambda metric: store.measurements(metrics=[metric]),
            tests=lambda stage: store.tests(stage=stage),
        ),
        [summary.run for summary in runs],
        CalibrationRules(
            unit=overrides.unit,
            epochs=_epochs_of(knowledge.definitions),
            tolerance=partial(_tolerance, knowledge.definitions),
            demonstration=demonstration.__contains__,
        ),
        jobs=jobs,
    )


def _tolerance(definitions: Definitions, metric: str, unit: str | None) -> float | None:
    """Return the change that matters to nobody, in a unit, where the overrides state one."""
    rule = definitions.overrides.rules_for(metric)
    if rule is None or rule.tolerance is None:
        return None
    if not converts(rule.tolerance.unit, unit) or unit is None:
        return None
    return rule.tolerance.value * conversion_factor(rule.tolerance.unit, unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonFindings:
    """Comparisons made in advance, and what is needed to make any other in the browser."""

    comparisons: Sequence[Comparison]
    baselines: Sequence[RunBaselines]


def gather_comparisons(
    store: Store, knowledge: Knowledge, runs: RunFindings, metrics: Sequence[MetricReport]
) -> ComparisonFindings:
    """Compare each run shown in full with its reference and with the last full release."""
    every = [summary.run for summary in runs.summaries]
    plans = plan_comparisons(runs.reports, every)
    reports = {report.run.id: report for report in runs.reports}
    older = [run for run in every if run.id not in reports and any(run.id == p.a for p in plans)]
    reports |= {
        run.id: report_run(_tables(store, [run])[run.id], None, knowledge.rules) for run in older
    }
    histories, rules = Histories(metrics), trend_rules(knowledge)
    return ComparisonFindings(
        comparisons=[
            compare_runs(
                reports[one.a],
                reports[one.b],
                histories,
                rules,
                producer_a=one.producer_a,
                producer_b=one.producer_b,
            )
            for one in plans
            if reports[one.b].lines
        ],
        baselines=[run_baselines(report, histories, rules) for report in runs.reports],
    )
