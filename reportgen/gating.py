"""The gate: whether the newest runs are worse than what came before, with the code of the pages."""

from __future__ import annotations

from datetime import date

from reportgen.analysis.gate import GateInput, gate_run
from reportgen.analysis.triage import issue_states
from reportgen.building.asked import find_run, judge, open_filled, references_of, stages_of
from reportgen.config import Config
from reportgen.errors import UnknownNameError
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
    store = open_filled(config)
    pairs = _pairs(store, run, against)
    judged = judge(config, store, [*pairs, *filter(None, pairs.values())])
    comparisons = judged.compare(pairs)
    known = judged.knowledge.definitions.triage.known(today)
    stages = stages_of(store, judged, pairs)
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
        stages=stages,
        today=today,
    )
    return Gate(runs=gates, issues=[state for state in states if state.is_warning])


def _pairs(store: Store, run: str | None, against: str | None) -> dict[str, str | None]:
    """Return the ids of the runs that are checked, each with that of its reference."""
    newest = {one.dataset: one.id for one in store.runs}
    if against is None:
        return references_of(store, [find_run(store, run)] if run else newest.values())
    reference = find_run(store, against)
    dataset = next(one.dataset for one in store.runs if one.id == reference)
    name = find_run(store, run) if run else newest[dataset]
    if name == reference:
        others = [one.id for one in store.runs if one.id != name]
        raise UnknownNameError(f"run other than {name} to hold it against", against, others)
    return {name: reference}
