"""One quantity in run A against the same in run B, a point per member."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.figures import hover
from reportgen.figures.frame import (
    draw_header,
    draw_x_axis,
    draw_y_axis,
    left_margin,
    value_labels,
)
from reportgen.figures.layout import Box
from reportgen.figures.scale import (
    Floats,
    Range,
    finite,
    robust_range,
)
from reportgen.figures.sheet import IN_FRONT, Sheet
from reportgen.figures.sizes import SCATTER_SIDE, figure_size, scatter_legend
from reportgen.figures.style import (
    AXIS_HEIGHT,
    MUTED,
    NAME_HEIGHT,
    QUIET,
    Look,
    SeriesStyle,
    series_styles,
)
from reportgen.figures.text import axis_title, number, plain, quantity
from reportgen.figures.ticks import Ticks, nice_ticks
from reportgen.model.figures import ScatterFigure

_MANY = 400
"""Points from which on they are drawn smaller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """The values of all members in both runs."""

    x: Floats
    y: Floats

    @property
    def both(self) -> NDArray[np.bool_]:
        """Return which members have a value in both runs."""
        return np.isfinite(self.x) & np.isfinite(self.y)

    def within(self, span: Range) -> NDArray[np.bool_]:
        """Return which members lie on axes of this range."""
        low, high = np.minimum(self.x, self.y), np.maximum(self.x, self.y)
        return (low >= span.low) & (high <= span.high)


def draw(request: ScatterFigure, sheet: Sheet) -> None:
    """Draw a scatter plot on ``sheet``, both axes alike."""
    pairs = Pairs(x=finite(request.x), y=finite(request.y))
    both = pairs.both
    known = robust_range((pairs.x[both], pairs.y[both]), ordered=False)
    span = (known or Range(0.0, 1.0)).padded()
    ticks = nice_ticks(span, most=6)
    _place(sheet, request, span, ticks)
    _draw_frame(sheet, request, ticks)
    _draw_points(sheet, pairs)
    _draw_remarks(sheet, request, pairs)
    sheet.hover = _hover(sheet, request, pairs)


def _place(sheet: Sheet, request: ScatterFigure, span: Range, ticks: Ticks) -> None:
    size = figure_size(request)
    left, bottom = left_margin(ticks), size.height - AXIS_HEIGHT - NAME_HEIGHT
    sheet.start(size.width, size.height)
    box = Box(left, bottom - SCATTER_SIDE, left + SCATTER_SIDE, bottom)
    sheet.place_axes(box, span, span)


def _draw_frame(sheet: Sheet, request: ScatterFigure, ticks: Ticks) -> None:
    box, unit = sheet.box, request.unit or "dimensionless"
    legend = scatter_legend()
    draw_header(sheet, request.title, legend, demonstration=request.demonstration)
    draw_y_axis(sheet, ticks, axis_title(f"{request.y_label},", unit, ticks.factor))
    name = axis_title(f"{request.x_label},", unit, ticks.factor)
    draw_x_axis(sheet, value_labels(sheet, ticks), box.bottom, name)
    sheet.line((box.left, box.right), (box.bottom, box.top), Look(paint=MUTED, width=1.2))


def _draw_points(sheet: Sheet, pairs: Pairs) -> None:
    """Draw points where they are; those beyond the axes stand hollow at the edge."""
    (style,) = series_styles([""])
    span, inside = sheet.x, pairs.within(sheet.x)
    size = 5.5 if pairs.both.sum() <= _MANY else 3.6
    for where, hollow in ((pairs.both & inside, style.hollow), (pairs.both & ~inside, True)):
        if where.any():
            across = sheet.across(np.clip(pairs.x[where], span.low, span.high))
            down = sheet.down(np.clip(pairs.y[where], span.low, span.high))
            look = SeriesStyle(paint=style.paint, marker=style.marker, hollow=hollow)
            sheet.marks(across, down, look, size, order=IN_FRONT - 1)


def _draw_remarks(sheet: Sheet, request: ScatterFigure, pairs: Pairs) -> None:
    """Say what the plot does not show: members of one run only, points beyond the axes."""
    known_x, known_y = np.isfinite(pairs.x), np.isfinite(pairs.y)
    remarks = [
        f"{count} only in {plain(label)}"
        for count, label in (
            (int((known_x & ~known_y).sum()), request.x_label),
            (int((known_y & ~known_x).sum()), request.y_label),
        )
        if count
    ]
    beyond = pairs.both & ~pairs.within(sheet.x)
    if beyond.any():
        values = np.concatenate((pairs.x[beyond], pairs.y[beyond]))
        extreme = float(values[np.argmax(np.abs(values))])
        remarks.append(f"hollow: beyond, to {number(extreme)}")
    if not pairs.both.any():
        remarks.append("No values in both")
    left = sheet.box.right + 10
    for row, remark in enumerate(remarks):
        place = sheet.box.bottom - 14 * (len(remarks) - row) + 30
        sheet.text(left, place, remark, QUIET, room=sheet.width - left - 4)


def _hover(sheet: Sheet, request: ScatterFigure, pairs: Pairs) -> dict[str, Any]:
    span = sheet.x
    x = sheet.across(np.clip(pairs.x, span.low, span.high))
    y = sheet.down(np.clip(pairs.y, span.low, span.high))
    texts = [
        f"{number(first, 6)} → {quantity(second, request.unit, 6)}" if known else ""
        for first, second, known in zip(
            pairs.x.tolist(), pairs.y.tolist(), pairs.both.tolist(), strict=True
        )
    ]
    shown = np.where(pairs.both, y, np.nan)
    members = hover.series_entry("", y=hover.pixels(shown), value=[None] * len(x), text=texts)
    return {
        "kind": "scatter",
        "unit": plain(request.unit),
        "box": hover.bounds(sheet.box),
        "labels": hover.words(request.members),
        "x": hover.pixels(x),
        "series": [members],
    }
