from __future__ import annotations

import datetime as dt
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.sources import values as values_module
from reportgen.sources.values import Number, number, percent_remark, plain, strict_json


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (7.5, Number(7.5)),
        (7, Number(7.0)),
        (10**30, Number(1e30)),
        ("7.5", Number(7.5)),
        (" -1e-05 ", Number(-1e-5)),
        (0, Number(0.0)),
        (math.nan, Number(None, "nan")),
        (-math.inf, Number(None, "nan")),
        (".nan", Number(None, "nan")),
        ("-Infinity", Number(None, "nan")),
        (None, Number(None, "null")),
        (10**400, Number(None, "unreadable")),
        ("1e999", Number(None, "unreadable")),
        (True, Number(None, "unreadable")),
        ("1,234.5", Number(None, "unreadable")),
        ("1,2x10^-6", Number(None, "unreadable")),
        ("1_000", Number(None, "unreadable")),
        ("٣", Number(None, "unreadable")),
        ("", Number(None, "unreadable")),
        ([1.0], Number(None, "unreadable")),
        ({}, Number(None, "unreadable")),
    ],
)
def test_number(raw, expected):
    """A stored value is a finite number, or nothing with a reason, and never zero for nothing."""
    assert number(raw) == expected


@given(st.floats() | st.integers() | st.text() | st.none() | st.booleans())
def test_number_is_finite_or_has_a_reason(raw):
    """Exactly one of value and reason is there, whatever is stored."""
    found = number(raw)
    assert (found.value is None) == (found.reason is not None)
    assert found.value is None or math.isfinite(found.value)


def test_strict_json():
    """Blobs and notes are JSON that strict parsers read."""
    data = {"a": [math.nan, math.inf, 1.5], 24: dt.date(2021, 5, 25), "\ud800": "half \udc00"}
    text = strict_json(data)
    text.encode()
    assert json.loads(text) == {"a": [None, None, 1.5], "24": "2021-05-25", "�": "half �"}


def test_plain_is_bounded(monkeypatch):
    """A small document whose nodes share children cannot unfold without end."""
    monkeypatch.setattr(values_module, "MAX_NODES", 10_000)
    data: list = ["x"]
    for _ in range(60):
        data = [data, data]
    with pytest.raises(ValueError, match="unfold"):
        plain(data)


@pytest.mark.parametrize(
    ("metric", "unit", "defined", "remarked"),
    [
        ("validate_drp.AF1_design", "", None, True),
        ("validate_drp.PF1", "", "%", True),
        ("my.fraction", "", "percent", True),
        ("validate_drp.AF1_design", "%", None, False),
        ("validate_drp.AF1_design", None, None, False),
        ("validate_drp.AF1_design", "", "", False),
        ("validate_drp.TE1", "", None, False),
    ],
)
def test_percent_without_unit(metric, unit, defined, remarked):
    """A percentage that is stored as dimensionless is remarked on, by definition or by the SRD."""
    assert (percent_remark(metric, unit, defined) is not None) == remarked
