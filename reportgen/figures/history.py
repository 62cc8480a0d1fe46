"""Values of one quantity over runs or time, with limits, epochs and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.figures import hover
from reportgen.figures.annotations import Flags, draw_flags, plan_flags
from reportgen.figures.dates import date_ticks
from reportgen.figures.frame import (
    Tick,
    draw_header,
    draw_x_axis,
    draw_y_axis,
    left_margin,
    plan_labels,
)
from reportgen.figures.gaps import draw_gaps, row_place
from reportgen.figures.history_plan import PLOT_HEIGHT, HistoryPlan, plan_history
from reportgen.figures.layout import Box
from reportgen.figures.limits import draw_limits, limit_words, right_margin
from reportgen.figures.outliers import draw_outliers, room_for_outliers
from reportgen.figures.points import Points, line
from reportgen.figures.scale import Floats, Range, ScaleWithLimits, robust_range, with_limits
from reportgen.figures.sheet import Sheet, marker
from reportgen.figures.style import MARGIN, QUIET, TEXT_SIZE, WIDTH, Look
from reportgen.figures.text import axis_title, plain
from reportgen.figures.textsize import text_width
from reportgen.figures.ticks import NO_TICKS, nice_ticks
from reportgen.model.figures import HistoryFigure, Limit

_EDGE = 0.021
"""Share of the axis that is kept free before the first and after the last run."""
_BIGGEST, _SMALLEST = 6.0, 3.4
_CROWDED = 3.0
"""Pixels from run to run below which only some points get a marker."""
_MARKER_EVERY = 45


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A plan with its axes."""

    plan: HistoryPlan
    x: Range
    scale: ScaleWithLimits


def draw(request: HistoryFigure, sheet: Sheet) -> None:
    """Draw a history on ``sheet``."""
    plan = plan_history(request)
    history = History(plan=plan, x=_across(plan.placed.x), scale=_scale(plan))
    known = history.scale.inside or any(np.isfinite(one.y).any() for one in plan.series)
    whole = all(_are_whole(one.y) for one in plan.series)
    ticks = nice_ticks(history.scale.range, whole=whole) if known else NO_TICKS
    box = Box(
        left_margin(ticks),
        plan.top,
        WIDTH - right_margin(request.limits, request.unit),
        plan.top + PLOT_HEIGHT,
    )
    sheet.start(WIDTH, plan.height)
    sheet.place_axes(box, history.x, history.scale.range)
    draw_header(sheet, request.title, plan.legend, demonstration=request.demonstration)
    name = axis_title("", request.unit or "dimensionless", ticks.factor)
    draw_y_axis(sheet, ticks, name)
    draw_x_axis(sheet, _labels(sheet, plan), box.bottom + plan.gaps.height)
    flags = plan_flags(plan.marks, sheet, taken=MARGIN + text_width(name, TEXT_SIZE))
    draw_flags(sheet, flags)
    x = sheet.across(plan.placed.x)
    draw_gaps(sheet, plan.gaps, plan.series, plan.styles, x)
    _draw_series(sheet, plan)
    draw_limits(sheet, history.scale, request.unit)
    draw_outliers(sheet, plan.series, plan.styles, x)
    _draw_remarks(sheet, plan)
    sheet.hover = _hover(sheet, plan, flags, x)


def _are_whole(values: Floats) -> bool:
    known = values[np.isfinite(values)]
    return bool((known == np.rint(known)).all())


def _scale(plan: HistoryPlan) -> ScaleWithLimits:
    known = robust_range(one.y for one in plan.series)
    return room_for_outliers(with_limits(known, plan.request.limits), plan.series)


def _across(x: Floats) -> Range:
    if not len(x):
        return Range(-0.5, 0.5)
    low, high = float(x[0]), float(x[-1])
    pad = (high - low) * _EDGE if high > low else 0.5
    least = 1e-9 * max(1.0, abs(low), abs(high))  # of a date without meaning, too
    return Range(low - max(pad, least), high + max(pad, least))


