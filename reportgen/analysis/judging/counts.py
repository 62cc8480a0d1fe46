"""How many measurements of a run pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reportgen.model.report import Counts
from reportgen.model.status import SEVERITIES, Kind, Status


def headline_checks(checks: pd.DataFrame) -> pd.DataFrame:
    """Return the requirements at level design or without a level, of checks or specifications."""
    level = checks["level"]
    return checks[(checks["kind"] == Kind.REQUIREMENT.value) & (level.isna() | (level == "design"))]


def worst_status(checks: pd.DataFrame) -> pd.Series:
    """Return the worst headline status of each measurement that has one, by ``row``."""
    chosen = headline_checks(checks)
    severity = chosen["status"].map(SEVERITIES).groupby(chosen["row"]).min()
    names = {code: name for name, code in SEVERITIES.items()}
    return severity.map(names)


def count(measurements: pd.DataFrame, checks: pd.DataFrame) -> Counts:
    """Count measurements by their worst headline check."""
    return _counts(worst_status(checks).value_counts().to_dict(), len(measurements))


def count_by_run(measurements: pd.DataFrame, checks: pd.DataFrame) -> dict[str, Counts]:
    """Count the measurements of several runs; ``measurements`` has a column ``run``."""
    statuses = worst_status(checks)
    runs = measurements["run"]
    table = pd.crosstab(runs.loc[statuses.index].to_numpy(), statuses.to_numpy())
    found = table.to_dict("index")
    return {run: _counts(found.get(run, {}), total) for run, total in runs.value_counts().items()}


def _counts(statuses: Mapping[Any, int], total: int) -> Counts:
    """Count by status; ``total``: all measurements, also those that nothing judges."""
    return Counts(
        passed=int(statuses.get(Status.PASS.value, 0)),
        failed=int(statuses.get(Status.FAIL.value, 0)),
        not_measured=int(statuses.get(Status.NOT_MEASURED.value, 0)),
        no_specification=int(total - sum(statuses.values())),
    )
