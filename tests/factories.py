"""Values for tests: each function fills in what a test does not care about."""

from __future__ import annotations

import hashlib
from typing import Any

from reportgen.model.bundle import JobBundle
from reportgen.model.definitions import Metric, Specification
from reportgen.model.report import LevelCheck
from reportgen.model.runs import Run, RunKey
from reportgen.model.status import Kind, Status


def make_key(dataset: str = "HSC RC2", release: str = "w_2021_30", **more: Any) -> RunKey:
    """Return the key of a run."""
    return RunKey(dataset=dataset, release=release, **more)


def make_run(dataset: str = "HSC RC2", release: str = "w_2021_30", **more: Any) -> Run:
    """Return a run without jobs."""
    return Run(key=make_key(dataset, release), **more)


def make_row(
    metric: str = "validate_drp.PA1", value: float | None = 5.0, **more: Any
) -> dict[str, Any]:
    """Return a row of measurements; a missing value is a NaN unless told otherwise."""
    row = {"metric": metric, "value": value, "unit": "mmag", "producer": "faro"} | more
    if value is None:
        row.setdefault("reason", "nan")
    return row


def make_bundle(origin: str = "a.verify.json", **more: Any) -> JobBundle:
    """Return a job with one measurement."""
    fields: dict[str, Any] = {"run": make_key(), "measurements": [make_row()]} | more
    text = repr((origin, fields)).encode()
    fields.setdefault("sha256", hashlib.sha256(text).hexdigest())
    return JobBundle(origin=origin, **fields)


def make_metric(name: str = "validate_drp.PA1", **more: Any) -> Metric:
    """Return a metric."""
    return Metric(**{"name": name, "unit": "mmag", "description": "Scatter."} | more)


def make_specification(name: str = "validate_drp.PA1.design", **more: Any) -> Specification:
    """Return a specification: at most 5 mmag."""
    fields: dict[str, Any] = {
        "name": name,
        "metric": name.rpartition(".")[0],
        "operator": "<=",
        "threshold": 5.0,
        "unit": "mmag",
        "level": "design",
    }
    return Specification(**fields | more)


def make_check(status: Status = Status.PASS, **more: Any) -> LevelCheck:
    """Return a check of a requirement of PA1 at level design: at most 5 mmag."""
    fields: dict[str, Any] = {
        "specification": "validate_drp.PA1.design",
        "kind": Kind.REQUIREMENT,
        "level": "design",
        "operator": "<=",
        "threshold": 5.0,
        "unit": "mmag",
        "value": {Status.PASS: 4.0, Status.FAIL: 6.5}.get(status),
        "failed": int(status is Status.FAIL),
        "judged": 1,
        "margin": None,
    }
    return LevelCheck(status=status, **fields | more)
