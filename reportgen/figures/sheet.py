"""The paper on which a figure is drawn: one matplotlib figure with one pair of axes.

A sheet is used for one figure after the other. Making axes anew costs as much as drawing a
history, so only the artists are taken off. Places outside the axes are given in CSS pixels
from the upper left corner.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from numpy.typing import NDArray

from reportgen.figures.artists import (
    PIXEL,
    Label,
    Marks,
    Stroke,
    edge_width,
    marker_shape,
    marker_size,
)
from reportgen.figures.layout import Box
from reportgen.figures.scale import Range
from reportgen.figures.style import PAPER, PLAIN, Look, Paint, SeriesStyle
from reportgen.figures.text import plain
from reportgen.figures.textsize import fit

Floats = NDArray[np.float64]
Numbers = Sequence[float] | Floats

MOVES = "rg-x"
"""Name of what stands at a run or a time, so that a script can stretch the horizontal axis."""
SHARPNESS = 2
"""Device pixels of the PNG per CSS pixel."""
DPI = 96 * SHARPNESS


FAR_BEHIND, BEHIND, IN_FRONT = -2.0, -1.0, 2.0
"""Order of drawing; the axes with their curves stand at 0."""


class Sheet:
    """A figure to draw on, and what it tells scripts about its points."""

    def __init__(self) -> None:
        self.figure = Figure(dpi=DPI)
        self.figure.patch.set_visible(False)  # SVG is transparent; PNG has its own paper
        self.axes: Axes = self.figure.add_axes((0.1, 0.1, 0.8, 0.8))
        self.axes.set_axis_off()
        self.width = self.height = 0
        self.box = Box(0, 0, 1, 1)
        self.x = self.y = Range(0, 1)
        self.hover: dict[str, Any] = {}
        self.extra_colours = False
        self._pixels = Affine2D()

    def start(self, width: int, height: int) -> None:
        """Take everything off and cut the sheet to ``width`` × ``height`` CSS pixels."""
        self.figure.artists.clear()
        for artist in (*self.axes.lines, *self.axes.patches):
            artist.remove()
        self.hover = {}
        self.extra_colours = False
        self.width, self.height = width, height
        self.figure.set_size_inches(width / 96, height / 96)
        self._pixels.clear().translate(0, -height).scale(SHARPNESS, -SHARPNESS)

    def place_axes(self, box: Box, x: Range, y: Range) -> None:
        """Let the axes fill ``box`` and show the ranges ``x`` and ``y``."""
        self.box, self.x, self.y = box, x, y
        left, bottom = box.left / self.width, 1 - box.bottom / self.height
        self.axes.set_position((left, bottom, box.width / self.width, box.height / self.height))
        self.axes.set_xlim(x.low, x.high)
        self.axes.set_ylim(y.low, y.high)

    def across(self, x: Floats) -> Floats:
        """Return where the values ``x`` stand, in pixels from the left."""
        return self.box.left + (x - self.x.low) * (self.box.width / self.x.span)

    def down(self, y: Floats) -> Floats:
        """Return where the values ``y`` stand, in pixels from the top."""
        return self.box.bottom - (y - self.y.low) * (self.box.height / self.y.span)

    def text(
        self, x: float, y: float, words: str, look: Look = PLAIN, *,
        align: str = "left", room: float = 0, name: str = "",
    ) -> None:  # fmt: skip
        """Write ``words`` with their baseline at ``y``, cut to ``room`` pixels if given."""
        words = plain(words)
        shown = fit(words, look.size, room, bold=look.bold) if room else words
        label = Label(x, y, shown, look, align)
        label.set_gid(name or None)
        self._add(label, IN_FRONT + 1)

    def line(
        self, x: Numbers, y: Numbers, look: Look = PLAIN, *, order: float = BEHIND, name: str = ""
    ) -> None:
        """Draw a line in pixels; nan parts it."""
        stroke = Stroke(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64), look)
        stroke.set_gid(name or None)
        self._add(stroke, order)

    def marks(
        self, x: Numbers, y: Numbers, style: SeriesStyle, size: float, *,
        order: float = IN_FRONT, name: str = "",
    ) -> None:  # fmt: skip
        """Draw the marker of a series at each place, in pixels."""
        places = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        marks = Marks(*places, style, size)
        marks.set_gid(name or None)
        self._add(marks, order)

    def area(
        self, path: Path, paint: Paint | str, *,
        order: float = FAR_BEHIND, opacity: float = 1, name: str = "",
    ) -> None:  # fmt: skip
        """Fill a path given in pixels."""
        self.extra_colours |= isinstance(paint, str)
        colour = paint if isinstance(paint, str) else paint.light
        patch = PathPatch(path, facecolor=colour, linewidth=0, alpha=opacity, gid=name or None)
        self._add(patch, order)

    def curve(
        self, x: Numbers, y: Numbers, look: Look, *, order: float = 1, name: str = "", **kind: Any
    ) -> None:
        """Draw a line in the coordinates of the axes, cut off at their edge."""
        line = Line2D(x, y, **(_stroke(look) | kind), zorder=order, gid=name or None)
        self.axes.add_artist(line)

    def _add(self, artist: Artist, order: float) -> None:
        artist.zorder = order
        artist.set_transform(self._pixels)
        self.figure.add_artist(artist)


def _stroke(look: Look) -> dict[str, Any]:
    # matplotlib multiplies dashes with the width of the line; ours are pixels.
    dashes = tuple(dash / look.width for dash in look.dashes)
    return {
        "color": look.paint.light,
        "linewidth": look.width * PIXEL,
        "linestyle": (0, dashes) if dashes else "-",
        "solid_capstyle": "butt",
        "dash_capstyle": "butt",
        "solid_joinstyle": "round",
        "dash_joinstyle": "round",
    }


def marker(style: SeriesStyle, size: float) -> dict[str, Any]:
    """Return the marker of a series as properties of a line of matplotlib."""
    return {
        "marker": marker_shape(style.marker),
        "markersize": marker_size(style, size) * PIXEL,
        "markerfacecolor": PAPER.light if style.hollow else style.paint.light,
        "markeredgecolor": style.paint.light,
        "markeredgewidth": edge_width(style) * PIXEL,
    }


def rectangles(left: Numbers, top: Numbers, right: Numbers, bottom: Numbers) -> Path:
    """Return one path with a rectangle per place, in pixels."""
    corners = np.stack(
        [
            np.stack(pair, axis=-1)
            for pair in ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
        ],
        axis=1,
    ).reshape(-1, 2)
    codes = np.tile(
        [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY], len(corners) // 5
    )
    return Path(corners, codes)
