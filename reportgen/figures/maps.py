"""A grid of cells, for example detector × amplifier: numbers as colours, or states as icons."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import colors as mcolors
from numpy.typing import NDArray

from reportgen.figures import cells, hover
from reportgen.figures.frame import draw_header, draw_x_axis, plan_labels
from reportgen.figures.grid import (
    Grid,
    bar_bottom,
    grid_of,
    map_height,
    row_name,
)
from reportgen.figures.layout import thin
from reportgen.figures.legend import plan_legend
from reportgen.figures.scale import Range, robust_range
from reportgen.figures.sheet import Sheet, rectangles
from reportgen.figures.style import (
    FAIL,
    MARGIN,
    MUTED,
    ON_DARK,
    ON_LIGHT,
    PASS,
    QUIET,
    SMALL_SIZE,
    TEXT_SIZE,
    TICK_ROOM,
    TITLE_HEIGHT,
    WIDTH,
    Look,
)
from reportgen.figures.text import axis_title, number, plain
from reportgen.figures.textsize import text_width
from reportgen.figures.ticks import nice_ticks
from reportgen.model.figures import MapFigure

LEVELS = 48
_COLOURS = "cividis"
_BAR_WIDTH = 13
_MOST_NUMBERS = 200


def draw(request: MapFigure, sheet: Sheet) -> None:
    """Draw a map on ``sheet``."""
    grid = grid_of(request)
    sheet.start(WIDTH, map_height(request))
    sheet.place_axes(grid.box, Range(0, 1), Range(0, 1))
    draw_header(sheet, request.title, plan_legend(()), demonstration=request.demonstration)
    _draw_rows(sheet, grid, request.rows)
    columns = plan_labels(grid.across().tolist(), request.columns, gap=8)
    draw_x_axis(sheet, columns, grid.box.bottom)
    cells.draw_missing(sheet, grid.chosen(grid.missing))
    if request.states:
        _draw_states(sheet, grid)
    else:
        _draw_numbers(sheet, grid, request.unit)
    sheet.hover = _hover(grid, request)


def _draw_rows(sheet: Sheet, grid: Grid, names: Sequence[str]) -> None:
    places = grid.down().tolist()
    for index in thin(places, 13):
        name = row_name(names[index])
        sheet.text(grid.box.left - TICK_ROOM, places[index] + 4, name, QUIET, align="right")


def _draw_states(sheet: Sheet, grid: Grid) -> None:
    passed, failed = grid.values > 0, grid.values <= 0
    cells.draw_passed(sheet, grid.chosen(passed))
    cells.draw_failed(sheet, grid.chosen(failed))
    at = float(MARGIN)
    missing = int(grid.missing.sum())
    for words, count, paint in (
        ("✕ {} fail", int(failed.sum()), FAIL),
        ("✓ {} pass", int(passed.sum()), PASS),
        ("▨ {} not measured", missing, MUTED),
    ):
        if not count and paint is MUTED:
            continue
        shown = words.format(count)
        sheet.text(at, TITLE_HEIGHT + 13, shown, Look(paint=paint, bold=True))
        at += text_width(shown, TEXT_SIZE, bold=True) + 22


def _draw_numbers(sheet: Sheet, grid: Grid, unit: str) -> None:
    missing = int(grid.missing.sum())
    if missing:
        sheet.text(MARGIN, TITLE_HEIGHT + 13, f"▨ {missing} not measured", QUIET)
    found = robust_range([grid.values.ravel()], ordered=False)
    if found is None:
        return
    span = found if found.span > 0 else found.padded()
    share = np.clip((grid.values - span.low) / span.span, 0, 1)
    level = np.where(np.isnan(share), -1, np.minimum(share * LEVELS, LEVELS - 1)).astype(int)
    colours = _level_colours()
    for one in np.unique(level[level >= 0]).tolist():
        sheet.area(cells.path_of(grid.chosen(level == one)), colours[one])
    _write_numbers(sheet, grid, span, level)
    _draw_bar(sheet, grid, span, unit)


def _level_colours() -> list[str]:
    colours = mpl.colormaps[_COLOURS](np.linspace(0, 1, LEVELS))
    return [mcolors.to_hex(colour) for colour in colours]


def _write_numbers(sheet: Sheet, grid: Grid, span: Range, level: NDArray[np.int_]) -> None:
    """Write values into the cells if they are few; else only arrows where a colour is cut off."""
    beyond = (grid.values < span.low) | (grid.values > span.high)
    roomy = grid.width >= 30 and grid.height >= 15 and grid.values.size <= _MOST_NUMBERS
    across, down = grid.across().tolist(), grid.down().tolist()
    shown = _cell_number(span, grid)
    written = np.isfinite(grid.values) if roomy else beyond
    for row, column in np.argwhere(written).tolist()[:_MOST_NUMBERS]:
        value = float(grid.values[row, column])
        arrow = "↑" if value > span.high else "↓" if value < span.low else ""
        words = f"{arrow}{shown(value)}" if roomy else arrow
        paint = ON_DARK if level[row, column] < LEVELS * 0.55 else ON_LIGHT
        look = Look(paint=paint, size=SMALL_SIZE, bold=bool(arrow))
        sheet.text(across[column], down[row] + 3.5, words, look, align="center")


def _cell_number(span: Range, grid: Grid) -> Callable[[float], str]:
    """Return how values are written: to the same place all over the map.

    Three digits at most, and no more than the cells have room for.
    """
    peak = max(abs(span.low), abs(span.high))
    if not 1e-2 <= peak < 1e5:
        return lambda value: number(value, 2)
    decimals = max(0, 2 - math.floor(math.log10(peak)))
    signs = "−" if span.low < 0 else ""
    while decimals and text_width(f"{signs}{peak:.{decimals}f}", SMALL_SIZE) > grid.width - 3:
        decimals -= 1
    return lambda value: f"{value:z.{decimals}f}".replace("-", "−")


def _draw_bar(sheet: Sheet, grid: Grid, span: Range, unit: str) -> None:
    """Draw the scale of the colours, and say what it leaves out."""
    left = grid.box.right + 18
    right = left + _BAR_WIDTH
    bottom = bar_bottom(grid.box)
    edges = np.linspace(bottom, grid.box.top, LEVELS + 1)
    for index, colour in enumerate(_level_colours()):
        sides = ([left], [edges[index + 1]], [right], [edges[index] + 0.4])
        sheet.area(rectangles(*(np.array(side) for side in sides)), colour)
    ticks = nice_ticks(span, most=5)
    for value, label in zip(ticks.values, ticks.labels, strict=False):
        y = bottom + (value - span.low) / span.span * (grid.box.top - bottom)
        sheet.line((right, right + 4), (y, y), QUIET)
        sheet.text(right + 8, y + 4, label, QUIET)
    name = axis_title("", unit or "dimensionless", ticks.factor)
    highest, lowest = np.nanmax(grid.values), np.nanmin(grid.values)
    if highest > span.high:
        name += f", up to {number(float(highest))}"
    if lowest < span.low:
        name += f", down to {number(float(lowest))}"
    sheet.text(WIDTH - MARGIN, TITLE_HEIGHT + 13, name, QUIET, align="right")


def _hover(grid: Grid, request: MapFigure) -> dict[str, Any]:
    states = {1.0: "pass", 0.0: "fail"} if request.states else {}
    series = []
    for index, (label, y) in enumerate(zip(request.rows, grid.down().tolist(), strict=True)):
        values = grid.values[index]
        text = [
            "not measured" if np.isnan(value) else states.get(value, "")
            for value in values.tolist()
        ]
        series.append(
            hover.series_entry(
                label,
                y=hover.pixels(np.full(len(values), y)),
                value=hover.exact(values),
                text=text,
            )
        )
    return {
        "kind": "map",
        "unit": plain(request.unit),
        "box": hover.bounds(grid.box),
        "cell": [round(grid.width, 2), round(grid.height, 2)],
        "labels": hover.words(request.columns),
        "x": hover.pixels(grid.across()),
        "series": series,
    }