def _labels(sheet: Sheet, plan: HistoryPlan) -> list[Tick]:
    if len(plan.request.times):
        ticks = date_ticks(sheet.x, most=6)
        shown, labels = np.array(ticks.values, dtype=float), list(ticks.labels)
    else:
        shown, labels = plan.placed.x, plan.placed.pick(plan.request.labels)
    return plan_labels(sheet.across(shown).tolist(), labels)


def _draw_series(sheet: Sheet, plan: HistoryPlan) -> None:
    x = plan.placed.x
    spacing = sheet.box.width / max(len(x), 1)
    size = min(_BIGGEST, max(_SMALLEST, spacing * 0.85))
    for index, (one, style) in enumerate(zip(plan.series, plan.styles, strict=True)):
        curve = line(x, one, sheet.y)
        shown = None if spacing >= _CROWDED else _some(one, spacing, index)
        sheet.curve(
            curve.x, curve.y, Look(paint=style.paint, width=1.4, dashes=style.dashes),
            name=f"rg-series rg-series-{index}",
            markevery=None if shown is None else curve.places[shown].tolist(),
            **marker(style, size if shown is None else _BIGGEST),
        )  # fmt: skip


def _some(one: Points, spacing: float, index: int) -> NDArray[np.intp]:
    """Choose the points of a crowded series that get a marker: some, and all that stand alone."""
    step = max(1, round(_MARKER_EVERY / spacing))
    known = np.flatnonzero(np.isfinite(one.y))
    return np.union1d(known[(index * step // 5) % step :: step], one.lone())


def _draw_remarks(sheet: Sheet, plan: HistoryPlan) -> None:
    box = sheet.box
    if not any(np.isfinite(one.y).any() for one in plan.series):
        middle = (box.left + box.right) / 2
        sheet.text(middle, (box.top + box.bottom) / 2, "No values", QUIET, align="center")
    if plan.placed.left_out:
        words = f"{plan.placed.left_out} without a date are not shown"
        sheet.text(box.right, box.bottom - 6, words, QUIET, align="right")


def _hover(sheet: Sheet, plan: HistoryPlan, flags: Flags, x: Floats) -> dict[str, Any]:
    request, placed = plan.request, plan.placed
    links = hover.Links()
    row_of = {index: row for row, members in enumerate(plan.gaps.rows) for index in members}
    series = []
    for index, one in enumerate(plan.series):
        y = np.clip(sheet.down(one.y), sheet.box.top, sheet.box.bottom)
        if len(one.missing):
            y[one.missing] = row_place(sheet, row_of[index])
        entry = hover.series_entry(
            one.label,
            y=hover.pixels(y),
            value=hover.exact(one.y),
            text=_texts(plan, index),
            href=links.numbers(placed.pick(request.series[index].links)),
        )
        cuts = np.flatnonzero(one.cuts).tolist()
        series.append(entry | ({"cuts": cuts} if cuts else {}))
    return {
        "kind": "history",
        "unit": plain(request.unit),
        "box": hover.bounds(sheet.box),
        "labels": hover.words(placed.pick(request.labels)),
        "remarks": hover.words(placed.pick(request.remarks)),
        "limits": [_limit(limit, request) for limit in request.limits],
        "x": hover.pixels(x),
        "links": links.addresses(),
        "series": series,
        "marks": flags.hover(),
    }


def _limit(limit: Limit, request: HistoryFigure) -> dict[str, Any]:
    """Return the words of a limit, and the numbers of the series if it is not for all."""
    entry: dict[str, Any] = {"text": plain(limit_words(limit, request.unit))}
    if limit.series:
        of = [index for index, one in enumerate(request.series) if one.label in limit.series]
        entry["of"] = of
    return entry


def _texts(plan: HistoryPlan, index: int) -> list[str]:
    """Return the details of each point of a series, behind the reason where it is missing."""
    one, details = plan.series[index], plan.request.details
    given = plan.placed.pick(details[index]) if index < len(details) else []
    texts = hover.words(given) or [""] * len(one.y)
    for place, reason in zip(one.missing.tolist(), one.missing_reasons(), strict=True):
        texts[place] = f"{reason}. {texts[place]}" if texts[place] else reason
    return texts
