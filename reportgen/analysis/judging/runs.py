"""One run in full: what was measured, what is missing, and every verdict."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from reportgen.analysis.judging.checks import check_measurements
from reportgen.analysis.judging.counts import count, count_by_run, headline_checks
from reportgen.analysis.judging.full_names import find_full_names
from reportgen.analysis.judging.lines import make_lines
from reportgen.analysis.judging.scopes import SpecificationsOf, find_scopes
from reportgen.model.calibration_places import Place
from reportgen.model.calibration_verdicts import CALIBRATION_PACKAGE
from reportgen.model.report import Counts, JobRecord, RunReport, TestCount
from reportgen.model.runs import Run
from reportgen.model.status import Kind, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTables:
    """What the store has of one run."""

    run: Run
    measurements: pd.DataFrame
    jobs: pd.DataFrame
    tests: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What decides about measurements: names, units and specifications."""

    canonical: Callable[[str], str]
    """Canonical name of a stored metric."""
    unit: Callable[[str, str | None], str | None]
    """Unit of a metric whose file states one or none: an override may know better."""
    specifications_of: SpecificationsOf


COUNTED = ("job", "metric", "value", "unit", "reason", "band")
"""Columns of measurements that counting needs."""


def count_runs(measurements: pd.DataFrame, jobs: pd.DataFrame, rules: Rules) -> dict[str, Counts]:
    """Count the verdicts of several runs, without what only their pages need.

    Parameters
    ----------
    measurements
        Columns ``run`` and `COUNTED`.
    jobs
        The jobs of these runs.
    rules
        Names, units and specifications.
    """
    resolved = _resolve(measurements, rules)
    return count_by_run(resolved, _check(resolved, jobs, rules, choose=headline_checks))


def report_run(
    tables: RunTables,
    reference: RunTables | None,
    rules: Rules,
    *,
    unreadable: Sequence[Mapping[str, str]] = (),
    demonstration: bool = False,
) -> RunReport:
    """Judge one run; what its reference has and it has not is *not measured: absent*."""
    measurements = _resolve(tables.measurements, rules)
    jobs = tables.jobs
    if reference is not None:
        absent = _absent(measurements, _resolve(reference.measurements, rules))
        measurements = pd.concat([measurements, absent], ignore_index=True)
        jobs = pd.concat([jobs, reference.jobs], ignore_index=True)
    checks = _check(measurements, jobs, rules)
    judged = measurements[_judged(measurements)]
    return RunReport(
        run=tables.run,
        reference=reference.run if reference else None,
        counts=count(measurements, checks),
        lines=make_lines(judged, checks, dict(zip(jobs["job"], jobs["origin"], strict=True))),
        measurements=measurements,
        checks=checks,
        jobs=_job_records(tables.jobs, tables.measurements),
        tests=_count_tests(tables.tests),
        problems=_problems(checks, measurements),
        unreadable=unreadable,
        demonstration=demonstration,
    )


def _check(
    measurements: pd.DataFrame,
    jobs: pd.DataFrame,
    rules: Rules,
    choose: Callable[[pd.DataFrame], pd.DataFrame] = lambda specifications: specifications,
) -> pd.DataFrame:
    judged = measurements[_judged(measurements)]
    full = find_full_names(judged)
    names = {*measurements["metric"].unique(), *full.unique()}
    scopes = find_scopes(jobs, rules.specifications_of, names)
    scoped = judged.assign(scope=judged["job"].map(scopes.of_job).astype("int64"))
    specifications = choose(scopes.table)
    checks = check_measurements(scoped, specifications)
    watched = _watch_by_full_name(scoped, full, specifications)
    if watched.empty:
        return checks
    both = pd.concat([checks, watched]).drop_duplicates(["row", "specification"])
    return both.sort_values(["row", "specification"], kind="stable", ignore_index=True)


def _watch_by_full_name(
    measurements: pd.DataFrame, full: pd.Series, specifications: pd.DataFrame
) -> pd.DataFrame:
    """Compare measurements with the watch ranges that call them by a full name."""
    ranges = specifications[specifications["kind"] == Kind.WATCH_RANGE.value]
    called = full[full.isin(ranges["metric"])]
    named = measurements.loc[called.index].assign(metric=called.to_numpy())
    checks = check_measurements(named, ranges)
    return checks.assign(metric=measurements["metric"].loc[checks["row"]].to_numpy())


