"""Each metric over all runs: its histories, cut at epochs, with the limits that apply."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reportgen.analysis.histories.history import (
    Point,
    Repeated,
    SeriesKey,
    choose_unit,
    collect_points,
    collect_repeated,
    count_repeated,
    join_mixed,
    make_series,
)
from reportgen.analysis.judging.units import factor_or_none
from reportgen.model.definitions import Metric, Specification
from reportgen.model.dimensions import BANDS
from reportgen.model.report import (
    MANY_MEMBERS,
    DatasetHistory,
    EpochsOf,
    HistorySeries,
    MetricReport,
)
from reportgen.model.runs import Run
from reportgen.model.status import Kind

Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricRules:
    """What is known of metrics beside their values."""

    names: Mapping[str, str]
    """Canonical name of each stored name."""
    metric: Callable[[str], Metric]
    specifications: Callable[[str], Sequence[Specification]]
    epochs: EpochsOf
    demonstration: Callable[[str], bool]
    """Whether a dataset was generated for demonstration."""


def report_metrics(
    joined: Columns, members: Columns, repeated: Columns, runs: Sequence[Run], rules: MetricRules
) -> Iterator[MetricReport]:
    """Yield one report per metric, in order of name.

    Parameters
    ----------
    joined
        Columns of `Store.history`: each metric joined over its members.
    members
        Columns of measurements, for the metrics that have several members but not many, and for
        those that a run has in several units or under several names.
    repeated
        Columns of `Store.repeated`, for the metrics whose members are too many.
    runs
        All runs, in order.
    rules
        Names, definitions, limits and epochs.
    """
    by_id = {run.id: run for run in runs}
    axes: defaultdict[str, list[Run]] = defaultdict(list)
    for run in runs:
        axes[run.dataset].append(run)
    single = collect_points(members, by_id, rules.names, by_member=True)
    points = collect_points(joined, by_id, rules.names, by_member=False)
    points = join_mixed(points, single)
    stored: defaultdict[str, set[str]] = defaultdict(set)
    for name in joined["metric"]:
        stored[rules.names.get(name, name)].add(name)
    grouped = _by_metric(points, single)
    disagree = {**collect_repeated(repeated, by_id, rules.names), **count_repeated(single)}
    for name in sorted(grouped):
        histories = [
            _history(name, dataset, found, axes[dataset], rules, repeated=disagree)
            for dataset, found in sorted(grouped[name].items())
        ]
        yield MetricReport(
            metric=rules.metric(name),
            stored_names=sorted(stored[name] - {name}),
            specifications=rules.specifications(name),
            histories=histories,
        )


_Found = dict[SeriesKey, list[Point]]


def _by_metric(joined: _Found, single: _Found) -> dict[str, dict[str, _Found]]:
    grouped: defaultdict[str, defaultdict[str, _Found]] = defaultdict(lambda: defaultdict(dict))
    for found in (joined, single):
        for key, points in found.items():
            grouped[key.metric][key.dataset][key] = points
    return {name: dict(datasets) for name, datasets in grouped.items()}


def _history(
    name: str,
    dataset: str,
    found: _Found,
    runs: Sequence[Run],
    rules: MetricRules,
    *,
    repeated: Repeated,
) -> DatasetHistory:
    positions = {run.id: position for position, run in enumerate(runs)}
    metric = rules.metric(name)
    unit = choose_unit(metric.unit, (point for points in found.values() for point in points))
    joined: list[HistorySeries] = []
    members: list[HistorySeries] = []
    for key, points in sorted(found.items(), key=_in_order):
        epochs = rules.epochs(name, dataset, key.producer, runs)
        series = make_series(key, points, positions, unit, epochs, repeated=repeated.get(key, {}))
        (members if key.member else joined).append(series)
    return DatasetHistory(
        dataset=dataset,
        unit=unit,
        runs=runs,
        series=[*joined, *_few_members(joined, members)],
        limits=limits_in(unit, rules.specifications(name)),
        demonstration=rules.demonstration(dataset),
    )


def _few_members(
    joined: Sequence[HistorySeries], members: Sequence[HistorySeries]
) -> list[HistorySeries]:
    """Keep the series of members where a band has several, but not many."""
    several = {(s.producer, s.band) for s in joined if s.aggregate}
    found: defaultdict[tuple[str | None, str | None], list[HistorySeries]] = defaultdict(list)
    for series in members:
        found[series.producer, series.band].append(series)
    return [
        series
        for key, group in found.items()
        if key in several and len(group) <= MANY_MEMBERS
        for series in group
    ]


def _in_order(item: tuple[SeriesKey, list[Point]]) -> tuple[int, str, int, str, str]:
    key = item[0]
    band = BANDS.find(key.band) if key.band else 9
    return (len(key.member) > 0, key.producer or "", band, key.band or "", str(key.member))


def limits_in(unit: str | None, specifications: Sequence[Specification]) -> list[Specification]:
    """Return the limits that convert to a unit, in that unit, in order of kind and threshold."""
    converted = []
    for spec in specifications:
        if spec.unit == unit:
            converted.append(spec)
        elif spec.kind is Kind.WATCH_RANGE:  # without a unit: it means the metric's own
            converted.append(replace(spec, unit=unit or ""))
        elif unit is not None and (factor := factor_or_none(spec.unit, unit)) is not None:
            converted.append(replace(spec, threshold=spec.threshold * factor, unit=unit))
    kinds = list(Kind)
    return sorted(converted, key=lambda spec: (kinds.index(spec.kind), spec.threshold, spec.name))
