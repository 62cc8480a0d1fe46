"""Cells of tables: states, limits, the margin with its bar, the change with its verdict."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from reportgen.model.comparison import Verdict
from reportgen.model.status import Status
from reportgen.pages.changes import ChangeCell
from reportgen.pages.levels import LevelCell
from reportgen.render.cells import (
    change_cell,
    level_cell,
    margin_cell,
    quantity_cell,
    state_cell,
)
from reportgen.render.columns import column_style, css_string


def test_state_cell() -> None:
    """The cell is the badge; why a value is missing stands beside it, where nothing applies too."""
    assert state_cell(Status.FAIL) == '<td class="rg-badge rg-fail">fail</td>'
    assert state_cell("not_measured", "nan") == (
        '<td class="rg-badge rg-missing" title="the pipeline computed NaN or an infinity">'
        "not measured<small>NaN</small></td>"
    )
    assert state_cell(None, none="no limit") == '<td class="rg-badge rg-plain">no limit</td>'
    assert "<b>" not in state_cell("<b>", "<b>")


def test_level_cell() -> None:
    """State and limit are two lines of one cell, which says where the limit comes from."""
    cell = LevelCell(limit="≤ 5 <mmag>", status=Status.PASS, title='pkg."x"', corrected=True)
    assert level_cell(cell) == (
        '<td class="rg-lv rg-pass" title="pkg.&quot;x&quot;">pass\n≤ 5 &lt;mmag&gt;\ncorrected</td>'
    )
    assert level_cell(None) == "<td></td>"


def test_quantity_cell() -> None:
    """Rounded, in full on hover; a unit that nobody stated is a mark, and words on hover."""
    assert quantity_cell(12.3456, "mmag") == (
        '<td class="n rg-q" title="12.3456 mmag">12.35\u00a0mmag</td>'
    )
    assert quantity_cell(0.5, None) == (
        '<td class="n rg-q" title="0.5 unit not stated">0.5\u00a0†</td>'
    )


def test_margin_cell() -> None:
    """Inside lies left of the limit, outside right of it; the sort key is the number."""
    assert margin_cell(0.25, "25 % inside") == (
        '<td class="n rg-bar rg-bar--pass" style="--v:12%" data-v="0.25">25 % inside</td>'
    )
    assert margin_cell(-5.2, "520 % over") == (
        '<td class="n rg-bar rg-bar--fail rg-beyond" style="--v:50%" data-v="-5.2">520 % over</td>'
    )


def test_no_margin() -> None:
    """Without a margin nothing is drawn."""
    for inside in (None, float("nan"), float("inf")):
        assert margin_cell(inside, "") == '<td class="n"></td>'


def test_change_cell() -> None:
    """A change has its verdict above it, and every text is escaped."""
    cell = ChangeCell(
        text="+1 <mmag>",
        relative="+20 %",
        size=0.2,
        verdict=Verdict.REGRESSED,
        title='beyond "0.1"',
    )
    assert change_cell(cell) == (
        '<td class="n rg-lv rg-worse" data-v="0.2" title="beyond &quot;0.1&quot;">'
        "regressed\n+1 &lt;mmag&gt;, +20 %</td>"
    )
    assert "not compared" in change_cell(None)


def test_column_style() -> None:
    """Columns share the width as they say, and each has its label."""
    columns = [{"title": "Metric", "width": 8}, {"title": "Since", "label": "Change", "width": 2.5}]
    assert column_style(columns) == (
        '--rg-cols:minmax(0,8fr) minmax(0,2.5fr);--rg-min:8.4rem;--rg-l1:"Metric";--rg-l2:"Change"'
    )


@given(st.text())
def test_css_string(text) -> None:
    """No text ends its string, and each reads as it was."""
    string = css_string(text)
    assert re.fullmatch(r'"(?:[^"\\\n<>;{}]|\\[0-9a-f]{1,6} )*"', string)
    read = re.sub(r"\\([0-9a-f]+) ", lambda found: chr(int(found[1], 16)), string[1:-1])
    assert read == text
