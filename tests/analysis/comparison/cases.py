"""Runs and histories for tests of comparisons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from reportgen.analysis.comparison.baseline import Histories
from reportgen.analysis.histories.metrics import MetricRules, report_metrics
from reportgen.analysis.histories.trends import TrendRules
from reportgen.model.comparison import Direction
from reportgen.model.definitions import Specification
from reportgen.model.report import Epoch, MetricReport, RunReport
from reportgen.model.runs import RunKey
from reportgen.store import Store
from tests.factories import make_bundle, make_key, make_metric, make_row, make_specification
from tests.judged import report_of

Rows = Sequence[Mapping[str, Any]]


class Cases:
    """A store with some runs, and what the analysis makes of them."""

    def __init__(
        self,
        folder: Path,
        runs: Mapping[str | RunKey, Rows],
        specifications: Sequence[Specification] = (make_specification(),),
        epochs: Sequence[Epoch] = (),
    ) -> None:
        with Store(folder).writer() as writer:
            for name, rows in runs.items():
                key = make_key(release=name) if isinstance(name, str) else name
                writer.add("test", make_bundle(origin=key.id, run=key, measurements=rows))
            writer.commit()
        self.store = Store(folder)
        self.specifications = specifications
        self.epochs = epochs

    def run(self, release: str, dataset: str = "HSC RC2") -> RunReport:
        """Return one run in full, without a reference."""
        run_id = make_key(dataset, release).id
        (run,) = (run for run in self.store.runs if run.id == run_id)
        return report_of(self.store, *self.specifications, run=run)

    def metrics(self) -> list[MetricReport]:
        """Return the histories of all metrics."""
        names = sorted(set(self.store.measurements()["metric"].to_pylist()))
        rules = MetricRules(
            names={},
            metric=lambda name: make_metric(name, unit=None),
            specifications=lambda name: [s for s in self.specifications if s.metric == name],
            epochs=lambda *_: self.epochs,
            demonstration=lambda _: False,
        )
        joined = self.store.history(names).to_pydict()
        members = self.store.measurements(metrics=names).to_pydict()
        repeated = self.store.repeated([]).to_pydict()
        return list(report_metrics(joined, members, repeated, self.store.runs, rules))

    @cached_property
    def histories(self) -> Histories:
        """Return the past of all series."""
        return Histories(self.metrics())


def rules(direction: Direction | None = "down", tolerance: float | None = None) -> TrendRules:
    """Return rules that hold for all metrics; the tolerance is in mmag."""

    def in_unit(_: str, unit: str | None) -> float | None:
        return None if tolerance is None else tolerance * {"mag": 0.001}.get(unit or "", 1.0)

    return TrendRules(direction=lambda _: direction, tolerance=in_unit)


def weeklies(values: Sequence[float | None], **more: Any) -> dict[str | RunKey, Rows]:
    """Return one run per value: w_2026_01, and so on."""
    return {
        f"w_2026_{week:02}": [make_row(value=value, band="r", **more)]
        for week, value in enumerate(values, start=1)
    }


def tracts(values: Sequence[float], **more: Any) -> Rows:
    """Return one measurement per value, each in a tract of its own."""
    return [
        make_row(value=value, band="r", tract=str(9000 + at), **more)
        for at, value in enumerate(values)
    ]
