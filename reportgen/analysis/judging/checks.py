"""Checks of measurements against specifications: the one place where a verdict is reached."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from reportgen.analysis.judging.units import conversion_factor
from reportgen.errors import UnitConversionError
from reportgen.model.definitions import Specification
from reportgen.model.status import Kind, Status

COMPARE = {
    "<=": np.less_equal,
    "<": np.less,
    ">=": np.greater_equal,
    ">": np.greater,
    "==": np.equal,
    "!=": np.not_equal,
}
"""Read as *value operator threshold*."""

SPECIFICATION_COLUMNS = (
    "specification",
    "metric",
    "kind",
    "level",
    "operator",
    "threshold",
    "unit",
    "bands",
    "reference",
    "correction",
)


def specification_table(specifications: Sequence[Specification]) -> pd.DataFrame:
    """Return one row per specification, with the columns `SPECIFICATION_COLUMNS`."""
    rows = [
        (
            spec.name,
            spec.metric,
            str(spec.kind),
            spec.level,
            spec.operator,
            spec.threshold,
            spec.unit,
            spec.bands,
            spec.reference,
            spec.correction,
        )
        for spec in specifications
    ]
    table = pd.DataFrame(rows, columns=list(SPECIFICATION_COLUMNS), dtype=object)
    return table.astype({"threshold": float})


def check_measurements(measurements: pd.DataFrame, specifications: pd.DataFrame) -> pd.DataFrame:
    """Compare each measurement with each specification of its metric that applies to it.

    Parameters
    ----------
    measurements
        Columns ``metric``, ``band``, ``value``, ``unit``; further columns are ignored. Where
        ``specifications`` has a column ``scope``, a specification applies only to measurements
        of the same scope (jobs that share definitions and metadata).
    specifications
        As `specification_table` gives them.

    Returns
    -------
    pandas.DataFrame
        One row per check, by row of ``measurements`` and name of specification: ``row`` (index
        label of the measurement), the columns of the specification, ``value`` (in the
        specification's unit, nan where missing or not convertible), ``status`` and ``problem``
        (why units could not be converted, else None).
    """
    keys = [key for key in ("scope", "metric") if key in specifications]
    left = measurements[[*keys, "band", "value", "unit"]].rename(columns={"unit": "stored_unit"})
    pairs = left.assign(row=measurements.index).merge(specifications, on=keys, how="inner")
    pairs = pairs[_in_band(pairs["band"], pairs["bands"])].reset_index(drop=True)
    # The ranges of analysis_tools come without units: they mean the metric's own.
    watch = (pairs["kind"] == Kind.WATCH_RANGE.value) & pairs["stored_unit"].notna()
    pairs["unit"] = pairs["unit"].where(~watch, pairs["stored_unit"])
    factor, problem = _factors(pairs["stored_unit"], pairs["unit"])
    stored = pairs["value"].to_numpy(dtype=float, na_value=np.nan)
    problem[np.isnan(stored)] = None
    with np.errstate(over="ignore"):
        value = stored * factor
    problem[np.isinf(value)] = "The value is too large for the unit of the limit."
    value[np.isinf(value)] = np.nan
    passed = _compare(pairs["operator"], value, pairs["threshold"].to_numpy())
    status = np.where(passed, Status.PASS.value, Status.FAIL.value).astype(object)
    status[np.isnan(value)] = Status.NOT_MEASURED.value
    checks = pairs.drop(columns=["band", "bands", "stored_unit", "scope"], errors="ignore")
    checks = checks.assign(value=value, status=status, problem=problem)
    return checks.sort_values(["row", "specification"], kind="stable", ignore_index=True)


def _in_band(band: pd.Series, bands: pd.Series) -> np.ndarray:
    """Tell where a limit applies: everywhere without a band rule, else in the known bands."""
    limited = bands.notna().to_numpy()
    keep: np.ndarray = ~limited
    if limited.any():
        pairs = zip(band[limited], bands[limited], strict=True)
        keep[limited] = [one in allowed for one, allowed in pairs]
    return keep


def _factors(value_units: pd.Series, limit_units: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return a conversion factor per row, nan with a problem where there is none."""
    factor = np.ones(len(value_units))
    problem = np.full(len(value_units), None, dtype=object)
    value_codes, value_names = pd.factorize(value_units, use_na_sentinel=False)
    limit_codes, limit_names = pd.factorize(limit_units)
    codes = value_codes * max(len(limit_names), 1) + limit_codes
    for code in np.unique(codes):
        value_unit, limit_unit = (
            value_names[code // len(limit_names)],
            limit_names[code % len(limit_names)],
        )
        chosen = codes == code
        try:
            given = None if pd.isna(value_unit) else str(value_unit)
            factor[chosen] = conversion_factor(given, str(limit_unit))
        except UnitConversionError as error:
            factor[chosen] = np.nan
            problem[chosen] = str(error)
    return factor, problem


def _compare(operators: pd.Series, value: np.ndarray, threshold: np.ndarray) -> np.ndarray:
    passed = np.zeros(len(value), dtype=bool)
    for operator, compare in COMPARE.items():
        chosen = (operators == operator).to_numpy()
        passed[chosen] = compare(value[chosen], threshold[chosen])
    return passed
