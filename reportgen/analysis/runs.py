"""One run in full: what was measured, what is missing, and every verdict."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from reportgen.analysis.checks import check_measurements
from reportgen.analysis.counts import count
from reportgen.analysis.lines import make_lines
from reportgen.analysis.scopes import SpecificationsOf, find_scopes
from reportgen.model.measurements import DATA_ID
from reportgen.model.report import JobRecord, RunReport
from reportgen.model.runs import Run
from reportgen.model.status import Reason

CALIBRATION_PACKAGE = "cp_verify."
"""Statistics of calibrations: judged by the tests in their files, shown on their own pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTables:
    """What the store has of one run."""

    run: Run
    measurements: pd.DataFrame
    jobs: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What decides about measurements: names, units and specifications."""

    canonical: Callable[[str], str]
    """Canonical name of a stored metric."""
    unit: Callable[[str], str | None]
    """Unit that an override states for a metric whose files state none or a wrong one."""
    specifications_of: SpecificationsOf


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
    scopes = find_scopes(jobs, rules.specifications_of, set(measurements["metric"].unique()))
    judged = measurements[~measurements["metric"].str.startswith(CALIBRATION_PACKAGE)]
    scoped = judged.assign(scope=judged["job"].map(scopes.of_job).astype("int64"))
    checks = check_measurements(scoped, scopes.table)
    return RunReport(
        run=tables.run,
        reference=reference.run if reference else None,
        counts=count(measurements, checks),
        lines=make_lines(judged, checks),
        measurements=measurements,
        checks=checks,
        jobs=_job_records(tables.jobs, tables.measurements),
        problems=_problems(checks, measurements),
        unreadable=unreadable,
        demonstration=demonstration,
    )


def _resolve(measurements: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Give each metric its canonical name and each override its unit."""
    stored = measurements["metric"].astype(object)
    names = {name: rules.canonical(name) for name in stored.unique()}
    metric = stored.map(names).astype(object)
    units = {name: rules.unit(name) for name in set(names.values())}
    unit = measurements["unit"].astype(object)
    stated = metric.map(units)
    return measurements.assign(
        metric=metric, stored_metric=stored, unit=stated.where(stated.notna(), unit)
    )


def _absent(measurements: pd.DataFrame, reference: pd.DataFrame) -> pd.DataFrame:
    """Return the measurements that only the reference has, without their values.

    Measurements of single visits or exposures come and go with the observations and are not
    expected again.
    """
    recurring = reference[reference["visit"].isna() & reference["exposure"].isna()]
    recurring = recurring[~recurring["metric"].str.startswith(CALIBRATION_PACKAGE)]
    place = ["metric", *DATA_ID]
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
