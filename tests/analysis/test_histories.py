"""Series of one metric over runs, in one unit."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from reportgen.analysis.histories.history import Point, SeriesKey, join_mixed, make_series

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


def test_a_run_with_several_units_or_names_is_joined_over_its_members():
    """One point of all values that convert; other runs keep theirs, and a missing value counts."""
    first, second = (replace(KEY, member=(("tract", n),)) for n in (1, 2))
    other = Point("hsc/b", 7.0, "mm", None, 3, 3, {})
    joined = {KEY: [Point("hsc/a", 5.0, "mm", None, 1, 1, {}), other]}
    joined[KEY].append(Point("hsc/a", 1.0, "cm", None, 1, 2, {}))
    members = {
        first: [Point("hsc/a", 5.0, "mm", None, 1, 1, {"tract": 1}), other],
        second: [
            Point("hsc/a", 1.0, "cm", None, 1, 1, {"tract": 2}),
            Point("hsc/a", None, "cm", "nan", 0, 1, {"tract": 2}),
            Point("hsc/a", 2.0, "mag", None, 1, 1, {"tract": 2}),
        ],
    }
    found = join_mixed(joined, members)[KEY]
    assert found == [other, Point("hsc/a", 7.5, "mm", "nan", 2, 4, {})]
    assert join_mixed({KEY: [other]}, members) == {KEY: [other]}
