"""One row, one unit."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from reportgen.analysis.judging.one_unit import in_one_unit


def test_values_take_the_unit_of_the_first_value_of_their_row() -> None:
    """Other rows keep theirs; what does not convert has no value and says why; nothing is moved."""
    rows = pd.DataFrame(
        [
            (0, None, None, "null"),
            (0, 5.0, "mmag", None),
            (0, 0.009, "mag", None),
            (0, 2.0, "mas", None),
            (0, 3.0, None, None),
            (1, 0.02, "mag", None),
            (1, math.nan, "mmag", "nan"),
            (2, 1.0, None, None),
            (2, 1.0, "", None),
        ],
        columns=["group", "value", "unit", "reason"],
        index=range(10, 19),
    )
    found = in_one_unit(rows, rows["group"])
    assert list(found.index) == list(rows.index)
    values = [None if math.isnan(value) else value for value in found["value"]]
    assert values == [None, 5.0, pytest.approx(9.0), None, None, 0.02, None, 1.0, None]
    assert [None if pd.isna(one) else one for one in found["reason"]] == [
        "null",
        None,
        None,
        "unreadable",
        "unreadable",
        None,
        "nan",
        None,
        "unreadable",
    ]
    assert list(found["unit"].loc[[11, 12, 15]]) == ["mmag", "mmag", "mag"]
    assert pd.isna(found["unit"].loc[17])


def test_equal_units_cost_nothing() -> None:
    """The table comes back as it was."""
    rows = pd.DataFrame({"value": [1.0, 2.0], "unit": ["mag", "mag"], "reason": [None, None]})
    assert in_one_unit(rows, pd.Series([0, 0])) is rows
