"""Calibration histories for tests: tables as the store gives them, with what a test plants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reportgen.analysis.calibrations.report import (
    CalibrationRules,
    CalibrationTables,
    report_calibrations,
)
from reportgen.config import SourceConfig
from reportgen.model.bundle import JobBundle
from reportgen.model.calibration_verdicts import TestHistory
from reportgen.model.calibrations import MJD_ZERO, StageReport, Statistic
from reportgen.model.measurements import MEASUREMENTS, TESTS
from reportgen.model.runs import Run, RunKey
from reportgen.sources import read_jobs
from reportgen.store import Store

FIRST_NIGHT = date(2026, 7, 1)
NO_RULES = CalibrationRules()
RUN = Run(key=RunKey(dataset="Cam calibrations", release="daily", collection="Cam/calib"))


@dataclass(kw_only=True)
class Cases:
    """Rows of measurements and tests."""

    runs: Sequence[Run] = (RUN,)
    values: list[dict[str, Any]] = field(default_factory=list)
    verdicts: list[dict[str, Any]] = field(default_factory=list)

    def report(self, rules: CalibrationRules = NO_RULES, **more: Any) -> StageReport:
        """Return the report of the only stage."""
        (found,) = report_calibrations(self.tables(), self.runs, rules, **more)
        return found

    def tables(self) -> CalibrationTables:
        """Return the questions that the store would answer."""
        values = _table(self.values, MEASUREMENTS)
        verdicts = _table(self.verdicts, TESTS)
        return CalibrationTables(
            metric_counts=_distinct(values, "run", "metric", "instrument"),
            test_counts=_distinct(verdicts, "run", "instrument", "stage"),
            measurements=lambda metric: values.filter(pc.equal(values["metric"], metric)),
            tests=lambda stage: verdicts.filter(pc.equal(verdicts["stage"], stage)),
        )


def _table(rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    schema = schema.insert(0, pa.field("run", pa.string()))
    rows = list(rows)
    columns = {name: [row.get(name) for row in rows] for name in schema.names}
    return pa.table(columns, schema=schema)


def _distinct(table: pa.Table, *names: str) -> pa.Table:
    return table.select(names).group_by(list(names)).aggregate([])


def nights(n: int, *, first: date = FIRST_NIGHT, every: int = 1) -> list[date]:
    """Return so many nights."""
    return [first + timedelta(days=every * number) for number in range(n)]


def camera(
    statistics: Mapping[str, np.ndarray],
    *,
    days: Sequence[date] | None = None,
    passed: Mapping[str, np.ndarray] | None = None,
    stage: str = "bias",
    **columns: Any,
) -> Cases:
    """Return one exposure a night of a camera.

    Parameters
    ----------
    statistics
        Values by name, shape nights × detectors × amplifiers, nan where missing.
    passed
        Verdicts by name of test, same shape.
    columns
        More columns of the measurements, for example ``unit``.
    """
    cases = Cases()
    for name, values in statistics.items():
        for row, value in _rows(values, days):
            missing = bool(np.isnan(value))
            cases.values.append(
                row
                | {
                    "metric": f"cp_verify.{stage.upper()}_{name}",
                    "value": None if missing else float(value),
                    "reason": "nan" if missing else None,
                }
                | columns
            )
    for test, outcomes in (passed or {}).items():
        for row, outcome in _rows(outcomes, days):
            verdict = {"stage": stage, "level": "amplifier", "test": test, "passed": bool(outcome)}
            cases.verdicts.append(row | verdict)
    return cases


def _rows(values: np.ndarray, days: Sequence[date] | None) -> Iterable[tuple[dict[str, Any], Any]]:
    days = nights(len(values)) if days is None else days
    for night, detector, amplifier in np.ndindex(*values.shape):
        row = exposure(days[night])
        row["detector"] = f"R22_S{detector:02d}"
        row["amplifier"] = f"C{amplifier:02d}"
        yield row, values[night, detector, amplifier]


def exposure(day: date, number: int = 12) -> dict[str, Any]:
    """Return the columns of an exposure taken on the afternoon of a day."""
    return {
        "run": RUN.id,
        "job": "job",
        "instrument": "Cam",
        "exposure": f"{day:%Y%m%d}{number:05d}",
        "day_obs": f"{day:%Y%m%d}",
        "date": day.isoformat(),
        "mjd": (day - MJD_ZERO).days + 0.86 + number / 2000,
    }


def noise(*shape: int, sigma: float = 1.0, seed: int = 1) -> np.ndarray:
    """Return white noise."""
    return np.random.default_rng(seed).normal(0, sigma, size=shape)


def statistic(report: StageReport, name: str) -> Statistic:
    """Return a statistic by its label."""
    (found,) = [one for one in report.statistics if one.label == name]
    return found


def history(report: StageReport, name: str, level: str = "amplifier") -> TestHistory:
    """Return a test by name and level."""
    (found,) = [one for one in report.tests if (one.test, one.level) == (name, level)]
    return found


def stored_reports(store: Store, rules: CalibrationRules = NO_RULES) -> dict[str, StageReport]:
    """Return the reports on a store by stage."""
    tables = CalibrationTables(
        metric_counts=store.metric_counts(),
        test_counts=_distinct(store.tests(), "run", "instrument", "stage"),
        measurements=lambda metric: store.measurements(metrics=[metric]),
        tests=lambda stage: store.tests(stage=stage),
    )
    return {r.key.stage: r for r in report_calibrations(tables, store.runs, rules)}


def pull(source: SourceConfig, folder: Path, keep: Callable[[JobBundle], bool]) -> Store:
    """Return a store that holds some jobs of a source."""
    with Store(folder).writer() as writer:
        for record in read_jobs(source):
            assert isinstance(record, JobBundle), record
            if keep(record):
                writer.add(source.name, record)
        writer.commit()
    return Store(folder)


def run_row(test: str, *, passed: bool, **more: object) -> dict[str, object]:
    """Return one row of a file per run."""
    row = exposure(nights(1)[0]) | {"exposure": None, "stage": "bias", "level": "run"}
    return row | {"test": test, "passed": passed} | more
