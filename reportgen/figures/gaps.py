"""Marks at the foot of the axis where values are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from reportgen.figures.frame import TICK_ROOM
from reportgen.figures.missing import Gaps, gap_style
from reportgen.figures.points import Points
from reportgen.figures.sheet import Floats, Sheet
from reportgen.figures.style import GAP_ROW, MUTED, SMALL_SIZE, Look, SeriesStyle


def draw_gaps(
    sheet: Sheet, gaps: Gaps, series: Sequence[Points], styles: Sequence[SeriesStyle], x: Floats
) -> None:
    """Draw the rows of marks below the data; ``x`` are the places of the runs in pixels."""
    for row, members in enumerate(gaps.rows):
        y = row_place(sheet, row)
        single = len(members) == 1
        if len(series) > 1:
            _name_row(sheet, series[members[0]].label if single else "any", y)
        paint = styles[members[0]].paint if single else MUTED
        for symbol in dict.fromkeys(gaps.symbols.values()):
            places = _places(gaps, series, members, symbol)
            if places:
                style = replace(gap_style(symbol), paint=paint)
                sheet.marks(x[places], np.full(len(places), y), style, 5.5)


def row_place(sheet: Sheet, row: int) -> float:
    """Return the height of the middle of a row, in pixels."""
    return sheet.box.bottom + GAP_ROW * row + 7


def _name_row(sheet: Sheet, words: str, y: float) -> None:
    right = sheet.box.left - TICK_ROOM
    look = Look(paint=MUTED, size=SMALL_SIZE - 1)
    sheet.text(right, y + 3, words, look, align="right", room=right - 2)


def _places(gaps: Gaps, series: Sequence[Points], members: Sequence[int], symbol: str) -> list[int]:
    found = {
        place
        for index in members
        for place, reason in zip(
            series[index].missing.tolist(), series[index].missing_reasons(), strict=True
        )
        if gaps.symbols[reason] == symbol
    }
    return sorted(found)
