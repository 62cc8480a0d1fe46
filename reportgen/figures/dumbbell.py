"""Many quantities, each as a step from A to B on one axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from reportgen.figures import hover
from reportgen.figures.frame import draw_header, draw_x_axis, value_labels
from reportgen.figures.layout import Box
from reportgen.figures.scale import Range, finite, robust_range
from reportgen.figures.sheet import FAR_BEHIND, Sheet, rectangles
from reportgen.figures.sizes import (
    DUMBBELL_ROW,
    MOST_DUMBBELLS,
    dumbbell_legend,
    figure_size,
)
from reportgen.figures.style import (
    AXIS_HEIGHT,
    FAIL,
    GRID,
    INK,
    MARGIN,
    MUTED,
    NAME_HEIGHT,
    PASS,
    QUIET,
    QUIET_AREA,
    SMALL_SIZE,
    TEXT_SIZE,
    WIDTH,
    Look,
    Paint,
    SeriesStyle,
)
from reportgen.figures.text import number, plain
from reportgen.figures.textsize import widest
from reportgen.figures.ticks import nice_ticks
from reportgen.model.figures import DumbbellFigure, DumbbellRow

_WIDEST_LABEL, _WIDEST_TEXT = 220, 190
_VERDICTS = {"improved": ("▲", PASS), "regressed": ("▼", FAIL)}


def draw(request: DumbbellFigure, sheet: Sheet) -> None:
    """Draw a row per quantity on ``sheet``; of very many, the first."""
    rows = request.rows[:MOST_DUMBBELLS]
    left = MARGIN + 10 + min(_WIDEST_LABEL, widest([plain(row.label) for row in rows], TEXT_SIZE))
    right = (
        WIDTH - MARGIN - 14 - min(_WIDEST_TEXT, widest([_words(row) for row in rows], TEXT_SIZE))
    )
    size = figure_size(request)
    bottom = size.height - AXIS_HEIGHT - NAME_HEIGHT
    box = Box(left, bottom - DUMBBELL_ROW * max(len(rows), 1), right, bottom)
    sheet.start(size.width, size.height)
    sheet.place_axes(box, _across(rows, request.tolerance), Range(0, 1))
    legend = dumbbell_legend(request)
    draw_header(sheet, request.title, legend, demonstration=request.demonstration)
    _draw_band(sheet, request.tolerance)
    ticks = nice_ticks(sheet.x, most=6)
    name = " ".join(part for part in (plain(request.axis), ticks.factor) if part)
    draw_x_axis(sheet, value_labels(sheet, ticks), box.bottom, name)
    for index, row in enumerate(rows):
        _draw_row(sheet, row, box.top + DUMBBELL_ROW * (index + 0.5))
    if len(request.rows) > len(rows):
        words = f"and {len(request.rows) - len(rows)} more"
        sheet.text(MARGIN, box.bottom + 17, words, QUIET)
    sheet.hover = _hover(sheet, request, rows)


def _words(row: DumbbellRow) -> str:
    icon, _ = _VERDICTS.get(row.verdict, ("", MUTED))
    return " ".join(part for part in (icon, plain(row.text)) if part)


def _paint(row: DumbbellRow) -> Paint:
    return _VERDICTS.get(row.verdict, ("", MUTED))[1]


def _across(rows: Sequence[DumbbellRow], tolerance: float) -> Range:
    values = finite([*(row.before for row in rows), *(row.after for row in rows)] or [0.0])
    found = robust_range([np.sort(values[np.isfinite(values)])]) or Range(0.0, 0.0)
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


def _draw_row(sheet: Sheet, row: DumbbellRow, y: float) -> None:
    box, paint = sheet.box, _paint(row)
    sheet.text(box.left - 10, y + 4, plain(row.label), align="right", room=box.left - MARGIN - 10)
    words = Look(paint=paint if row.verdict in _VERDICTS else INK)
    sheet.text(box.right + 14, y + 4, _words(row), words, room=WIDTH - 4 - box.right - 14)
    sheet.line(
        (box.left, box.right),
        (y + DUMBBELL_ROW / 2, y + DUMBBELL_ROW / 2),
        Look(paint=GRID, width=0.6),
    )
    values = finite([row.before, row.after])
    shown = np.clip(values, sheet.x.low, sheet.x.high)
    x = sheet.across(shown)
    sheet.line(x, (y, y), Look(paint=paint, width=2.0))
    marker = {"▲": "^", "▼": "v"}.get(_VERDICTS.get(row.verdict, ("", MUTED))[0], "o")
    sheet.marks(x[:1], (y,), SeriesStyle(paint=MUTED, marker="o", hollow=True), 6)
    sheet.marks(x[1:], (y,), SeriesStyle(paint=paint, marker=marker), 7.5)
    for value, edge in zip(values.tolist(), shown.tolist(), strict=True):
        if value != edge and np.isfinite(value):
            above = value > edge
            place = box.right - 14 if above else box.left + 14
            note = f"{number(value)} →" if above else f"← {number(value)}"
            look = Look(paint=paint, size=SMALL_SIZE, bold=True, halo=True)
            sheet.text(place, y + 3.5, note, look, align="right" if above else "left")


def _hover(sheet: Sheet, request: DumbbellFigure, rows: Sequence[DumbbellRow]) -> dict[str, Any]:
    links = hover.Links()
    heights = sheet.box.top + DUMBBELL_ROW * (np.arange(len(rows), dtype=np.float64) + 0.5)
    after = finite([row.after for row in rows]) if rows else np.empty(0)
    entry = hover.series_entry(
        request.after,
        y=hover.pixels(heights),
        value=hover.exact(after),
        text=[f"{row.verdict} {plain(row.text)}".strip() for row in rows],
        href=links.numbers([row.link for row in rows]),
    )
    return {
        "kind": "dumbbell",
        "unit": "",
        "box": hover.bounds(sheet.box),
        "labels": hover.words([row.label for row in rows]),
        "x": hover.pixels(sheet.across(np.clip(after, sheet.x.low, sheet.x.high))),
        "links": links.addresses(),
        "series": [entry],
    }
