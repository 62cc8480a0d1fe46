"""Marks at the foot of the axis where values are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from reportgen.figures.limits import WORDS_AWAY
from reportgen.figures.missing import Gaps, gap_style
from reportgen.figures.points import Points
from reportgen.figures.sheet import MOVES, Floats, Sheet
from reportgen.figures.style import GAP_ROW, MUTED, SMALL_SIZE, TICK_ROOM, Look, SeriesStyle
from reportgen.figures.text import plain
from reportgen.figures.textsize import widest

_SIZE, _SMALLER = 5.5, 2.8
"""Size of a mark where all series of a row miss a value, and where only some do."""


def draw_gaps(
    sheet: Sheet, gaps: Gaps, series: Sequence[Points], styles: Sequence[SeriesStyle], x: Floats
) -> None:
    """Draw the rows of marks below the data; ``x`` are the places of the runs in pixels."""
    if len(series) > 1:
        _name_rows(sheet, [series[one[0]].label if len(one) == 1 else "any" for one in gaps.rows])
    for row, members in enumerate(gaps.rows):
        y = row_place(sheet, row)
        single = len(members) == 1
        empty = set.intersection(*(set(series[index].missing.tolist()) for index in members))
        paint = styles[members[0]].paint if single else MUTED
        for symbol in dict.fromkeys(gaps.symbols.values()):
            style = replace(gap_style(symbol), paint=paint)
            places = _places(gaps, series, members, symbol)
            for chosen, size in ((places & empty, _SIZE), (places - empty, _SMALLER)):
                if chosen:
                    across = x[sorted(chosen)]
                    sheet.marks(across, np.full(len(across), y), style, size, name=MOVES)


def row_place(sheet: Sheet, row: int) -> float:
    """Return the height of the middle of a row, in pixels."""
    return sheet.box.bottom + GAP_ROW * row + 7


def _name_rows(sheet: Sheet, names: Sequence[str]) -> None:
    """Name the rows at their left; where only the right has room, beside the limits."""
    look = Look(paint=MUTED, size=SMALL_SIZE - 1)
    left, right = sheet.box.left - TICK_ROOM, sheet.box.right + WORDS_AWAY
    within, beyond = left - 2, sheet.width - 4 - right
    outside = beyond > within and widest([plain(name) for name in names], look.size) > within
    for row, words in enumerate(names):
        y = row_place(sheet, row) + 3
        if outside:
            sheet.text(right, y, words, look, room=beyond)
        else:
            sheet.text(left, y, words, look, align="right", room=within)


def _places(gaps: Gaps, series: Sequence[Points], members: Sequence[int], symbol: str) -> set[int]:
    return {
        place
        for index in members
        for place, reason in zip(
            series[index].missing.tolist(), series[index].missing_reasons(), strict=True
        )
        if gaps.symbols[reason] == symbol
    }
