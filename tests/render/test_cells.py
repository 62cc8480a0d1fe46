"""Cells of tables: the margin as a bar, the change with its verdict."""

from __future__ import annotations

from reportgen.model.comparison import Verdict
from reportgen.pages.changes import ChangeCell
from reportgen.render.cells import change_cell, margin_cell


def test_margin_cell() -> None:
    """Inside lies left of the limit, outside right of it; the sort key is the number."""
    assert margin_cell(0.25, "25 % inside") == (
        '<td class="n" data-v="0.25">25 % inside'
        '<span class="rg-bar rg-bar--pass" style="--v:12%"></span></td>'
    )
    assert margin_cell(-5.2, "520 % over") == (
        '<td class="n" data-v="-5.2">520 % over'
        '<span class="rg-bar rg-bar--fail rg-beyond" style="--v:50%"></span></td>'
    )


def test_no_margin() -> None:
    """Without a margin nothing is drawn."""
    for inside in (None, float("nan"), float("inf")):
        assert margin_cell(inside, "") == '<td class="n"></td>'


def test_change_cell() -> None:
    """A change has its verdict beside it, and every text is escaped."""
    cell = ChangeCell(
        text="+1 <mmag>",
        relative="+20 %",
        size=0.2,
        verdict=Verdict.REGRESSED,
        title='beyond "0.1"',
    )
    assert change_cell(cell) == (
        '<td class="n" data-v="0.2" title="beyond &quot;0.1&quot;">+1 &lt;mmag&gt;, +20 %<br>'
        '<span class="rg-badge rg-worse">regressed</span></td>'
    )
    assert "not compared" in change_cell(None)
