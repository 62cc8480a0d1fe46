"""PNG for pasting: the same picture on white, at twice the size, in at most 256 colours."""

from __future__ import annotations

import zlib
from functools import cache
from io import BytesIO

import numpy as np
from matplotlib import colors as mcolors
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.transforms import Affine2D
from numpy.typing import NDArray
from PIL import Image

from reportgen.figures.glyphs import text_advance, text_outline
from reportgen.figures.sheet import DPI, SHARPNESS
from reportgen.figures.style import PAINTS, PAPER

_SHADES = 14
"""Steps from white to each paint: what antialiasing needs."""
_WHITE = 0xFFFFFFFF
_SHARES = {"left": 0.0, "center": 0.5, "right": 1.0}

Pixels = NDArray[np.uint8]


class PngRenderer(RendererAgg):
    """matplotlib's renderer, with text drawn from outlines that are kept between figures."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__(width * SHARPNESS, height * SHARPNESS, DPI)  # type: ignore[no-untyped-call]
        np.asarray(self.buffer_rgba())[:] = 255  # type: ignore[no-untyped-call] # white paper

    def draw_text(  # noqa: PLR0917 - matplotlib's
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,  # noqa: ARG002 - all our words are upright
        ismath: bool | str = False,  # noqa: ARG002, FBT001, FBT002 - matplotlib's
        mtext: Text | None = None,
    ) -> None:
        """Fill the outline of ``s``, anchored as ``mtext`` says."""
        bold = prop.get_weight() == "bold"
        size = prop.get_size_in_points() * DPI / 72
        align = mtext.get_horizontalalignment() if mtext else "left"
        place = Affine2D().translate(-_SHARES[align] * text_advance(s, bold=bold), 0)
        place.scale(size).translate(x, y)
        outline, ink = text_outline(s, bold=bold), gc.get_rgb()
        if gc.get_linewidth():
            gc.set_foreground(PAPER.light)
            self.draw_path(gc, outline, place)  # type: ignore[no-untyped-call]
        gc.set_linewidth(0)
        self.draw_path(gc, outline, place, ink)  # type: ignore[no-untyped-call]


def png_bytes(renderer: PngRenderer, *, in_full: bool = False) -> bytes:
    """Return what was drawn as PNG: in the paints of the style, or with all its colours."""
    pixels = np.asarray(renderer.buffer_rgba())  # type: ignore[no-untyped-call]
    picture = _in_full(pixels) if in_full else _in_paints(pixels)
    file = BytesIO()
    picture.save(file, "png", compress_level=1, compress_type=zlib.Z_RLE, dpi=(DPI, DPI))
    return file.getvalue()


def _in_full(pixels: Pixels) -> Image.Image:
    return Image.fromarray(pixels).convert("RGB")


def _in_paints(pixels: Pixels) -> Image.Image:
    """Reduce a picture of lines and text to the paints in shades towards white.

    It has no other colours, and with one byte per pixel it is compressed in a quarter of the
    time to a quarter of the size. Most pixels are white and need no look-up.
    """
    height, width, _ = pixels.shape
    colours = pixels.view(np.uint32).ravel()
    drawn = np.flatnonzero(colours != _WHITE)
    found = colours[drawn]
    coarse = (found >> 3) & 0x1F | (found >> 6) & 0x3E0 | (found >> 9) & 0x7C00
    indices = np.zeros(height * width, dtype=np.uint8)
    indices[drawn] = _nearest_shade()[coarse]
    picture = Image.frombytes("P", (width, height), indices.tobytes())
    picture.putpalette(_shades())
    return picture


@cache
def _shades() -> bytes:
    """Return the palette: white, then each paint from faint to full."""
    white = np.ones(3)
    shades = [white]
    for paint in PAINTS:
        step = mcolors.to_rgb(paint.light) - white
        count = _SHADES if np.abs(step).max() > 0.5 else 2
        if paint is not PAPER:
            shades += [white + step * (share / count) for share in range(1, count + 1)]
    return np.rint(np.array(shades) * 255).astype(np.uint8).tobytes()


@cache
def _nearest_shade() -> NDArray[np.uint8]:
    """Return the index in the palette for each colour of 5 bits per channel, red lowest."""
    palette = Image.new("P", (1, 1))
    palette.putpalette(_shades())
    blue, green, red = np.meshgrid(*[np.arange(32, dtype=np.uint8) * 8 + 4] * 3, indexing="ij")
    boxes = np.stack([red, green, blue], axis=-1).reshape(1, -1, 3)
    found = Image.fromarray(boxes).quantize(palette=palette, dither=Image.Dither.NONE)
    indices: NDArray[np.uint8] = np.asarray(found)[0]
    return indices
