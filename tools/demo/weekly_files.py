"""The files of the weekly demonstration: a Parquet table, job files and bundles."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from demo.noise import identifier, write_json, write_parquet
from demo.plan import DemoRun, Plan
from demo.weekly import DemoValue, weekly_values

NULL_SINCE = "w_2021_37"
"""Until mid-September 2021 lsst.verify wrote the token NaN, since then null (DM-31131)."""

BUNDLE_UNITS = {"marcsec": "mas"}
"""Units that analysis_tools spells differently."""

PACKAGES = ("afw", "faro", "lsst_distrib")


def write_weekly(plan: Plan, folder: Path) -> None:
    """Write the weekly demonstration below ``folder``."""
    values = weekly_values(plan)
    write_parquet(folder / "history.parquet", _table(plan, values))
    recent = [value for value in values if value.run.release >= plan.files_from]
    for value_group in _grouped(value for value in recent if value.producer == "faro"):
        _write_job(plan, value_group, folder / "jobs")
    for run in plan.runs:
        for tract in plan.tracts:
            chosen = [v for v in recent if v.run == run and v.tract == tract]
            _write_bundle(plan, run, tract, chosen, folder / "bundles")
    write_json(folder / "truth.json", _truth(plan))


def _table(plan: Plan, values: Sequence[DemoValue]) -> pa.Table:
    old = [value for value in values if value.run.release < plan.files_from]
    columns = {
        "release": pa.array([v.run.release for v in old]),
        "date": pa.array([v.run.date for v in old]),
        "ticket": pa.array([v.run.ticket for v in old]),
        "collection": pa.array([v.run.collection for v in old]),
        "producer": pa.array([v.producer for v in old]),
        "metric": pa.array([v.metric.name for v in old]),
        "band": pa.array([v.band or None for v in old], pa.string()),
        "tract": pa.array([v.tract for v in old], pa.int32()),
        # NaN and null are two things here, as in the files of pipelines.
        "value": pa.array([v.value for v in old], pa.float64()),
        "unit": pa.array([v.metric.unit for v in old]),
    }
    return pa.table(columns)


def _grouped(values: Iterable[DemoValue]) -> list[list[DemoValue]]:
    groups: dict[tuple[str, int, str], list[DemoValue]] = {}
    for value in values:
        groups.setdefault((value.run.release, value.tract, value.band), []).append(value)
    return list(groups.values())


def _write_job(plan: Plan, values: Sequence[DemoValue], folder: Path) -> None:
    """Write one lsst.verify job: the values of one run, tract and band."""
    run, tract, band = values[0].run, values[0].tract, values[0].band
    measurements = [
        {
            "blob_refs": [],
            "identifier": identifier(run.release, tract, band, value.metric.name),
            "metric": value.metric.name,
            "unit": value.metric.unit,
            "value": _token(value.value, run),
        }
        for value in sorted(values, key=lambda value: value.metric.name)
    ]
    meta: dict[str, Any] = {
        "butler_generation": "Gen3",
        "ci_dataset": plan.dataset,
        "ci_label": run.release,
        "collection": run.collection,
        "date": run.date,
        "demonstration": True,
        "instrument": "HSC",
        "packages": {name: _package(name, run) for name in PACKAGES},
        "skymap": "hsc_rings_v1",
        "ticket": run.ticket,
        "tract": tract,
    }
    if band:
        meta["band"] = band
    name = f"faro_{tract}_{band}" if band else f"faro_{tract}"
    job = {"blobs": [], "measurements": measurements, "meta": meta}
    write_json(folder / run.release / f"{name}.verify.json", job)


def _package(name: str, run: DemoRun) -> dict[str, str | None]:
    return {
        "eups_version": run.release,
        "git_branch": None,
        "git_sha": identifier(name, run.release)[:12],
        "name": name,
    }


def _token(value: float | None, run: DemoRun) -> float | None:
    missing = value is None or math.isnan(value)
    return None if missing and run.release >= NULL_SINCE else value


def _write_bundle(
    plan: Plan, run: DemoRun, tract: int, values: Sequence[DemoValue], folder: Path
) -> None:
    """Write one bundle of analysis_tools: all bands of one run and tract."""
    actions: dict[str, list[Mapping[str, Any]]] = {}
    for value in values:
        if value.producer == "analysis_tools":
            name = "_".join(filter(None, (value.band, value.metric.bundle_name)))
            measurement = {
                "metric": name,
                "identifier": identifier(run.release, tract, name),
                "value": _token(value.value, run),
                "unit": BUNDLE_UNITS.get(value.metric.unit, value.metric.unit),
                "blob_refs": [],
            }
            actions.setdefault(value.metric.action, []).append(measurement)
    if actions:
        tail = {
            "__reference_package": "lsst_distrib",
            "__timestamp_version": "reference_package_timestamp",
            "__dataset_identifier": plan.dataset,
            "__metricNamePrefix": "",
        }
        path = folder / run.collection / f"matchedVisitCore_metrics_{tract}.json"
        write_json(path, actions | tail, sort_keys=False)


def _truth(plan: Plan) -> dict[str, Any]:
    """Return what is planted, for whoever checks that it is found."""
    planted = [
        {
            "kind": one.kind,
            "metrics": list(one.metrics),
            "bands": list(one.bands),
            "tracts": list(one.tracts),
            "since": one.since,
            "until": one.until,
            "factor": one.factor,
            "why": one.why,
        }
        for one in plan.planted
    ]
    return {
        "demonstration": True,
        "dataset": plan.dataset,
        "runs": [run.release for run in plan.runs],
        "producers": {
            "validate_drp": plan.runs[0].release,
            "faro": plan.faro_from,
            "analysis_tools": plan.analysis_tools_from,
        },
        "planted": json.loads(json.dumps(planted)),
    }
