"""Many quantities, each as a step from A to B on one axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reportgen.figures import hover
from reportgen.figures.frame import draw_header, draw_x_axis, value_labels
from reportgen.figures.layout import Box
from reportgen.figures.scale import Floats, Range, finite, robust_range
from reportgen.figures.sheet import FAR_BEHIND, IN_FRONT, Sheet, rectangles
from reportgen.figures.sizes import (
    DUMBBELL_ROW,
    MOST_DUMBBELLS,
    VERDICTS,
    dumbbell_legend,
    figure_size,
)
from reportgen.figures.style import (
    AXIS_HEIGHT,
    GRID,
    INK,
    MARGIN,
    MUTED,
    NAME_HEIGHT,
    QUIET,
    QUIET_AREA,
    SMALL_SIZE,
    TEXT_SIZE,
    WIDTH,
    Look,
    SeriesStyle,
)
from reportgen.figures.text import number, plain
from reportgen.figures.textsize import widest
from reportgen.figures.ticks import nice_ticks
from reportgen.model.figures import DumbbellFigure, DumbbellRow

_WIDEST_LABEL, _WIDEST_TEXT = 220, 190
_ICONS = {"^": "▲", "v": "▼"}
_OTHER = SeriesStyle(paint=MUTED, marker="o")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """The values of all rows."""

    before: Floats
    after: Floats

    def across(self, sheet: Sheet) -> list[Floats]:
        """Return where they stand, in pixels; what lies beyond the axis at its end."""
        span = sheet.x
        return [
            sheet.across(np.clip(end, span.low, span.high)) for end in (self.before, self.after)
        ]


def draw(request: DumbbellFigure, sheet: Sheet) -> None:
    """Draw a row per quantity on ``sheet``; of very many, the first."""
    rows = request.rows[:MOST_DUMBBELLS]
    values = Ends(
        before=finite([row.before for row in rows]), after=finite([row.after for row in rows])
    )
    left = MARGIN + 10 + min(_WIDEST_LABEL, widest([plain(row.label) for row in rows], TEXT_SIZE))
    right = (
        WIDTH - MARGIN - 14 - min(_WIDEST_TEXT, widest([_words(row) for row in rows], TEXT_SIZE))
    )
    size = figure_size(request)
    bottom = size.height - AXIS_HEIGHT - NAME_HEIGHT
    box = Box(left, bottom - DUMBBELL_ROW * max(len(rows), 1), right, bottom)
    sheet.start(size.width, size.height)
    sheet.place_axes(box, _range(values, request.tolerance), Range(0, 1))
    legend = dumbbell_legend(request)
    draw_header(sheet, request.title, legend, demonstration=request.demonstration)
    _draw_band(sheet, request.tolerance)
    ticks = nice_ticks(sheet.x, most=6)
    name = " ".join(part for part in (plain(request.axis), ticks.factor) if part)
    draw_x_axis(sheet, value_labels(sheet, ticks), box.bottom, name)
    _draw_rows(sheet, rows, values)
    if len(request.rows) > len(rows):
        words = f"and {len(request.rows) - len(rows)} more"
        sheet.text(MARGIN, box.bottom + 17, words, QUIET)
    sheet.hover = _hover(sheet, request, rows, values)


def _words(row: DumbbellRow) -> str:
    icon = _ICONS.get(VERDICTS.get(row.verdict, _OTHER).marker, "")
    return " ".join(part for part in (icon, plain(row.text)) if part)


def _range(values: Ends, tolerance: float) -> Range:
    found = robust_range((values.before, values.after), ordered=False) or Range(0.0, 0.0)
    return found.including((-1.3 * tolerance, 1.3 * tolerance)).padded()


def _draw_band(sheet: Sheet, tolerance: float) -> None:
    box = sheet.box
    if tolerance > 0:
        low, high = sheet.across(np.array([-tolerance, tolerance])).tolist()
        sides = ([low], [box.top], [high], [box.bottom])
        sheet.area(rectangles(*(np.array(side) for side in sides)), QUIET_AREA, order=FAR_BEHIND)
    if 0 in sheet.x:
        zero = float(sheet.across(np.array(0.0)))
        sheet.line((zero, zero), (box.top, box.bottom), Look(paint=MUTED))


def _draw_rows(sheet: Sheet, rows: Sequence[DumbbellRow], values: Ends) -> None:
    """Draw the steps of all rows, those of one verdict in one go."""
    y = sheet.box.top + DUMBBELL_ROW * (np.arange(len(rows), dtype=np.float64) + 0.5)
    feet = np.repeat(y + DUMBBELL_ROW / 2, 3)
    across = np.tile([sheet.box.left, sheet.box.right, np.nan], len(rows))
    sheet.line(across, feet, Look(paint=GRID, width=0.6))
    before, after = values.across(sheet)
    styles = [VERDICTS.get(row.verdict, _OTHER) for row in rows]
    for style in dict.fromkeys(styles):
        own = [index for index, one in enumerate(styles) if one is style]
        x = np.stack([before[own], after[own], np.full(len(own), np.nan)], axis=-1).ravel()
        sheet.line(x, np.repeat(y[own], 3), Look(paint=style.paint, width=2.0))
        sheet.marks(after[own], y[own], style, 7.5)
    sheet.marks(before, y, SeriesStyle(paint=MUTED, marker="o", hollow=True), 6, order=IN_FRONT - 1)
    for row, style, place in zip(rows, styles, y.tolist(), strict=True):
        _write_row(sheet, row, style, place)


def _write_row(sheet: Sheet, row: DumbbellRow, style: SeriesStyle, y: float) -> None:
    """Write what a row is about, its numbers, and its end if that lies beyond the axis."""
    box = sheet.box
    sheet.text(box.left - 10, y + 4, plain(row.label), align="right", room=box.left - MARGIN - 10)
    words = Look(paint=INK if style is _OTHER else style.paint)
    sheet.text(box.right + 14, y + 4, _words(row), words, room=WIDTH - 4 - box.right - 14)
    look = Look(paint=style.paint, size=SMALL_SIZE, bold=True, halo=True)
    for value in (row.before, row.after):
        if math.isfinite(value) and value > sheet.x.high:
            sheet.text(box.right - 14, y + 3.5, f"{number(value)} →", look, align="right")
        elif math.isfinite(value) and value < sheet.x.low:
            sheet.text(box.left + 14, y + 3.5, f"← {number(value)}", look)


def _hover(
    sheet: Sheet, request: DumbbellFigure, rows: Sequence[DumbbellRow], values: Ends
) -> dict[str, Any]:
    links = hover.Links()
    heights = sheet.box.top + DUMBBELL_ROW * (np.arange(len(rows), dtype=np.float64) + 0.5)
    entry = hover.series_entry(
        request.after,
        y=hover.pixels(heights),
        value=hover.exact(values.after),
        text=[f"{row.verdict} {plain(row.text)}".strip() for row in rows],
        href=links.numbers([row.link for row in rows]),
    )
    return {
        "kind": "dumbbell",
        "unit": "",
        "box": hover.bounds(sheet.box),
        "labels": hover.words([row.label for row in rows]),
        "x": hover.pixels(values.across(sheet)[1]),
        "links": links.addresses(),
        "series": [entry],
    }
