"""Where the cells of a map stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.figures.layout import Box
from reportgen.figures.scale import Floats, finite
from reportgen.figures.style import AXIS_HEIGHT, MARGIN, TEXT_SIZE, TICK_ROOM, TITLE_HEIGHT, WIDTH
from reportgen.figures.text import plain
from reportgen.figures.textsize import fit, widest
from reportgen.model.figures import MapFigure

NAME_WIDTH = 160
_BAR_ROOM = 96
_BAR_HEIGHT = 90
_TALLEST, _WIDEST = 26.0, 64.0
_GRID_HEIGHT = 460.0
_HEAD = TITLE_HEIGHT + 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Middles of cells of one size, in pixels."""

    x: Floats
    y: Floats
    width: float
    height: float

    @property
    def size(self) -> float:
        """Return the shorter side."""
        return min(self.width, self.height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The cells of a map: their values and where they stand, in pixels."""

    values: Floats
    box: Box

    @property
    def width(self) -> float:
        """Return the width of a cell."""
        return self.box.width / max(len(self.values.T), 1)

    @property
    def height(self) -> float:
        """Return the height of a cell."""
        return self.box.height / max(len(self.values), 1)

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Return where nothing was measured."""
        return np.isnan(self.values)

    def across(self) -> Floats:
        """Return the middle of each column."""
        return self.box.left + (np.arange(len(self.values.T), dtype=np.float64) + 0.5) * self.width

    def down(self) -> Floats:
        """Return the middle of each row."""
        return self.box.top + (np.arange(len(self.values), dtype=np.float64) + 0.5) * self.height

    def chosen(self, mask: NDArray[np.bool_]) -> Cells:
        """Return the cells in which ``mask`` holds."""
        rows, columns = np.nonzero(mask)
        return Cells(
            x=self.across()[columns], y=self.down()[rows], width=self.width, height=self.height
        )


def row_name(row: str) -> str:
    """Return the name of a row as it fits."""
    return fit(plain(row), TEXT_SIZE, NAME_WIDTH)


def grid_of(request: MapFigure) -> Grid:
    """Return the cells of ``request``."""
    shape = (len(request.rows), len(request.columns))
    flat = [value for row in request.values for value in row]
    values = finite(flat).reshape(shape) if flat else np.full(shape, np.nan)
    return Grid(values=values, box=map_box(request))


def map_box(request: MapFigure) -> Box:
    """Return where the cells stand."""
    left = MARGIN + TICK_ROOM + widest([row_name(row) for row in request.rows], TEXT_SIZE)
    room = WIDTH - MARGIN - left - (0 if request.states else _BAR_ROOM)
    width = min(room, _WIDEST * max(len(request.columns), 1))
    height = min(_GRID_HEIGHT, _TALLEST * max(len(request.rows), 1))
    return Box(left, _HEAD, left + width, _HEAD + height)


def bar_bottom(box: Box) -> float:
    """Return where the scale of the colours ends: beside few rows it reaches further down."""
    return max(box.bottom, box.top + _BAR_HEIGHT)


def map_height(request: MapFigure) -> int:
    """Return the height of the figure."""
    box = map_box(request)
    return round(box.bottom if request.states else bar_bottom(box)) + AXIS_HEIGHT
