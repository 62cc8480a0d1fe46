"""How many measurements of a run pass."""

from __future__ import annotations

import numpy as np
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
    statuses = worst_status(checks).value_counts()
    judged = int(np.sum(statuses.to_numpy())) if len(statuses) else 0
    return Counts(
        passed=int(statuses.get(Status.PASS.value, 0)),
        failed=int(statuses.get(Status.FAIL.value, 0)),
        not_measured=int(statuses.get(Status.NOT_MEASURED.value, 0)),
        no_specification=len(measurements) - judged,
    )


def count_by_run(measurements: pd.DataFrame, checks: pd.DataFrame) -> dict[str, Counts]:
    """Count the measurements of several runs; ``measurements`` has a column ``run``."""
    statuses = worst_status(checks)
    runs = measurements["run"]
    table = pd.crosstab(runs.loc[statuses.index].to_numpy(), statuses.to_numpy())
    found = {}
    for run, total in runs.value_counts().items():
        row = table.loc[run].to_dict() if run in table.index else {}
        found[run] = Counts(
            passed=int(row.get(Status.PASS.value, 0)),
            failed=int(row.get(Status.FAIL.value, 0)),
            not_measured=int(row.get(Status.NOT_MEASURED.value, 0)),
            no_specification=int(total - sum(row.values())),
        )
    return found
