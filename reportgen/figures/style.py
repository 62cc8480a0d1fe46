"""One look for all figures: paints, markers, sizes, and which series gets which.

Every colour is a `Paint`: drawn in its light tone into the PNG, and as a CSS variable with a
light and a dark tone into the SVG. Markers of the bands are those of Rubin's RTN-045; its
colours were moved in lightness until each stands out from white (contrast of at least 3) and
any two stay apart for colour-blind readers (tests/figures/test_style.py measures both).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 720
"""CSS pixels: the text column of the site."""
MARGIN = 12
TITLE_SIZE = 14
TEXT_SIZE = 11.5
SMALL_SIZE = 10
TITLE_HEIGHT = 30
LEGEND_ROW = 19
NAME_ROOM = 22
"""Between legend and data: the name of the vertical axis and the first row of flags."""
FLAG_ROW = 14
MOST_FLAG_ROWS = 3
GAP_ROW = 10
AXIS_HEIGHT = 28
"""The labels of a horizontal axis; its name, where it has one, needs more:"""
NAME_HEIGHT = 19
TICK_ROOM = 9
"""Between the labels of a vertical axis and the axis."""
FONTS = "system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif"


@dataclass(frozen=True, slots=True)
class Paint:
    """A colour with a name: ``--rg-<name>`` in style sheets."""

    name: str
    light: str
    dark: str


INK = Paint("ink", "#222222", "#e6e6e9")
MUTED = Paint("muted", "#5f6368", "#b0b3b8")
GRID = Paint("grid", "#e4e6ea", "#3a3f4b")
PAPER = Paint("paper", "#ffffff", "#1e2129")
PASS = Paint("pass", "#00695c", "#4db6ac")
WARN = Paint("warn", "#8a5300", "#ffb74d")
FAIL = Paint("fail", "#b3261e", "#ff8a80")
PASS_AREA = Paint("pass-area", "#d9edea", "#1d3f3c")
FAIL_AREA = Paint("fail-area", "#f9e1df", "#4f2725")
QUIET_AREA = Paint("quiet-area", "#f0f1f3", "#2a2e38")
ON_DARK = Paint("on-dark", "#fefefe", "#fefefe")
ON_LIGHT = Paint("on-light", "#101010", "#101010")

BANDS = {
    "u": Paint("band-u", "#1850e5", "#7488ff"),
    "g": Paint("band-g", "#15a870", "#37d284"),
    "r": Paint("band-r", "#a31216", "#e8591a"),
    "i": Paint("band-i", "#ad9000", "#ffdf41"),
    "z": Paint("band-z", "#ca3eae", "#d877b6"),
    "y": Paint("band-y", "#2d081e", "#dff7f7"),
}
BAND_MARKERS = {"u": "o", "g": "^", "r": "v", "i": "s", "z": "*", "y": "p"}

PAINTS = (
    INK, MUTED, GRID, PAPER, PASS, WARN, FAIL, PASS_AREA, FAIL_AREA, QUIET_AREA,
    ON_DARK, ON_LIGHT, *BANDS.values(),
)  # fmt: skip

SOLID: tuple[float, ...] = ()
DASHED = (6.0, 3.0)
DOTTED = (1.5, 2.5)
DASH_DOT = (7.0, 2.5, 1.5, 2.5)
VARIANTS = (SOLID, DASHED, DOTTED, DASH_DOT)

_CYCLE = ("u", "r", "g", "z", "i", "y")
_OTHER_MARKERS = "oDs^vPX<>phd"
_BAND_AND_MAKER = re.compile(r"(?P<band>\w+) \((?P<maker>.+)\)")
_FIRST_WORD = re.compile(r"[^\s,;:/(·|]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a line or a text appears."""

    paint: Paint = INK
    width: float = 1.0
    dashes: tuple[float, ...] = SOLID
    size: float = TEXT_SIZE
    bold: bool = False
    halo: bool = False
    """Surround text with the colour of the paper, so that it can be read on lines."""


PLAIN = Look()
QUIET = Look(paint=MUTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesStyle:
    """How one series is told from the others: colour, marker, filling and dashes."""

    paint: Paint
    marker: str
    hollow: bool = False
    dashes: tuple[float, ...] = SOLID


def series_styles(labels: Sequence[str]) -> list[SeriesStyle]:
    """Give each series its style: by band where the label begins with one, else by order.

    A producer, ``g (faro)``, has the same filling and dashes in every band.
    """
    styles = []
    uses: dict[str, int] = {}
    makers = list(dict.fromkeys(maker for label in labels if (maker := maker_of(label))))
    for label in labels:
        word = _FIRST_WORD.search(label)
        band = word.group() if word else ""
        if maker := maker_of(label):
            styles.append(_variant(band, BAND_MARKERS[band], makers.index(maker)))
        elif band in BANDS:
            styles.append(_variant(band, BAND_MARKERS[band], uses.get(band, 0)))
            uses[band] = uses.get(band, 0) + 1
        else:
            turn = uses.get("", 0)
            uses[""] = turn + 1
            marker = _OTHER_MARKERS[turn % len(_OTHER_MARKERS)]
            styles.append(_variant(_CYCLE[turn % len(_CYCLE)], marker, turn // len(_CYCLE)))
    return styles


def maker_of(label: str) -> str:
    """Return the producer of a label of band and producer, ``g (faro)``; else nothing."""
    found = _BAND_AND_MAKER.fullmatch(label)
    return found["maker"] if found and found["band"] in BANDS else ""


def _variant(band: str, marker: str, turn: int) -> SeriesStyle:
    return SeriesStyle(
        paint=BANDS[band],
        marker=marker,
        hollow=turn % 2 == 1,
        dashes=VARIANTS[turn % len(VARIANTS)],
    )
