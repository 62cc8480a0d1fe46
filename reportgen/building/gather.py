"""From the store to runs: which this edition shows, and every verdict of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import pandas as pd

from reportgen.analysis.judging.runs import COUNTED, Rules, RunTables, count_runs, report_run
from reportgen.building.counted import Counted
from reportgen.building.editions import in_full, runs_of
from reportgen.building.unreadable import still_unreadable
from reportgen.config import Config
from reportgen.definitions.catalogue import Definitions
from reportgen.model.definitions import Metric, Specification
from reportgen.model.editions import MAIN
from reportgen.model.report import Counts, RunReport, RunSummary
from reportgen.model.runs import Run
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
    if only is None:
        full = in_full(runs, config.site.recent_runs, edition)
    else:
        full = [run for run in runs if run.id in only]
    reports = list(_judge(store, full, references, knowledge, config))
    counts = {report.run.id: report.counts for report in reports}
    if only is None:
        others = [run for run in runs if run.id not in counts]
        counts |= _count(store, others, knowledge, counted or Counted(None, ""))
    shown = {report.run.id for report in reports}
    summaries = [
        RunSummary(
            run=run,
            reference=references.get(run.id),
            counts=counts.get(run.id, Counts()),
            demonstration=_is_demonstration(run, config),
            in_full=run.id in shown,
        )
        for run in runs
    ]
    return RunFindings(summaries=summaries, reports=reports)


def find_references(runs: Sequence[Run]) -> dict[str, Run]:
    """Return the reference of each run: the one before it in the same dataset."""
    return {run.id: before for before, run in pairwise(runs) if before.dataset == run.dataset}


def _is_demonstration(run: Run, config: Config) -> bool:
    """Tell whether any of its results were generated for demonstration."""
    return any(one.demonstration for one in config.source if one.name in run.sources)


def _judge(
    store: Store,
    runs: Sequence[Run],
    references: Mapping[str, Run],
    knowledge: Knowledge,
    config: Config,
) -> Iterator[RunReport]:
    unreadable = still_unreadable(store, config)
    for tables, reference in _with_references(store, runs, references):
        run = tables.run
        yield report_run(
            tables,
            reference,
            knowledge.rules,
            unreadable=[one for one in unreadable if one["source"] in run.sources],
            demonstration=_is_demonstration(run, config),
        )


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
