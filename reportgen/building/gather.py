"""From the store to runs: which this edition shows, and every verdict of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import pandas as pd

from reportgen.analysis.judging.runs import COUNTED, Rules, RunTables, count_runs, report_run
from reportgen.building.counted import Counted
from reportgen.building.unreadable import still_unreadable
from reportgen.config import Config
from reportgen.definitions.catalogue import Definitions
from reportgen.model.definitions import Metric, Specification
from reportgen.model.editions import MAIN
from reportgen.model.report import Counts, RunReport, RunSummary
from reportgen.model.runs import Run, is_release, release_order
from reportgen.store import Store

ROWS_AT_ONCE = 50_000
"""Measurements and tests of runs that are read together: a question takes as long as judging a
hundred rows, and the rows of a large run fill the memory."""


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
    store: Store,
    knowledge: Knowledge,
    config: Config,
    *,
    edition: str = MAIN,
    only: Sequence[str] | None = None,
    counted: Counted | None = None,
) -> RunFindings:
    """Judge every run; those that the edition shows in full with all that their pages need.

    ``only``: ids of the runs to judge, in place of those that the edition shows; the others are
    not even counted. ``counted``: what earlier builds counted.
    """
    runs = runs_of(store.runs, edition)
    references = find_references(runs)
    full = _in_full(runs, config.site.recent_runs, edition)
    if only is not None:
        full = [run for run in runs if run.id in only]
    demonstration = demonstrations(config)
    unreadable = still_unreadable(store, config)
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
    if only is None:
        others = [run for run in runs if run.id not in shown]
        counts |= _count(store, others, knowledge, counted or Counted(None, ""))
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


def runs_of(runs: Sequence[Run], edition: str) -> list[Run]:
    """Return the runs that an edition speaks of.

    Of a release: its own, and those before it in the same datasets, which stand in its references
    and histories. What else was processed meanwhile is told by ``main``.
    """
    if edition == MAIN:
        return list(runs)
    datasets = {run.dataset for run in runs if run.release == edition}
    last = release_order(edition)
    return [
        run
        for run in runs
        if run.dataset in datasets and (run.release == edition or release_order(run.release) < last)
    ]


def final_releases(runs: Sequence[Run], recent: int) -> list[str]:
    """Return the releases that ``main`` shows and that are over, oldest first.

    A release is over once each of its datasets has a run with a later one. Versions, weeklies and
    dailies only: other runs, such as months of calibrations, go on in ``main``.
    """
    by_dataset: defaultdict[str, list[str]] = defaultdict(list)
    for run in runs:
        by_dataset[run.dataset].append(run.release)
    shown = {one for releases in by_dataset.values() for one in releases[-recent:]}
    dated = [[one for one in releases if is_release(one)] for releases in by_dataset.values()]
    newest = {releases[-1] for releases in dated if releases}
    return sorted(filter(is_release, shown - newest), key=release_order)


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
    for batch in _batches(runs):
        pairs = [(run, references.get(run.id)) for run in batch]
        wanted = {one.id: one for pair in pairs for one in pair if one is not None}
        missing = [run for name, run in wanted.items() if name not in known]
        known = {name: tables for name, tables in known.items() if name in wanted}
        known |= run_tables(store, missing)
        for run, reference in pairs:
            yield known[run.id], known[reference.id] if reference else None


def _batches(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Yield runs in order, as many together as have `ROWS_AT_ONCE` rows, and one at least."""
    batch: list[Run] = []
    rows = 0
    for run in runs:
        size = sum(one.measurements + one.tests for one in run.revisions)
        if batch and rows + size > ROWS_AT_ONCE:
            yield batch
            batch, rows = [], 0
        batch.append(run)
        rows += size
    if batch:
        yield batch


def _count(
    store: Store, runs: Sequence[Run], knowledge: Knowledge, counted: Counted
) -> dict[str, Counts]:
    """Count the verdicts of runs that the edition does not show in full, each run once."""
    states = {run.id: store.run_states[run.id] for run in runs}
    counts = counted.load(states)
    for batch in _batches([run for run in runs if run.id not in counts]):
        ids = [run.id for run in batch]
        measurements = store.measurements(ids, columns=COUNTED).to_pandas()
        counts |= count_runs(measurements, store.jobs(ids).to_pandas(), knowledge.rules)
    counted.save(states, {run: found for run, found in counts.items() if run in states})
    return counts


def run_tables(store: Store, runs: Sequence[Run]) -> dict[str, RunTables]:
    """Return what the store has of each run."""
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
