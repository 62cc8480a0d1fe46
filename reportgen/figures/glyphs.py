"""Widths and outlines of text in the font that matplotlib brings along.

matplotlib lays out and rasterises each string anew in each figure, which costs more than all
else in it. Here each glyph is loaded once per process and strings are put together from them.
DejaVu Sans is the same on every machine, so the same text is the same picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path as File

import matplotlib as mpl
import numpy as np
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.path import Path
from numpy.typing import NDArray

_LOADED_SIZE = 100.0
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_FIXED_POINT = 65536.0  # FreeType gives advances as 16.16 numbers


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character at size 1: its advance and its outline."""

    advance: float
    vertices: NDArray[np.float64]
    codes: NDArray[np.uint8]


class Face:
    """One font file; all lengths are in units of the font size."""

    def __init__(self, file: File) -> None:
        self._font = FT2Font(str(file))
        self._font.set_size(_LOADED_SIZE, 72)
        self._known = self._font.get_charmap()
        self._glyphs: dict[str, Glyph] = {}

    def width(self, text: str) -> float:
        """Return how far ``text`` reaches from its start."""
        return sum(self._glyph(char).advance for char in text)

    def outline(self, text: str) -> Path:
        """Return ``text`` as one path that starts at the origin, y upwards."""
        vertices, codes = [], []
        at = 0.0
        for char in text:
            glyph = self._glyph(char)
            if len(glyph.codes):
                vertices.append(glyph.vertices + np.array((at, 0.0)))
                codes.append(glyph.codes)
            at += glyph.advance
        if not vertices:
            return Path(np.empty((0, 2)))
        return Path(np.concatenate(vertices), np.concatenate(codes))

    def _glyph(self, char: str) -> Glyph:
        found = self._glyphs.get(char)
        if found is None:
            found = self._glyphs[char] = self._load(char)
        return found

    def _load(self, char: str) -> Glyph:
        code = ord(char) if ord(char) in self._known else ord(_UNKNOWN)
        loaded = self._font.load_char(code, flags=LoadFlags.NO_HINTING)
        vertices, codes = self._font.get_path()
        return Glyph(
            loaded.linearHoriAdvance / _FIXED_POINT / _LOADED_SIZE,
            np.asarray(vertices, dtype=np.float64) / _LOADED_SIZE,
            np.asarray(codes, dtype=np.uint8),
        )


@cache
def face(*, bold: bool = False) -> Face:
    """Return the font of all figures."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return Face(File(mpl.get_data_path()) / "fonts" / "ttf" / name)


@lru_cache(maxsize=4096)
def text_advance(text: str, *, bold: bool = False) -> float:
    """Return how far ``text`` reaches at size 1."""
    return face(bold=bold).width(text)


@lru_cache(maxsize=4096)
def text_outline(text: str, *, bold: bool = False) -> Path:
    """Return the outline of ``text`` at size 1."""
    return face(bold=bold).outline(text)
