"""The values of many members: a strip per band, those furthest out as points with names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reportgen.figures import hover
from reportgen.figures.frame import draw_header, draw_x_axis, value_labels
from reportgen.figures.histogram import bin_edges
from reportgen.figures.layout import Box, rows
from reportgen.figures.legend import plan_legend
from reportgen.figures.limits import limit_look, limit_words
from reportgen.figures.scale import (
    Floats,
    Range,
    ScaleWithLimits,
    finite,
    robust_range,
    with_limits,
)
from reportgen.figures.sheet import BEHIND, IN_FRONT, Sheet, rectangles
from reportgen.figures.sizes import STRIP_LIMITS, figure_size, strip_height
from reportgen.figures.style import (
    AXIS_HEIGHT,
    FLAG_ROW,
    GRID,
    INK,
    MARGIN,
    NAME_HEIGHT,
    QUIET,
    SMALL_SIZE,
    TEXT_SIZE,
    TITLE_HEIGHT,
    WIDTH,
    Look,
    SeriesStyle,
    series_styles,
)
from reportgen.figures.text import axis_title, number, plain
from reportgen.figures.textsize import text_width, widest
from reportgen.figures.ticks import nice_ticks
from reportgen.model.figures import Limit, Strip, StripsFigure

_WIDEST_LABEL = 120
_COUNT_ROOM = 96
_POINT = 6.0
_NAMED_MOST = 3
"""Names that are written beside points, per strip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One strip with its place."""

    strip: Strip
    style: SeriesStyle
    top: float
    bottom: float
    known: Floats
    """All values there are."""
    points: Floats
    """Values of the named members."""

    @property
    def complete(self) -> bool:
        """Whether every member is drawn as a point."""
        return len(self.strip.named) >= len(self.strip.values)


def draw(request: StripsFigure, sheet: Sheet) -> None:
    """Draw the strips on ``sheet``, all on one axis."""
    size = figure_size(request)
    labels = [plain(strip.label) for strip in request.strips]
    left = MARGIN + 10 + min(_WIDEST_LABEL, widest(labels, TEXT_SIZE))
    top = TITLE_HEIGHT + FLAG_ROW * (STRIP_LIMITS if request.limits else 0) + 8.0
    found = _rows(request, top)
    scale = with_limits(robust_range([row.known for row in found], ordered=False), request.limits)
    bottom = size.height - AXIS_HEIGHT - NAME_HEIGHT
    sheet.start(size.width, size.height)
    sheet.place_axes(Box(left, top, WIDTH - MARGIN - _COUNT_ROOM, bottom), scale.range, Range(0, 1))
    draw_header(sheet, request.title, plan_legend(()), demonstration=request.demonstration)
    ticks = nice_ticks(scale.range)
    places = value_labels(sheet, ticks)
    name = axis_title("value,", request.unit or "dimensionless", ticks.factor)
    _draw_grid(sheet, [tick.place for tick in places])
    draw_x_axis(sheet, places, bottom, name)
    series = [_draw_row(sheet, row) for row in found]
    _draw_limits(sheet, scale, request.unit)
    links = hover.Links()
    for row, entry in zip(found, series, strict=True):
        if any(one.link for one in row.strip.named):
            entry["href"] = links.numbers([one.link for one in row.strip.named])
    sheet.hover = {
        "kind": "strips",
        "unit": plain(request.unit),
        "box": hover.bounds(sheet.box),
        "links": links.addresses(),
        "series": series,
    }


def _rows(request: StripsFigure, top: float) -> list[_Row]:
    styles = series_styles([strip.label for strip in request.strips])
    found = []
    for strip, style in zip(request.strips, styles, strict=True):
        values = finite(strip.values)
        bottom = top + strip_height(strip)
        found.append(
            _Row(
                strip=strip,
                style=style,
                top=top,
                bottom=bottom,
                known=values[np.isfinite(values)],
                points=finite([one.value for one in strip.named] or [np.nan])[: len(strip.named)],
            )
        )
        top = bottom
    return found


def _draw_grid(sheet: Sheet, places: Sequence[float]) -> None:
    y = np.tile([sheet.box.top, sheet.box.bottom, np.nan], len(places))
    sheet.line(np.repeat(places, 3), y, Look(paint=GRID, width=0.6), order=BEHIND)


def _draw_row(sheet: Sheet, row: _Row) -> dict[str, Any]:
    """Draw one strip; return what scripts need of its points."""
    middle = (row.top + row.bottom) / 2
    label = Look(paint=row.style.paint, bold=True)
    sheet.text(MARGIN, middle + 4, row.strip.label, label, room=sheet.box.left - MARGIN - 6)
    sheet.line((sheet.box.left, sheet.box.right), (row.bottom, row.bottom), Look(paint=GRID))
    count = f"{len(row.known)} of {row.strip.of}"
    sheet.text(WIDTH - MARGIN, middle + 4, count, QUIET, align="right")
    if not len(row.known):
        sheet.text((sheet.box.left + sheet.box.right) / 2, middle + 4, "No values", QUIET,
                   align="center")  # fmt: skip
    elif not row.complete:
        _draw_distribution(sheet, row)
        _say_beyond(sheet, row)
    x = sheet.across(np.clip(row.points, sheet.x.low, sheet.x.high))
    y = _stack(x, row)
    _draw_points(sheet, row, x, y)
    _write_names(sheet, row, x, y)
    return hover.series_entry(
        row.strip.label,
        y=hover.pixels(np.where(np.isfinite(x), y, np.nan)),
        value=hover.exact(row.points),
        text=[plain(one.name) for one in row.strip.named],
    ) | {"x": hover.pixels(x)}


def _draw_points(sheet: Sheet, row: _Row, x: Floats, y: Floats) -> None:
    """Draw the points; those beyond the axis are hollow."""
    beyond = (row.points < sheet.x.low) | (row.points > sheet.x.high)
    for where, hollow in ((~beyond, row.style.hollow), (beyond, True)):
        chosen = where & np.isfinite(x)
        if chosen.any():
            look = SeriesStyle(paint=row.style.paint, marker=row.style.marker, hollow=hollow)
            sheet.marks(x[chosen], y[chosen], look, _POINT)


def _draw_distribution(sheet: Sheet, row: _Row) -> None:
    """Draw how many members have which value, as an area."""
    edges = bin_edges([row.known], [])
    counts = np.histogram(row.known, edges)[0].astype(float)
    filled = (counts > 0) & (edges[1:] > sheet.x.low) & (edges[:-1] < sheet.x.high)
    if not filled.any():
        return
    across = sheet.across(np.clip(edges, sheet.x.low, sheet.x.high))
    room = row.bottom - row.top - 12
    # The root keeps a lone member far out visible beside thousands in the middle.
    heights = np.maximum(room * np.sqrt(counts / counts.max()), 1.0)
    path = rectangles(
        across[:-1][filled],
        row.bottom - heights[filled],
        across[1:][filled],
        np.full(int(filled.sum()), row.bottom),
    )
    sheet.area(path, row.style.paint, order=BEHIND / 2, opacity=0.45)


def _say_beyond(sheet: Sheet, row: _Row) -> None:
    """Say how many members lie outside of the axis, and how far."""
    below, above = row.known[row.known < sheet.x.low], row.known[row.known > sheet.x.high]
    if len(below):
        words = f"← {len(below)} below, down to {number(float(below.min()))}"
        sheet.text(sheet.box.left + 3, row.top + 11, words, _small(row))
    if len(above):
        words = f"{len(above)} above, up to {number(float(above.max()))} →"
        sheet.text(sheet.box.right - 3, row.top + 11, words, _small(row), align="right")


def _small(row: _Row) -> Look:
    return Look(paint=row.style.paint, size=SMALL_SIZE, halo=True)


def _stack(x: Floats, row: _Row) -> Floats:
    """Return heights at which points of about one value stand over one another."""
    y = np.full(len(x), np.nan)
    height = row.bottom - row.top
    step = min(_POINT, (height - 2 * _POINT) / 4)
    levels = max(int((height - _POINT) / step), 1)
    taken: dict[int, int] = {}
    foot = row.bottom - _POINT * 0.8
    for at in np.argsort(x, kind="stable").tolist():
        if np.isfinite(x[at]):
            column = int(x[at] // _POINT)
            level = taken.get(column, 0)
            taken[column] = level + 1
            y[at] = foot - step * (level % levels)
    return y


def _write_names(sheet: Sheet, row: _Row, x: Floats, y: Floats) -> None:
    """Name the first points, where there is room beside or above them."""
    points = np.stack([x, y], axis=-1)[np.isfinite(x)]
    half = np.full_like(points, _POINT / 2)
    taken = np.hstack([points - half, points + half])
    for at in range(min(_NAMED_MOST, len(x))):
        if not np.isfinite(x[at]):
            continue
        word = _name(sheet, row, at)
        for left, middle in _beside(float(x[at]), float(y[at]), text_width(word, SMALL_SIZE)):
            box = np.array([left, middle - 4, left + text_width(word, SMALL_SIZE), middle + 4])
            if _is_free(box, taken) and _is_inside(box, sheet, row):
                sheet.text(left, middle + 3.5, word, _small(row))
                taken = np.vstack([taken, box + np.array([-8, 0, 8, 0])])
                break


def _beside(x: float, y: float, width: float) -> Iterator[tuple[float, float]]:
    """Yield where the words of a point may begin, and their middle: right, left, above."""
    yield x + 7, y
    yield x - 7 - width, y
    yield x - width / 2, y - 12


def _is_free(box: Floats, taken: Floats) -> bool:
    """Tell whether a box overlaps no other; each is left, top, right and bottom."""
    apart = (box[2:] <= taken[:, :2]) | (taken[:, 2:] <= box[:2])
    return bool(apart.any(axis=1).all())


def _is_inside(box: Floats, sheet: Sheet, row: _Row) -> bool:
    across = sheet.box.left - 4 <= box[0] and box[2] <= sheet.box.right + 4
    return bool(across and box[1] >= row.top)


def _name(sheet: Sheet, row: _Row, at: int) -> str:
    name, value = plain(row.strip.named[at].name), float(row.points[at])
    return name if value in sheet.x else f"{name}: {number(value)}"


def _draw_limits(sheet: Sheet, scale: ScaleWithLimits, unit: str) -> None:
    """Draw limits as upright lines, with their words above."""
    box = sheet.box
    inside = sorted(scale.inside, key=lambda limit: limit.value)
    places = [float(sheet.across(np.array(limit.value))) for limit in inside]
    for limit, place in zip(inside, places, strict=True):
        sheet.line((place, place), (box.top - 3, box.bottom), limit_look(limit), order=IN_FRONT,
                   name="rg-limit")  # fmt: skip
    outside = [(limit, _arrow(sheet, limit, unit)) for limit in scale.outside]
    words = [limit_words(limit, unit) for limit in inside] + [text for _, text in outside]
    wanted = places + [
        box.right if limit.value > sheet.x.high else box.left for limit, _ in outside
    ]
    widths = [text_width(word, SMALL_SIZE) for word in words]
    lefts = [
        min(max(place - width / 2, MARGIN), WIDTH - MARGIN - width)
        for place, width in zip(wanted, widths, strict=True)
    ]
    ends = [left + width for left, width in zip(lefts, widths, strict=True)]
    for word, left, row in zip(words, lefts, rows(lefts, ends, most=STRIP_LIMITS), strict=True):
        if row >= 0:
            look = Look(paint=INK, size=SMALL_SIZE)
            sheet.text(left, box.top - 7 - FLAG_ROW * row, word, look)


def _arrow(sheet: Sheet, limit: Limit, unit: str) -> str:
    words = limit_words(limit, unit)
    return f"{words} →" if limit.value > sheet.x.high else f"← {words}"
