"""Cells of a map: filled, ticked, crossed or hatched, all of one kind as one path."""

from __future__ import annotations

import numpy as np
from matplotlib.path import Path

from reportgen.figures.grid import Cells
from reportgen.figures.sheet import Sheet, rectangles
from reportgen.figures.style import FAIL, FAIL_AREA, MUTED, PASS, PASS_AREA, QUIET_AREA, Look

_ROOM = 7.0
"""Pixels a cell needs to hold an icon; below, full colour against pale tells fail from pass."""
_TICK = ((-0.26, 0.02), (-0.08, 0.2), (0.28, -0.2))
_CROSS = ((-0.2, -0.2), (0.2, 0.2), (np.nan, np.nan), (-0.2, 0.2), (0.2, -0.2))


def path_of(cells: Cells) -> Path:
    """Return cells as rectangles with a thin gap between them."""
    gap = 0.5 if cells.size > 4 else 0.0
    across, down = cells.width / 2 - gap, cells.height / 2 - gap
    return rectangles(cells.x - across, cells.y - down, cells.x + across, cells.y + down)


def draw_passed(sheet: Sheet, cells: Cells) -> None:
    """Fill cells pale and tick them."""
    if len(cells.x):
        sheet.area(path_of(cells), PASS_AREA)
        _icons(sheet, cells, _TICK, Look(paint=PASS, width=1.6))


def draw_failed(sheet: Sheet, cells: Cells) -> None:
    """Fill cells and cross them."""
    if len(cells.x):
        sheet.area(path_of(cells), FAIL_AREA if cells.size >= _ROOM else FAIL)
        _icons(sheet, cells, _CROSS, Look(paint=FAIL, width=2.2))


def draw_missing(sheet: Sheet, cells: Cells) -> None:
    """Hatch cells."""
    if not len(cells.x):
        return
    sheet.area(path_of(cells), QUIET_AREA)
    if cells.size < 3:
        return
    across, down = cells.width / 2 - 1, cells.height / 2 - 1
    strokes = max(1, round((cells.width + cells.height) / 9))
    for share in (np.arange(strokes) + 0.5) / strokes:
        start, end = _diagonal(across, down, share)
        _icons(sheet, cells, (start, end), Look(paint=MUTED, width=0.7), scale=1.0)


def _diagonal(
    across: float, down: float, share: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the ends of one rising stroke in a cell around the origin."""
    offset = -across - down + 2 * share * (across + down)
    low = max(-across, offset - down)
    high = min(across, offset + down)
    return (low, low - offset), (high, high - offset)


def _icons(
    sheet: Sheet, cells: Cells, shape: tuple[tuple[float, float], ...], look: Look, scale: float = 0
) -> None:
    """Draw ``shape`` in each cell; by default sized to the cell, and only where it can be seen."""
    if not scale:
        if cells.size < _ROOM:
            return
        scale = min(cells.size, 22.0)
    points = np.array([*shape, (np.nan, np.nan)]) * scale
    x = (cells.x[:, None] + points[:, 0]).ravel()
    y = (cells.y[:, None] + points[:, 1]).ravel()
    sheet.line(x, y, look)
