"""Words, lines and markers outside the axes, drawn without matplotlib's bookkeeping.

matplotlib's own artists cache, recompute, lay out and check much that a figure which is drawn
once has no use for; these hand their data straight to the renderer. Curves within the axes
are matplotlib's.
"""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import numpy as np
from matplotlib import colors as mcolors
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.font_manager import FontProperties
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from reportgen.figures.scale import Floats
from reportgen.figures.style import PAPER, Look, SeriesStyle

PIXEL = 0.75
"""CSS pixels in points."""
HALO = 3.0
_EDGE = 1.2
_STAR = 1.35
"""A star looks smaller than other markers of its size."""


class Label(Artist):
    """Words that stand on their baseline at their anchor."""

    def __init__(self, x: float, y: float, words: str, look: Look, align: str) -> None:
        super().__init__()
        self.x, self.y, self.words, self.look, self.align = x, y, words, look, align

    def get_text(self) -> str:
        """Return the words."""
        return self.words

    def get_horizontalalignment(self) -> str:
        """Return which part of the words stands at the anchor."""
        return self.align

    def draw(self, renderer: RendererBase) -> None:
        """Draw the words, in a group if they have a name."""
        renderer.open_group("label", self.get_gid())
        context = renderer.new_gc()
        context.set_foreground(self.look.paint.light)
        context.set_linewidth(HALO * PIXEL if self.look.halo else 0)
        x, y = self.get_transform().transform((self.x, self.y))
        font, mtext = _font(self.look.size, bold=self.look.bold), cast("Text", self)
        renderer.draw_text(context, x, y, self.words, font, 0, mtext=mtext)
        context.restore()
        renderer.close_group("label")


class Stroke(Artist):
    """A line; nan parts it."""

    def __init__(self, x: Floats, y: Floats, look: Look) -> None:
        super().__init__()
        self.x, self.y, self.look = x, y, look

    def draw(self, renderer: RendererBase) -> None:
        """Draw the line, in a group if it has a name."""
        renderer.open_group("stroke", self.get_gid())
        context = renderer.new_gc()
        context.set_foreground(self.look.paint.light)
        context.set_linewidth(self.look.width * PIXEL)
        if self.look.dashes:
            context.set_dashes(0, [dash * PIXEL for dash in self.look.dashes])
        path = Path(np.column_stack((self.x, self.y)))
        renderer.draw_path(context, path, self.get_transform())
        context.restore()
        renderer.close_group("stroke")


class Marks(Artist):
    """The marker of a series at several places."""

    def __init__(self, x: Floats, y: Floats, style: SeriesStyle, size: float) -> None:
        super().__init__()
        self.x, self.y, self.style, self.size = x, y, style, size

    def draw(self, renderer: RendererBase) -> None:
        """Draw the markers, in a group if they have a name."""
        renderer.open_group("marks", self.get_gid())
        shape = marker_shape(self.style.marker)
        colour = mcolors.to_rgba(self.style.paint.light)
        context = renderer.new_gc()
        context.set_foreground(colour, isRGBA=True)
        context.set_linewidth(edge_width(self.style) * PIXEL)
        context.set_joinstyle(shape.get_joinstyle())
        context.set_capstyle(shape.get_capstyle())
        size: Any = renderer.points_to_pixels(marker_size(self.style, self.size) * PIXEL)
        renderer.draw_markers(
            context,
            shape.get_path(),
            shape.get_transform() + Affine2D().scale(size),
            Path(np.column_stack((self.x, self.y))),
            self.get_transform(),
            mcolors.to_rgba(PAPER.light) if self.style.hollow else colour,
        )
        context.restore()
        renderer.close_group("marks")


def marker_size(style: SeriesStyle, size: float) -> float:
    """Return the size at which a marker looks as large as others of ``size``."""
    return size * _STAR if style.marker == "*" else size


def edge_width(style: SeriesStyle) -> float:
    """Return the width of the outline: hollow markers and strokes have one, full ones none."""
    return _EDGE if style.hollow or style.marker in "x|+_" else 0.0


@cache
def marker_shape(name: str) -> MarkerStyle:
    """Return the marker that matplotlib knows by this name."""
    return MarkerStyle(name)


@cache
def _font(size: float, *, bold: bool) -> FontProperties:
    return FontProperties(size=size * PIXEL, weight="bold" if bold else "normal")
