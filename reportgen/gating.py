"""The gate: whether the newest runs are worse than what came before, with the code of the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from reportgen.analysis.baseline import Histories
from reportgen.analysis.compare import compare_runs
from reportgen.analysis.gate import GateInput, gate_run
from reportgen.analysis.triage import issue_states
from reportgen.building import changes, gather
from reportgen.building.asked import Judged, find_run, judge
from reportgen.config import Config
from reportgen.errors import NoDataError, UnknownNameError
from reportgen.model.calibrations import StageReport
from reportgen.model.comparison import Comparison
from reportgen.model.gate import Gate
from reportgen.store import Store


def check(config: Config, run: str | None, against: str | None, *, today: date) -> Gate:
    """Hold runs against their references.

    Parameters
    ----------
    config
        The configuration; ``[check]`` says what becomes of values that are gone.
    run
        Its id or release; None: the newest run of each dataset.
    against
        What it is held against; None: its reference, the run before it in its dataset. Without
        ``run``, the newest run of its dataset is held against it.
    today
        Decides which known issues count.

    Raises
    ------
    NoDataError
        If nothing is stored.
    UnknownNameError
        If a run is not stored.
    """
    store = Store(config.path(config.store))
    if not store.runs:
        raise NoDataError(config.store)
    pairs = _pairs(store, run, against)
    judged = judge(config, store, [*pairs, *filter(None, pairs.values())])
    comparisons = _compare(judged, pairs)
    known = judged.knowledge.definitions.triage.known(today)
    stages = _stages(store, judged, pairs)
    gates = [
        gate_run(
            GateInput(
                report=judged.reports[name],
                comparison=comparisons.get(name),
                metrics=judged.metrics,
                stages=stages,
                known=known,
                missing_fails=config.check.not_measured == "fail",
                missing_said=config.check.not_measured != "ignore",
            )
        )
        for name in pairs
    ]
    states = issue_states(
        judged.knowledge.definitions.triage,
        store.runs,
        [judged.reports[name] for name in pairs],
        list(comparisons.values()),
        today,
    )
    return Gate(runs=gates, issues=[state for state in states if state.is_warning])


def _pairs(store: Store, run: str | None, against: str | None) -> dict[str, str | None]:
    """Return the ids of the runs that are checked, each with that of its reference."""
    before = gather.find_references(store.runs)
    newest = {one.dataset: one.id for one in store.runs}
    if against is None:
        names = [find_run(store, run)] if run else list(newest.values())
        return {name: before[name].id if name in before else None for name in names}
    reference = find_run(store, against)
    dataset = next(one.dataset for one in store.runs if one.id == reference)
    name = find_run(store, run) if run else newest[dataset]
    if name == reference:
        others = [one.id for one in store.runs if one.id != name]
        raise UnknownNameError(f"run other than {name} to hold it against", against, others)
    return {name: reference}


def _compare(judged: Judged, pairs: Mapping[str, str | None]) -> dict[str, Comparison]:
    past = Histories(judged.metrics)
    return {
        name: compare_runs(judged.reports[reference], judged.reports[name], past, judged.rules)
        for name, reference in pairs.items()
        if reference is not None
    }


def _stages(store: Store, judged: Judged, names: Iterable[str]) -> Sequence[StageReport]:
    """Return the calibrations, which take a while, where a run has any."""
    if not any(judged.reports[name].tests for name in names):
        return []
    return changes.gather_calibrations(store, judged.knowledge, judged.summaries)
