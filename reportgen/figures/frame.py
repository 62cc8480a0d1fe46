"""What all figures have around their data: title, legend, axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.figures.layout import thin
from reportgen.figures.legend import Legend
from reportgen.figures.sheet import Floats, Sheet
from reportgen.figures.style import (
    GRID,
    LEGEND_ROW,
    MARGIN,
    NAME_HEIGHT,
    QUIET,
    TEXT_SIZE,
    TICK_ROOM,
    TITLE_HEIGHT,
    TITLE_SIZE,
    WARN,
    Look,
)
from reportgen.figures.text import plain
from reportgen.figures.textsize import fit_middle, text_width, widest
from reportgen.figures.ticks import Ticks

DEMONSTRATION = "Demonstration data"
TICKS = "rg-ticks"
"""Name of ticks and their labels on a horizontal axis: they go where a script stretches it."""
_LONG_TITLE_SIZE = 12
_SAMPLE_SIZE = 6.5
_LABEL_GAP = 14
_FEWEST_LABELS = 4


def draw_header(sheet: Sheet, title: str, legend: Legend, *, demonstration: bool) -> None:
    """Write the title, whether the data are real, and the legend below."""
    room = sheet.width - 2.0 * MARGIN
    if demonstration:
        look = Look(paint=WARN, size=TEXT_SIZE, bold=True)
        sheet.text(sheet.width - MARGIN, 20, DEMONSTRATION, look, align="right")
        room -= text_width(DEMONSTRATION, TEXT_SIZE, bold=True) + 16
    heading = plain(title)
    fits = text_width(heading, TITLE_SIZE, bold=True) <= room
    look = Look(size=TITLE_SIZE if fits else _LONG_TITLE_SIZE, bold=True)
    sheet.text(MARGIN, 20, heading, look, room=room)
    for entry, left, row in zip(legend.entries, legend.left, legend.rows, strict=True):
        middle = TITLE_HEIGHT + LEGEND_ROW * row + 8
        right = left + entry.swatch - 6
        if entry.line:
            look = Look(paint=entry.style.paint, width=1.5, dashes=entry.style.dashes)
            sheet.line((left, right), (middle, middle), look)
        if entry.style.marker:
            sheet.marks(((left + right) / 2,), (middle,), entry.style, _SAMPLE_SIZE)
        words = left + entry.swatch
        sheet.text(words, middle + 4, entry.words, room=sheet.width - MARGIN - words)


def left_margin(ticks: Ticks) -> float:
    """Return the room that the labels of a vertical axis need."""
    return max(44.0, MARGIN + widest(ticks.labels, TEXT_SIZE) + TICK_ROOM)


def draw_y_axis(sheet: Sheet, ticks: Ticks, name: str) -> None:
    """Draw horizontal grid lines with their numbers, and the name of the axis above."""
    box = sheet.box
    places = sheet.down(np.array(ticks.values))
    _grid(sheet, (box.left, box.right), places)
    for place, label in zip(places.tolist(), ticks.labels, strict=False):
        sheet.text(box.left - TICK_ROOM, place + 4, label, QUIET, align="right")
    sheet.text(MARGIN, box.top - 8, name, QUIET)


def _grid(sheet: Sheet, ends: tuple[float, float], places: Floats) -> None:
    x = np.tile([ends[0], ends[1], np.nan], len(places))
    sheet.line(x, np.repeat(places, 3), Look(paint=GRID))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A place on a horizontal axis and its words."""

    place: float
    words: str


def plan_labels(
    places: Sequence[float], labels: Sequence[str], gap: float = _LABEL_GAP
) -> list[Tick]:
    """Thin the labels of ascending ``places``; cut long ones if too few would be left."""
    words = [plain(label) for label in labels]
    chosen = thin(places, widest(words, TEXT_SIZE) + gap)
    if len(chosen) < min(_FEWEST_LABELS, len(words)):
        room = (places[-1] - places[0]) / (_FEWEST_LABELS - 1) - gap
        words = [fit_middle(word, TEXT_SIZE, room) for word in words]
        chosen = thin(places, widest(words, TEXT_SIZE) + gap)
    return [Tick(place=places[index], words=words[index]) for index in chosen]


def value_labels(sheet: Sheet, ticks: Ticks) -> list[Tick]:
    """Place the ticks of a horizontal axis of numbers."""
    places = sheet.across(np.array(ticks.values, dtype=np.float64)).tolist()
    return [
        Tick(place=place, words=words) for place, words in zip(places, ticks.labels, strict=False)
    ]


def draw_x_axis(sheet: Sheet, ticks: Sequence[Tick], bottom: float, name: str = "") -> None:
    """Draw the horizontal axis at ``bottom`` with its ticks, their labels, and its name."""
    sheet.line((sheet.box.left, sheet.box.right), (bottom, bottom), QUIET)
    x: list[float] = []
    y: list[float] = []
    for tick in ticks:
        x += [tick.place, tick.place, math.nan]
        y += [bottom, bottom + 4, math.nan]
    sheet.line(x, y, QUIET, name=TICKS)
    for tick in ticks:
        half = text_width(tick.words, TEXT_SIZE) / 2
        middle = min(max(tick.place, half + 2), sheet.width - half - 2)
        sheet.text(middle, bottom + 17, tick.words, QUIET, align="center", name=TICKS)
    if name:
        middle = (sheet.box.left + sheet.box.right) / 2
        sheet.text(middle, bottom + 17 + NAME_HEIGHT, name, QUIET, align="center")
