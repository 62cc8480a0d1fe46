"""What the analysis makes of a store, without aliases and units of overrides."""

from __future__ import annotations

from typing import Any

from reportgen.analysis.judging.runs import Rules, RunTables, report_run
from reportgen.model.definitions import Specification
from reportgen.model.report import RunReport
from reportgen.model.runs import Run
from reportgen.store import Store


def tables_of(store: Store, run: Run | None = None) -> RunTables:
    """Return the tables of a run: of the first where none is named."""
    run = run or store.runs[0]
    return RunTables(
        run=run,
        measurements=store.measurements([run.id]).to_pandas(),
        jobs=store.jobs([run.id]).to_pandas(),
    )


def plain_rules(*specifications: Specification, **more: Any) -> Rules:
    """Return rules by which each name and unit is as it is stored."""
    defaults: dict[str, Any] = {
        "canonical": lambda name: name,
        "unit": lambda _, stated: stated,
        "specifications_of": lambda _: specifications,
    }
    return Rules(**defaults | more)


def report_of(store: Store, *specifications: Specification, run: Run | None = None) -> RunReport:
    """Return a run in full, without a reference: the first where none is named."""
    return report_run(tables_of(store, run), None, plain_rules(*specifications))
