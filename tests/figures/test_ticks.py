from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.figures.dates import date_ticks
from reportgen.figures.scale import Range
from reportgen.figures.ticks import nice_ticks


@pytest.mark.parametrize(
    ("low", "high", "labels", "factor"),
    [
        (3.9, 9.2, ["4", "5", "6", "7", "8", "9"], ""),
        (-0.3, 0.3, ["−0.3", "−0.2", "−0.1", "0.0", "0.1", "0.2", "0.3"], ""),
        (1.1e-7, 3.2e-7, ["1.5", "2.0", "2.5", "3.0"], "×10⁻⁷"),
        (2e12, 3e12, ["2.0", "2.2", "2.4", "2.6", "2.8", "3.0"], "×10¹²"),
        (9, 10, ["9.0", "9.2", "9.4", "9.6", "9.8", "10.0"], ""),
    ],
)
def test_labels_are_round_and_share_their_power_of_ten(low, high, labels, factor):
    """Ticks stand at round numbers; what all labels have in common is said once."""
    ticks = nice_ticks(Range(low, high))
    assert (list(ticks.labels), ticks.factor) == (labels, factor)


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0.9, 3.1, ["1", "2", "3"]),
        (0, 40, ["0", "10", "20", "30", "40"]),
        (0.9, 1.1, ["0.90", "0.95", "1.00", "1.05", "1.10"]),
    ],
)
def test_counts_have_no_ticks_between_them(low, high, labels):
    """Between one and two amplifiers there is nothing to read off."""
    assert list(nice_ticks(Range(low, high), whole=True).labels) == labels


def test_small_changes_of_large_numbers_are_labelled_by_their_difference():
    """Where all leading digits are the same, labels count from a number said once."""
    ticks = nice_ticks(Range(1234567.8, 1234567.81))
    assert ticks.labels[0] == "+0.000"
    assert ticks.factor.startswith("from 1234567.8")
    assert len(ticks.values) == len(set(ticks.labels[: len(ticks.values)]))


@given(st.floats(-1e15, 1e15), st.floats(1e-6, 1e15))
def test_ticks_lie_on_the_axis_in_order(low, length):
    """Each tick is on the axis, there are two to eight, and each has a label."""
    span = Range(low, low + length)
    if span.span < 1e-9 * max(abs(span.low), abs(span.high)):
        span = span.padded()
    ticks = nice_ticks(span)
    tolerance = 1e-6 * span.span
    assert list(ticks.values) == sorted(ticks.values)
    assert all(span.low - tolerance <= value <= span.high + tolerance for value in ticks.values)
    assert 2 <= len(ticks.values) <= 8
    assert len(ticks.labels) >= len(ticks.values)


@pytest.mark.parametrize(
    ("low", "days", "first", "last"),
    [
        (59400.3, 0.4, "07-05 08:00", "07-05 16:00"),
        (59400.0, 6, "2021-07-05", "2021-07-11"),
        (59400.0, 40, "2021-07-11", "2021-08-11"),
        (59400.0, 200, "2021-09", "2022-01"),
        (59400.0, 1000, "2022-01", "2024-01"),
        (59400.0, 9000, "2025", "2045"),
    ],
)
def test_dates_are_round(low, days, first, last):
    """Time is divided where calendars divide it."""
    ticks = date_ticks(Range(low, low + days), most=7)
    assert (ticks.labels[0], ticks.labels[-1]) == (first, last)


@given(st.floats(-1e9, 1e9), st.floats(0.01, 1e6))
def test_any_time_has_ticks_on_its_axis(low, days):
    """Times that no calendar knows are counted as plain numbers."""
    span = Range(low, low + days)
    ticks = date_ticks(span, most=7)
    assert len(ticks.values) <= 10
    assert all(low - 1e-6 * days <= value <= low + days * (1 + 1e-6) for value in ticks.values)
