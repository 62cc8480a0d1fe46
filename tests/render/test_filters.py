"""Filters say what a value is, and never let text from outside become markup."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import Markup

from reportgen.model.status import Reason, Status
from reportgen.render import filters
from reportgen.render.filters import FILTERS
from reportgen.render.sparkline import sparkline
from reportgen.render.status import reason, status

HOSTILE = '"><script>&'


class Row(NamedTuple):
    """A row of a table."""

    metric: str
    band: str


@pytest.mark.parametrize("missing", [None, math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("name", ["number", "quantity", "number_cell"])
def test_missing_is_words(name, missing) -> None:
    """A missing value is shown as a dash with words, never as zero or nan."""
    shown = FILTERS[name](missing)
    assert "– no value" in shown
    assert not re.search(r"nan|inf|0", shown)


def test_numbers() -> None:
    """Numbers are rounded for reading."""
    assert filters.number(12.3456) == "12.35"


def test_rows_with_the_same_words_have_ids_of_their_own() -> None:
    """The id of a row is made of words and fields, safe in an address and unique in a table."""
    rows = [Row("PA1", "g"), Row("PA1", "g"), Row(HOSTILE, "r")]
    found = filters.with_ids(rows, "metric band", "failing", "hsc-rc2")
    assert [one for one, _ in found] == [
        "failing-hsc-rc2-PA1-g",
        "failing-hsc-rc2-PA1-g-2",
        "failing-hsc-rc2-script-r",
    ]
    assert [row for _, row in found] == rows


def test_quantity() -> None:
    """The full value is in the title."""
    assert filters.quantity(12.34567, "marcsec") == (
        '<span class="rg-q" title="12.34567 mas">12.35\u00a0mas</span>'
    )
    assert filters.quantity(12.34567, None) == (
        '<span class="rg-q" title="12.34567 unit not stated">12.35\u00a0unit not stated</span>'
    )


def test_number_cell() -> None:
    """A cell carries its full value for the reader and for sorting."""
    assert filters.number_cell(12.34567, "mmag") == '<td class="n" title="12.34567 mmag">12.35</td>'
    assert filters.number_cell(12.34567) == '<td class="n" title="12.34567">12.35</td>'
    assert filters.number_cell(None, "mmag") == ('<td class="n rg-none">– no value</td>')


def test_unit() -> None:
    """Dimensionless is nothing beside a number, and a word where one is asked for."""
    assert filters.unit("") == ""
    assert filters.unit("", dimensionless=True) == "dimensionless"
    assert filters.unit(None) == "unit not stated"


def test_status() -> None:
    """A badge has the word and a class of its own; a reason stands beside it."""
    assert status(Status.PASS) == '<span class="rg-badge rg-pass">pass</span>'
    assert status(None) == '<span class="rg-badge rg-plain">no specification</span>'
    assert status(Status.NOT_MEASURED, Reason.NAN) == (
        '<span class="rg-badge rg-missing" title="the pipeline computed NaN or an infinity">'
        "not measured<small>NaN</small></span>"
    )
    assert status("newly_failing") == '<span class="rg-badge rg-fail">newly failing</span>'


@pytest.mark.parametrize("why", list(Reason))
def test_every_reason_has_words(why) -> None:
    """Each reason of the model is explained in words of its own."""
    assert len(reason(why)) > 20
    assert reason(why) != why


def test_unknown_words_are_shown() -> None:
    """A status or reason that nobody foresaw is shown, not dropped."""
    assert "brand new" in status("brand_new")
    assert reason("cosmic ray") == "cosmic ray"
    assert reason(None) == "reason not stated"


def test_nothing_becomes_markup() -> None:
    """Text from outside stays text in everything that is finished HTML."""
    made = [
        status(HOSTILE, HOSTILE),
        filters.quantity(1.5, HOSTILE),
        filters.number_cell(1.5, HOSTILE),
        sparkline([1, 2], what=HOSTILE),
    ]
    for html in made:
        assert isinstance(html, Markup)
        assert "<script>" not in html
        assert not re.search(r'="[^"]*"[^ />]', html)


def paths(html: str) -> list[str]:
    """Return the drawing commands of a sparkline."""
    return re.findall(r' d="([^"]*)"', html)


def test_sparkline() -> None:
    """The curve goes from left to right, high values up, with a dot at the last value."""
    html = sparkline([1.0, 3.0, 2.0])
    assert paths(html) == ["M4 36h0L12 4L20 20M18 20a2 2 0 1 1 0 1z"]
    assert 'aria-label="3 runs: 1 to 3, last 2"' in html
    assert 'width="12" height="20"' in html


def test_sparkline_gaps() -> None:
    """A missing value parts the curve; a value alone is a dot; a missing last has none."""
    html = sparkline([1.0, None, 3.0, math.nan, 2.0, 2.0, None])
    assert paths(html) == ["M4 36h0M20 4h0M36 20h0L44 20"]
    assert 'aria-label="7 runs, 3 missing: 1 to 3, last missing"' in html


def test_sparkline_limit() -> None:
    """The limit is drawn where it is near, and left out where it would flatten the curve."""
    assert paths(sparkline([1.0, 3.0], 5.0))[0] == "M0 4H16"
    assert "rg-limit" not in sparkline([1.0, 3.0], 50.0)
    assert "rg-limit" in sparkline([2.0, 2.0], 2.0)


def test_sparkline_level_and_empty() -> None:
    """Equal values run through the middle; none at all are words."""
    assert paths(sparkline([5.0, 5.0])) == ["M4 20h0L12 20M10 20a2 2 0 1 1 0 1z"]
    assert sparkline([None, math.nan]) == '<span class="rg-none">– no history</span>'
    assert sparkline([]) == '<span class="rg-none">– no history</span>'


@given(
    values=st.lists(st.one_of(st.none(), st.floats())),
    limit=st.one_of(st.none(), st.floats()),
)
@example(values=[1.7e308, -1.7e308, 0.0], limit=None)
@example(values=[0.0, 5e-324], limit=5e-324)
def test_sparkline_stays_within_its_box(values, limit) -> None:
    """Whatever the values, each height lies in the box and no number is nan."""
    html = sparkline(values, limit)
    numbers = [float(n) for d in paths(html) for n in re.findall(r"[-\d.e+]+", d)]
    assert "nan" not in html
    assert "inf" not in html
    assert all(0 <= n <= 8 * len(values) + 40 for n in numbers)


def test_names_break_after_their_parts() -> None:
    """Markup in a name stays text, and there is no place to break at the end."""
    assert filters.breakable("a_b/<i>_") == "a_<wbr>b/<wbr>&lt;i&gt;_"


def test_heads_keep_names_in_capitals() -> None:
    """A level begins with a capital; a target stays as it is named."""
    assert [filters.heading(text) for text in ("design", "FY20", "")] == ["Design", "FY20", ""]


def test_a_number_with_its_noun() -> None:
    """One is one."""
    assert [filters.plural(n, "job") for n in (0, 1, 2)] == ["no jobs", "1 job", "2 jobs"]
