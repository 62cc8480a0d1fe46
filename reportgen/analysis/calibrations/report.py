"""Calibrations: values and verdicts of each stage of each instrument, and how they move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from reportgen.analysis.calibrations.axis import PlacedMoments, make_axis
from reportgen.analysis.calibrations.changes import find_changes, month_before
from reportgen.analysis.calibrations.conditions import is_covariate
from reportgen.analysis.calibrations.detectors import summarise_camera, summarise_detectors
from reportgen.analysis.calibrations.epochs import value_epochs
from reportgen.analysis.calibrations.flips import verdict_changes
from reportgen.analysis.calibrations.rows import StageRows, ValueRows
from reportgen.analysis.calibrations.stages import (
    UNSTATED,
    StageContent,
    find_stages,
    split_metric,
)
from reportgen.analysis.calibrations.summaries import summary_verdicts
from reportgen.analysis.calibrations.tables import UnitOf, make_statistics
from reportgen.analysis.calibrations.trends import Tolerance, find_trends
from reportgen.analysis.calibrations.verdicts import make_tests, statistic_of, with_verdicts
from reportgen.model.calibration_verdicts import TestHistory
from reportgen.model.calibrations import StageReport, Statistic
from reportgen.model.report import EpochsOf
from reportgen.model.runs import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationTables:
    """Questions to the store; each metric is asked for on its own, so that memory stays small."""

    metric_counts: pa.Table
    """Columns ``run``, ``metric``, ``instrument``."""
    test_counts: pa.Table
    """Columns ``run``, ``instrument``, ``stage``."""
    measurements: Callable[[str], pa.Table]
    """Rows of one metric, of all instruments."""
    tests: Callable[[str], pa.Table]
    """Rows of one stage, of all instruments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationRules:
    """What is known of calibrations beside their files."""

    unit: UnitOf = lambda _metric, stated: stated
    epochs: EpochsOf = lambda _metric, _dataset, _producer, _runs: ()
    tolerance: Tolerance = lambda _metric, _unit: None
    """Change over a window that matters to nobody, in the unit given; None: not stated."""
    demonstration: Callable[[str], bool] = lambda _dataset: False
    """Whether a dataset was generated for demonstration."""


def report_calibrations(
    tables: CalibrationTables,
    runs: Sequence[Run],
    rules: CalibrationRules = CalibrationRules(),
    *,
    jobs: int = 1,
) -> list[StageReport]:
    """Return one report per instrument and stage, in order of name.

    Parameters
    ----------
    tables
        Questions to the store.
    runs
        The runs that count, in order; rows of others are left out.
    rules
        Units, epochs and tolerances.
    jobs
        Processes that look for trends.
    """
    by_id = {run.id: run for run in runs}
    stages = find_stages(tables.metric_counts, tables.test_counts, by_id)
    return [_report_stage(stage, tables, by_id, rules, jobs) for stage in stages]


def _report_stage(
    stage: StageContent,
    tables: CalibrationTables,
    runs: Mapping[str, Run],
    rules: CalibrationRules,
    jobs: int,
) -> StageReport:
    rows = StageRows()
    verdicts = rows.verdicts(_own(tables.tests(stage.key.stage), stage, runs))
    values = [
        rows.values(_own(tables.measurements(metric), stage, runs), metric)
        for metric in stage.metrics
    ]
    placed = make_axis(rows.moments, runs)
    own_runs = {moment.run for moment in rows.moments}
    known = [run for run in runs.values() if run.id in own_runs]
    tests = make_tests(verdicts, rows, placed)
    statistics = _statistics(values, rows, placed, rules)
    tests = [replace(t, statistic=statistic_of(t, stage.key.stage, statistics)) for t in tests]
    statistics = [with_verdicts(statistic, tests) for statistic in statistics]
    statistics = value_epochs(statistics, placed.axis, known, rules.epochs)
    statistics = [_with_summaries(statistic) for statistic in statistics]
    statistics = find_trends(statistics, placed.axis, rules.tolerance, jobs=jobs)
    tests = [_with_changes(test, statistics) for test in tests]
    datasets = sorted({run.dataset for run in known})
    report = StageReport(
        key=stage.key,
        datasets=datasets,
        axis=placed.axis,
        statistics=statistics,
        tests=tests,
        verdicts=summary_verdicts(verdicts, rows, placed),
        changes=(),
        reference_night=month_before(placed.axis),
        demonstration=any(rules.demonstration(dataset) for dataset in datasets),
    )
    return replace(report, changes=find_changes(report))


def _own(table: pa.Table, stage: StageContent, runs: Mapping[str, Run]) -> pa.Table:
    """Keep the rows of the instrument, and of runs that count."""
    instrument = pc.fill_null(table["instrument"], UNSTATED)
    here = pc.equal(instrument, stage.key.instrument)
    shown = pc.is_in(table["run"], pa.array(list(runs), pa.string()))
    return table.filter(pc.and_(here, shown))


def _statistics(
    values: Sequence[ValueRows], rows: StageRows, placed: PlacedMoments, rules: CalibrationRules
) -> list[Statistic]:
    """Return the tables of all metrics, those with the same label told apart by their level."""
    found = [statistic for one in values for statistic in _tables(one, rows, placed, rules)]
    labels = Counter(statistic.label for statistic in found)
    return [
        replace(
            statistic,
            variant=_with_level(statistic) if labels[statistic.label] > 1 else statistic.variant,
            is_covariate=is_covariate(statistic.name),
        )
        for statistic in found
    ]


def _tables(
    values: ValueRows, rows: StageRows, placed: PlacedMoments, rules: CalibrationRules
) -> Iterator[Statistic]:
    name = split_metric(values.metric)[1]
    if len(values.value):
        yield from make_statistics(values, rows, placed, name, rules.unit)


def _with_level(statistic: Statistic) -> str:
    return ", ".join(word for word in (statistic.variant, statistic.level) if word)


def _with_summaries(statistic: Statistic) -> Statistic:
    detectors = summarise_detectors(statistic)
    return replace(statistic, summaries=detectors, overall=summarise_camera(statistic, detectors))


def _with_changes(test: TestHistory, statistics: Sequence[Statistic]) -> TestHistory:
    values = next((one for one in statistics if one.is_behind(test)), None)
    return replace(test, changes=verdict_changes(test, values))
