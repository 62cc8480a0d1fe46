"""What the questions of the command line need: some runs in full, and the histories of metrics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reportgen.analysis.comparison.baseline import Histories
from reportgen.analysis.comparison.compare import compare_runs
from reportgen.analysis.histories.trends import TrendRules
from reportgen.building import changes, gather, histories
from reportgen.building.gather import Knowledge
from reportgen.config import Config
from reportgen.definitions.catalogue import load_definitions
from reportgen.errors import NoDataError, UnknownNameError
from reportgen.model.calibrations import StageReport
from reportgen.model.comparison import Comparison
from reportgen.model.report import MetricReport, RunReport, RunSummary
from reportgen.model.runs import slug
from reportgen.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Some runs and all metrics."""

    knowledge: Knowledge
    summaries: Sequence[RunSummary]
    reports: Mapping[str, RunReport]
    metrics: Sequence[MetricReport]
    rules: TrendRules

    def compare(self, pairs: Mapping[str, str | None]) -> dict[str, Comparison]:
        """Compare runs (by id) with their references, where they have one."""
        past = Histories(self.metrics)
        return {
            name: compare_runs(self.reports[reference], self.reports[name], past, self.rules)
            for name, reference in pairs.items()
            if reference is not None
        }


def open_filled(config: Config) -> Store:
    """Return the store of a report.

    Raises
    ------
    NoDataError
        If nothing is stored.
    """
    store = Store(config.path(config.store))
    if not store.runs:
        raise NoDataError(config.store)
    return store


def judge(config: Config, store: Store, names: Sequence[str]) -> Judged:
    """Judge the runs of these ids, and follow every metric."""
    knowledge = gather.gather_knowledge(store, load_definitions(config))
    runs = gather.gather_runs(store, knowledge, config, only=names)
    return Judged(
        knowledge=knowledge,
        summaries=runs.summaries,
        reports={report.run.id: report for report in runs.reports},
        metrics=histories.gather_metrics(store, knowledge, runs),
        rules=histories.trend_rules(knowledge),
    )


def find_run(store: Store, name: str) -> str:
    """Return the id of the run that somebody means.

    Raises
    ------
    UnknownNameError
        If it is not stored; a release alone will do where only one dataset has it.
    """
    ids = [run.id for run in store.runs]
    found = [run.id for run in store.runs if name in (run.id, run.release, run.id.split("/")[1])]
    if name in ids:
        return name
    if len(found) != 1:
        raise UnknownNameError("run", name, found or ids)
    return found[0]


def references_of(store: Store, names: Iterable[str]) -> dict[str, str | None]:
    """Return the id of the reference of each run, None for the first of its dataset."""
    before = gather.find_references(store.runs)
    return {name: before[name].id if name in before else None for name in names}


class AskedSide(NamedTuple):
    """One side of a comparison: a run, or what one producer measured in it."""

    run: str
    producer: str | None


def find_side(store: Store, name: str) -> AskedSide:
    """Return the run, or the producer in a run, that somebody means by ``RELEASE-by-PRODUCER``.

    Raises
    ------
    UnknownNameError
        If the run is not stored, or has nothing by that producer.
    """
    run, by, wanted = name.rpartition("-by-")
    known = {part for one in store.runs for part in (one.id, one.release, one.id.split("/")[1])}
    if not by or name in known:
        return AskedSide(find_run(store, name), None)
    found = find_run(store, run)
    column = store.measurements([found], columns=["producer"])["producer"]
    producers = {str(one) for one in column.unique().to_pylist() if one}
    chosen = [one for one in producers if wanted in (one, slug(one))]
    if not chosen:
        raise UnknownNameError("producer", wanted, producers)
    return AskedSide(found, chosen[0])


def stages_of(store: Store, judged: Judged, names: Iterable[str]) -> Sequence[StageReport]:
    """Return the calibrations, which take a while, where one of the runs has any."""
    if not any(judged.reports[name].tests for name in names):
        return []
    return changes.gather_calibrations(store, judged.knowledge, judged.summaries)
