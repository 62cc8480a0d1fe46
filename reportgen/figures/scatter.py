"""One quantity in run A against the same in run B, a point per member."""

from __future__ import annotations

from collections.abc import Sequence
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
from reportgen.figures.limits import draw_limits, limit_look
from reportgen.figures.scale import (
    Floats,
    Range,
    ScaleWithLimits,
    finite,
    robust_range,
    with_limits,
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
    scale = with_limits(known, request.limits)
    ticks = nice_ticks(scale.range, most=6)
    _place(sheet, request, scale.range, ticks)
    _draw_frame(sheet, request, ticks)
    groups = list(dict.fromkeys(request.groups)) or [""]
    member = _members(request, groups)
    for index, style in enumerate(series_styles(groups)):
        _draw_points(sheet, pairs, member == index, style)
    _draw_upright_limits(sheet, scale)
    draw_limits(sheet, scale, request.unit)
    _draw_remarks(sheet, request, pairs)
    sheet.hover = _hover(sheet, request, groups, member, pairs)


def _place(sheet: Sheet, request: ScatterFigure, span: Range, ticks: Ticks) -> None:
    size = figure_size(request)
    left, bottom = left_margin(ticks), size.height - AXIS_HEIGHT - NAME_HEIGHT
    sheet.start(size.width, size.height)
    box = Box(left, bottom - SCATTER_SIDE, left + SCATTER_SIDE, bottom)
    sheet.place_axes(box, span, span)


def _draw_frame(sheet: Sheet, request: ScatterFigure, ticks: Ticks) -> None:
    box, unit = sheet.box, request.unit or "dimensionless"
    legend = scatter_legend(request)
    draw_header(sheet, request.title, legend, demonstration=request.demonstration)
    draw_y_axis(sheet, ticks, axis_title(f"{request.y_label},", unit, ticks.factor))
    name = axis_title(f"{request.x_label},", unit, ticks.factor)
    draw_x_axis(sheet, value_labels(sheet, ticks), box.bottom, name)
    sheet.line((box.left, box.right), (box.bottom, box.top), Look(paint=MUTED, width=1.2))


def _members(request: ScatterFigure, groups: Sequence[str]) -> NDArray[np.intp]:
    if not request.groups:
        return np.zeros(len(request.x), dtype=np.intp)
    number_of = {group: index for index, group in enumerate(groups)}
    return np.array([number_of[group] for group in request.groups], dtype=np.intp)


def _draw_points(sheet: Sheet, pairs: Pairs, chosen: NDArray[np.bool_], style: SeriesStyle) -> None:
    """Draw points where they are; those beyond the axes stand hollow at the edge."""
    span, inside = sheet.x, pairs.within(sheet.x)
    chosen = chosen & pairs.both
    size = 5.5 if chosen.sum() <= _MANY else 3.6
    for where, hollow in ((chosen & inside, style.hollow), (chosen & ~inside, True)):
        if where.any():
            across = sheet.across(np.clip(pairs.x[where], span.low, span.high))
            down = sheet.down(np.clip(pairs.y[where], span.low, span.high))
            look = SeriesStyle(paint=style.paint, marker=style.marker, hollow=hollow)
            sheet.marks(across, down, look, size, order=IN_FRONT - 1)


def _draw_upright_limits(sheet: Sheet, scale: ScaleWithLimits) -> None:
    for limit in scale.inside:
        place = float(sheet.across(np.array(limit.value)))
        sheet.line(
            (place, place), (sheet.box.top, sheet.box.bottom), limit_look(limit),
            order=IN_FRONT, name="rg-limit",
        )  # fmt: skip


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


def _hover(
    sheet: Sheet,
    request: ScatterFigure,
    groups: Sequence[str],
    member: NDArray[np.intp],
    pairs: Pairs,
) -> dict[str, Any]:
    links = hover.Links()
    span = sheet.x
    x = sheet.across(np.clip(pairs.x, span.low, span.high))
    y = sheet.down(np.clip(pairs.y, span.low, span.high))
    texts = [
        f"{number(first, 6)} → {quantity(second, request.unit, 6)}" if known else ""
        for first, second, known in zip(
            pairs.x.tolist(), pairs.y.tolist(), pairs.both.tolist(), strict=True
        )
    ]
    href = links.numbers(request.links)
    series = []
    for index, group in enumerate(groups):
        here = pairs.both & (member == index)
        series.append(
            hover.series_entry(
                group,
                y=hover.pixels(np.where(here, y, np.nan)),
                value=[None] * len(x),
                text=[text if shown else "" for text, shown in zip(texts, here, strict=True)],
                href=href,
            )
        )
    return {
        "kind": "scatter",
        "unit": plain(request.unit),
        "box": hover.bounds(sheet.box),
        "labels": hover.words(request.members),
        "x": hover.pixels(x),
        "links": links.addresses(),
        "series": series,
    }
