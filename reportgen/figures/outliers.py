"""Points beyond the axis: said at its edge, with their value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportgen.figures.layout import rows
from reportgen.figures.points import Points
from reportgen.figures.scale import Range, ScaleWithLimits
from reportgen.figures.sheet import MOVES, Floats, Sheet
from reportgen.figures.style import SMALL_SIZE, Look, SeriesStyle
from reportgen.figures.text import number
from reportgen.figures.textsize import text_width

_ROOM = 0.08
"""Share of the axis that is kept free at an edge at which something is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outlier:
    x: float
    value: float
    style: SeriesStyle


def room_for_outliers(scale: ScaleWithLimits, series: Sequence[Points]) -> ScaleWithLimits:
    """Widen the axis a little where values beyond it will be written."""
    span = scale.range
    above = any((one.y > span.high).any() for one in series)
    below = any((one.y < span.low).any() for one in series)
    room = _ROOM * span.span
    return replace(scale, range=Range(span.low - room * below, span.high + room * above))


def draw_outliers(
    sheet: Sheet, series: Sequence[Points], styles: Sequence[SeriesStyle], x: Floats
) -> None:
    """Mark points beyond the axis at its edge; ``x`` are the places of the runs in pixels."""
    found = [
        _Outlier(x=float(x[place]), value=float(one.y[place]), style=style)
        for one, style in zip(series, styles, strict=True)
        for place in one.beyond(sheet.y).tolist()
    ]
    above = [one for one in found if one.value > sheet.y.high]
    below = [one for one in found if one.value < sheet.y.low]
    _write(sheet, above, "↑", sheet.box.top + 10)
    _write(sheet, below, "↓", sheet.box.bottom - 4)


def _write(sheet: Sheet, found: Sequence[_Outlier], arrow: str, y: float) -> None:
    """Write arrow and value side by side; where there is no room, the arrow alone."""
    words = [f"{arrow} {number(one.value)}" for one in found]
    widths = [text_width(word, SMALL_SIZE, bold=True) for word in words]
    lefts = [
        min(one.x - 4, sheet.box.right - width) for one, width in zip(found, widths, strict=True)
    ]
    ends = [left + width for left, width in zip(lefts, widths, strict=True)]
    for one, word, left, row in zip(found, words, lefts, rows(lefts, ends, most=1), strict=True):
        look = Look(paint=one.style.paint, size=SMALL_SIZE, bold=True, halo=True)
        if row == 0:
            sheet.text(left, y, word, look, name=MOVES)
        else:
            sheet.text(one.x - 4, y, arrow, look, name=MOVES)
