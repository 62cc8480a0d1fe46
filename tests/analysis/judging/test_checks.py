from __future__ import annotations

import pandas as pd
import pytest

from reportgen.analysis.judging.checks import check_measurements, specification_table
from reportgen.analysis.judging.units import conversion_factor
from reportgen.errors import UnitConversionError
from tests.factories import make_specification


def check(rows: list[dict[str, object]], **spec: object) -> list[tuple[object, ...]]:
    """Check rows against one specification and return value and status of each check."""
    columns = ["metric", "band", "value", "unit"]
    defaults = {"metric": "validate_drp.PA1", "band": None, "unit": "mmag", "value": None}
    frame = pd.DataFrame([defaults | row for row in rows], columns=columns)
    frame["value"] = frame["value"].astype(float)
    checks = check_measurements(frame, specification_table([make_specification(**spec)]))
    return [(row.value, row.status) for row in checks.itertuples()]


@pytest.mark.parametrize(
    ("operator", "value", "status"),
    [
        ("<=", 5.0, "pass"),
        ("<", 5.0, "fail"),
        (">=", 5.0, "pass"),
        (">", 5.0, "fail"),
        ("==", 5.0, "pass"),
        ("!=", 5.0, "fail"),
        ("<=", 5.1, "fail"),
    ],
)
def test_operator_reads_value_operator_threshold(operator: str, value: float, status: str) -> None:
    """Each operator compares the value, on its left, with the threshold, on its right."""
    assert check([{"value": value}], operator=operator) == [(value, status)]


def test_value_is_converted_to_the_unit_of_the_limit() -> None:
    """A value is compared in the threshold's unit and reported in it."""
    ((value, status),) = check([{"value": 0.004, "unit": "mag"}], unit="mmag", threshold=5.0)
    assert (pytest.approx(value), status) == (4.0, "pass")


def test_fraction_against_percent_is_a_fraction() -> None:
    """Dimensionless 5 is 500 percent and fails a limit of 10 percent, 0.05 passes."""
    rows = [{"value": 5.0, "unit": ""}, {"value": 0.05, "unit": ""}]
    assert check(rows, unit="%", threshold=10.0) == [(500.0, "fail"), (5.0, "pass")]


def test_missing_value_is_neither_pass_nor_fail() -> None:
    """A measurement without a value is not measured, whatever the operator."""
    for operator in ("<=", ">=", "!="):
        ((value, status),) = check([{"value": None}], operator=operator)
        assert status == "not_measured"
        assert pd.isna(value)


@pytest.mark.parametrize("unit", ["arcsec", None, "furlongs per fortnight"])
def test_inconvertible_unit_is_refused_with_a_message(unit: str | None) -> None:
    """A unit that does not convert gives no verdict and says what to do."""
    frame = pd.DataFrame([{"metric": "validate_drp.PA1", "band": "r", "value": 1.0, "unit": unit}])
    checks = check_measurements(frame, specification_table([make_specification()]))
    assert checks["status"].tolist() == ["not_measured"]
    assert "overrides" in checks["problem"][0]


def test_band_rule_limits_the_bands() -> None:
    """A limit for g, r, i does not judge y, nor a measurement whose band is unknown."""
    rows = [{"value": 4.0, "band": band} for band in ("r", "y", None)]
    assert check(rows, bands=("g", "r", "i")) == [(4.0, "pass")]


def test_only_the_metric_itself_is_checked() -> None:
    """A specification of another metric gives no check."""
    assert check([{"metric": "validate_drp.AM1", "value": 1.0}]) == []


def test_value_too_large_for_the_unit_of_the_limit() -> None:
    """A value that overflows when it is converted is not measured, and the reason is said."""
    frame = pd.DataFrame(
        [{"metric": "validate_drp.PA1", "band": "r", "value": 1e308, "unit": "mag"}]
    )
    limits = specification_table([make_specification(unit="mmag", operator="<=")])
    (row,) = check_measurements(frame, limits).itertuples()
    assert row.status == "not_measured"
    assert pd.isna(row.value)
    assert row.problem == "The value is too large for the unit of the limit."


@pytest.mark.parametrize("unit", ["1e400 m", "1e-400 m", "0 m"])
def test_unit_without_a_size_is_refused(unit: str) -> None:
    """A unit that is infinite or nothing converts into no other."""
    with pytest.raises(UnitConversionError):
        conversion_factor(unit, "mm")
