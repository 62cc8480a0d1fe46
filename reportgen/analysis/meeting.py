"""The news of one run, for meeting notes: the findings of the gate, and what else is different."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.analysis.calibrations.events import stage_events
from reportgen.analysis.gate import GateInput, gate_run
from reportgen.model.events import Event, EventKind
from reportgen.model.meeting import RunNews


def run_news(given: GateInput) -> RunNews:
    """Return what a meeting should hear of a run."""
    return RunNews(
        report=given.report,
        gate=gate_run(given),
        fixed=given.comparison.fixed if given.comparison else (),
        drifts=list(_drifts(given)),
    )


def _drifts(given: GateInput) -> Iterator[Event]:
    for stage in given.stages:
        if stage.axis.points and stage.axis.points[-1].run == given.report.run.id:
            yield from (one for one in stage_events(stage) if one.kind is EventKind.DRIFT)
