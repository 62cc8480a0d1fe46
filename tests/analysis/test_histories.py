"""Series of one metric over runs, in one unit."""

from __future__ import annotations

import math

import pytest

from reportgen.analysis.histories.history import Point, SeriesKey, make_series

KEY = SeriesKey(metric="pkg.D1", dataset="HSC", producer=None, band=None, member=())


@pytest.mark.parametrize(
    ("value", "unit", "shown", "reason"),
    [
        (2.0, "km", 2e6, None),
        (1e308, "km", None, "unreadable"),
        (2.0, "mag", None, "unreadable"),
        (None, "km", None, "null"),
    ],
)
def test_what_has_no_value_in_the_unit_says_why(value, unit, shown, reason):
    """Each run has a value or a reason; one that overflows in the unit has no value."""
    point = Point("hsc/a", value, unit, None, 1, 1, {})
    series = make_series(KEY, [point], {"hsc/a": 0, "hsc/b": 1}, "mm")
    assert (None if math.isnan(series.values[0]) else series.values[0]) == shown
    assert list(series.reasons) == [reason, "absent"]