def _judged(measurements: pd.DataFrame) -> pd.Series:
    """Tell what specifications judge: not calibrations, which bring their verdicts along."""
    is_calibration = measurements["metric"].str.startswith(CALIBRATION_PACKAGE)
    return ~is_calibration.astype(bool)


def _resolve(measurements: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Give each measurement its metric's canonical name, and the unit that overrides state."""
    stored = measurements["metric"].astype(object)
    names = {name: rules.canonical(name) for name in stored.unique()}
    metric = stored.map(names).astype(object)
    stated = measurements["unit"].astype(object)
    stated = stated.where(stated.notna(), None)
    pairs = list(zip(metric, stated, strict=True))
    units = {pair: rules.unit(*pair) for pair in dict.fromkeys(pairs)}
    unit = pd.Series([units[pair] for pair in pairs], index=measurements.index, dtype=object)
    return measurements.assign(metric=metric, stored_metric=stored, unit=unit, stored_unit=stated)


_PLACE = ("band", "tract", "patch", "detector", "amplifier")
"""Where a measurement is expected again; producers differ in what else they say of the place."""


def _absent(measurements: pd.DataFrame, reference: pd.DataFrame) -> pd.DataFrame:
    """Return the measurements that only the reference has, without their values.

    Measurements of single visits or exposures come and go with the observations and are not
    expected again.
    """
    recurring = reference[reference["visit"].isna() & reference["exposure"].isna()]
    recurring = recurring[~recurring["metric"].str.startswith(CALIBRATION_PACKAGE)]
    place = ["metric", *_PLACE]
    here = set(map(tuple, measurements[place].astype(object).fillna("").to_numpy()))
    wanted = map(tuple, recurring[place].astype(object).fillna("").to_numpy())
    only_there = recurring[[key not in here for key in wanted]]
    only_there = only_there.drop_duplicates(place)
    return only_there.assign(
        value=float("nan"),
        reason=Reason.ABSENT.value,
        run=measurements["run"].iloc[0] if len(measurements) else None,
        identifier=None,
        blobs=None,
        notes=None,
    )


def _count_tests(tests: pd.DataFrame | None) -> list[TestCount]:
    if tests is None or tests.empty:
        return []
    keys = ["instrument", "stage", "level", "test"]
    passed = tests["passed"].astype("boolean").fillna(value=False)
    grouped = passed.groupby([tests[key] for key in keys], dropna=False)
    rows = grouped.agg(["sum", "size"]).reset_index()
    failing = _failing_places(tests[~passed])
    found = [
        TestCount(
            instrument=None if pd.isna(row.instrument) else row.instrument,
            stage=row.stage,
            level=row.level,
            test=row.test,
            passed=int(row.passed),
            failed=int(row.n - row.passed),
            failing=failing.get((row.stage, row.level, row.test), ()),
        )
        for row in rows.rename(columns={"size": "n", "sum": "passed"}).itertuples(index=False)
    ]
    return sorted(found, key=lambda one: (one.failed == 0, one.stage, one.level, one.test))


def _failing_places(failed: pd.DataFrame) -> Mapping[tuple[str, str, str], Sequence[str]]:
    """Return where each test fails, by stage, level and name."""
    columns = ["stage", "level", "test", "detector", "amplifier"]
    found: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in failed[columns].drop_duplicates().itertuples(index=False):
        parts = [None if pd.isna(one) else one for one in (row.detector, row.amplifier)]
        found[row.stage, row.level, row.test].append(
            Place(detector=parts[0], amplifier=parts[1]).name
        )
    return found


def _job_records(jobs: pd.DataFrame, measurements: pd.DataFrame) -> list[JobRecord]:
    counts = measurements["job"].value_counts()
    records = []
    for row in jobs.itertuples(index=False):
        meta = json.loads(row.meta)
        records.append(
            JobRecord(
                job=row.job,
                source=row.source,
                origin=row.origin,
                date=None if pd.isna(row.date) else row.date,
                remarks=tuple(meta.pop("remarks", ())),
                meta=meta,
                measurements=int(counts.get(row.job, 0)),
            )
        )
    return sorted(records, key=lambda record: (record.source, record.origin))


def _problems(checks: pd.DataFrame, measurements: pd.DataFrame) -> tuple[str, ...]:
    """Return each reason why a verdict could not be reached, once per metric."""
    stuck = checks[checks["problem"].notna()]
    metric = measurements["metric"].loc[stuck["row"]].to_numpy()
    sentences = (f"{name}: {text}" for name, text in zip(metric, stuck["problem"], strict=True))
    return tuple(dict.fromkeys(sentences))
