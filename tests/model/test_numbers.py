"""Numbers and units are shown as people write them, and no digit is invented."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.model.numbers import (
    format_full,
    format_number,
    format_quantity,
    format_relative,
    format_unit,
)

SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (5.0, "5"),
        (0.25, "0.25"),
        (12.3456, "12.35"),
        (23.456, "23.5"),
        (123.45, "123.5"),
        (234.56, "235"),
        (9.996, "10.00"),
        (999.7, "1000"),
        (1234.5, "1234"),
        (12345.6, "12\u202f346"),
        (0.0012345, "0.001234"),
        (2e-5, "2×10⁻⁵"),
        (0.00023456, "2.35×10⁻⁴"),
        (1e6, "1×10⁶"),
        (5.7 - 5.5, "0.2"),
        (0.1 + 2e-8, "0.1000"),
        (-3.2, "−3.2"),
        (-1e-7, "−1×10⁻⁷"),
    ],
)
def test_number(value, shown) -> None:
    """Three significant digits, four after a leading 1, fewer where fewer are exact."""
    assert format_number(value) == shown


@given(value=st.floats(min_value=-1e300, max_value=1e300))
def test_number_stays_itself(value) -> None:
    """What is shown is within half a percent of the value and has its sign."""
    text = format_number(value).replace("−", "-").replace("\u202f", "")
    if "×10" in text:
        mantissa, exponent = text.split("×10")
        text = f"{mantissa}e{exponent.translate(SUPERSCRIPTS)}"
    assert math.isclose(float(text), value, rel_tol=0.00501)


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_full_number_is_exact(value) -> None:
    """The full text gives the very number back."""
    assert float(format_full(value)) == value


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        ("", ""),
        (None, "unit not stated"),
        ("marcsec", "mas"),
        ("mmag", "mmag"),
        ("%", "%"),
        ("pct", "%"),
        ("nJy", "nJy"),
        ("electron / adu", "e⁻/ADU"),
        ("arcmin2", "arcmin²"),
        ("arcsec**2", "arcsec²"),
        ("1 / arcmin2", "arcmin⁻²"),
        ("adu2 / s", "ADU²/s"),
        ("mag(AB)", "mag(AB)"),
    ],
)
def test_unit(unit, shown) -> None:
    """Units are written as on paper; a unit that nobody stated is said to be missing."""
    assert format_unit(unit) == shown


def test_quantity() -> None:
    """Number and unit stay on one line; a missing value is never a number."""
    assert format_quantity(3.456, "marcsec") == "3.46\u00a0mas"
    assert format_quantity(3.456, "") == "3.46"
    assert format_quantity(None, "mmag") == "no value"
    assert format_quantity(math.nan, "mmag") == "no value"
    assert format_quantity(math.inf, "mmag") == "no value"


@pytest.mark.parametrize(
    ("fraction", "text"),
    [(0.001692, "+0.17"), (-0.317, "−32"), (21.04, "+2104"), (0.0383, "+3.8"), (0.0, "0")],
)
def test_a_relative_change_has_its_sign_and_two_digits(fraction: float, text: str) -> None:
    """More digits than two say nothing in a change."""
    assert format_relative(fraction) == f"{text}\u00a0%"
