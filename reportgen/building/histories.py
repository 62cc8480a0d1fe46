"""From the store to the histories of metrics, with their steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial

from reportgen.analysis.histories.metrics import Columns, MetricRules, report_metrics
from reportgen.analysis.histories.trends import TrendRules, add_trends
from reportgen.analysis.judging.full_names import called_in_full
from reportgen.analysis.judging.units import factor_or_none
from reportgen.building.gather import Knowledge, RunFindings
from reportgen.definitions.catalogue import Definitions
from reportgen.model.calibration_verdicts import CALIBRATION_PACKAGE
from reportgen.model.definitions import Metric, Specification
from reportgen.model.report import MANY_MEMBERS, Epoch, EpochsOf, MetricReport
from reportgen.model.runs import Run, release_order
from reportgen.store import Store

METRICS_AT_ONCE = 200
"""Metrics whose histories are asked for together."""


def trend_rules(knowledge: Knowledge) -> TrendRules:
    """Return where metrics improve, and what change of them does not matter."""
    overrides = knowledge.definitions.overrides
    specifications = _specifications_of(knowledge)
    return TrendRules(
        direction=cache(lambda name: overrides.direction(name, specifications(name))),
        tolerance=cache(partial(tolerance_of, knowledge.definitions)),
    )


def gather_metrics(store: Store, knowledge: Knowledge, runs: RunFindings) -> list[MetricReport]:
    """Return the report of each metric that was measured, with its steps, in order of name."""
    return add_trends(list(_report_metrics(store, knowledge, runs)), trend_rules(knowledge))


def _report_metrics(
    store: Store, knowledge: Knowledge, runs: RunFindings
) -> Iterator[MetricReport]:
    shown = {summary.run.id for summary in runs.summaries}
    demonstration = {one.run.dataset for one in runs.summaries if one.demonstration}
    own = _specifications_of(knowledge)
    called = called_in_full(runs.reports, knowledge.definitions.watch)
    canonical = knowledge.rules.canonical
    stored = store.metric_counts().to_pydict()
    names = {
        name: canonical(name)
        for run, name in zip(stored["run"], stored["metric"], strict=True)
        if run in shown and not name.startswith(CALIBRATION_PACKAGE)
    }
    rules = MetricRules(
        names=names,
        metric=_metric_of(knowledge, called),
        specifications=lambda name: (*own(name), *called.get(name, ())),
        epochs=epochs_of(knowledge.definitions),
        demonstration=demonstration.__contains__,
    )
    ordered = [summary.run for summary in runs.summaries]
    wanted = sorted(set(names.values()))
    for start in range(0, len(wanted), METRICS_AT_ONCE):
        chunk = set(wanted[start : start + METRICS_AT_ONCE])
        asked = [name for name, one in names.items() if one in chunk]
        joined = store.history(asked).to_pydict()
        few, many = _by_members(joined, names)
        members = store.measurements(metrics=few).to_pydict()
        repeated = store.repeated(many).to_pydict()
        yield from report_metrics(joined, members, repeated, ordered, rules)


def _by_members(joined: Columns, names: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return the stored names of metrics that have several members, but not many, and many.

    Those that a run has in several units or under several stored names belong to the first: only
    members can be joined over these.
    """
    most: defaultdict[str, int] = defaultdict(int)
    seen: set[tuple[str, ...]] = set()
    mixed: set[str] = set()
    columns = (joined[name] for name in ("run", "metric", "producer", "band", "members"))
    for run, stored, producer, band, members in zip(*columns, strict=True):
        most[stored] = max(most[stored], members)
        place = (run, names[stored], producer, band)
        if place in seen:
            mixed.add(names[stored])
        seen.add(place)
    several = [stored for stored, members in most.items() if members > 1]
    mixing = [stored for stored in most if names[stored] in mixed]
    few = {name for name in several if most[name] <= MANY_MEMBERS}.union(mixing)
    return sorted(few), [name for name in several if name not in few]


def _metric_of(
    knowledge: Knowledge, called: Mapping[str, Sequence[Specification]]
) -> Callable[[str], Metric]:
    """Return a look-up of definitions; a metric without one is described as its watch ranges are.

    ``called``: the ranges that call metrics by full names, which are defined under these.
    """
    watch = knowledge.definitions.watch

    def metric(name: str) -> Metric:
        full = (watch[spec.name].metric for spec in called.get(name, ()))
        found = {knowledge.metrics[one].description for one in full if one in knowledge.metrics}
        said = found.pop() if len(found) == 1 else ""  # else each band has its own
        return knowledge.metrics.get(name) or Metric(name=name, description=said)

    return metric


def _specifications_of(
    knowledge: Knowledge,
) -> Callable[[str], Sequence[Specification]]:
    by_metric: defaultdict[str, list[Specification]] = defaultdict(list)
    watch = knowledge.definitions.watch
    for spec in (*knowledge.specifications.values(), *watch.values()):
        by_metric[spec.metric].append(spec)
    return lambda name: by_metric.get(name, [])


def epochs_of(definitions: Definitions) -> EpochsOf:
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


def tolerance_of(definitions: Definitions, metric: str, unit: str | None) -> float | None:
    """Return the change that matters to nobody, in a unit, where the overrides state one."""
    rule = definitions.overrides.rules_for(metric)
    if rule is None or rule.tolerance is None:
        return None
    factor = factor_or_none(rule.tolerance.unit, unit)
    return None if factor is None else rule.tolerance.value * factor
