"""Limit lines with their words at the right edge, and notes for those beyond the axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.figures.layout import spread
from reportgen.figures.scale import ScaleWithLimits
from reportgen.figures.sheet import IN_FRONT, Sheet
from reportgen.figures.style import (
    DASH_DOT,
    DASHED,
    DOTTED,
    INK,
    MARGIN,
    MUTED,
    SMALL_SIZE,
    Look,
)
from reportgen.figures.text import plain, quantity
from reportgen.figures.textsize import fit, text_width, widest
from reportgen.model.figures import Limit
from reportgen.model.numbers import OPERATOR_SIGNS
from reportgen.model.status import Kind

_LOOKS = {
    Kind.REQUIREMENT: Look(paint=INK, width=1.3),
    Kind.RELEASE_TARGET: Look(paint=INK, width=1.3, dashes=DASHED),
    Kind.WATCH_RANGE: Look(paint=MUTED, width=1.5, dashes=DOTTED),
    Kind.CALIBRATION_TEST: Look(paint=MUTED, width=1.3, dashes=DASH_DOT),
}
_WORDS = {Kind.RELEASE_TARGET: "target", Kind.WATCH_RANGE: "watch", Kind.CALIBRATION_TEST: "test"}
_LINE = 14
NO_WORDS = 26
"""Pixels at the right of the data where no limit is named."""
WORDS_AWAY = 10
"""Pixels from the data to words at their right."""
_WIDEST = 200
_LONGEST_UNIT = 12
"""Characters; a longer unit is said once, at the axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The words of one limit and the height at which they would best stand."""

    words: str
    limit: Limit
    wanted: float
    inside: bool


def limit_look(limit: Limit) -> Look:
    """Return how the line of this kind of limit is drawn."""
    return _LOOKS.get(Kind(limit.kind), _LOOKS[Kind.REQUIREMENT])


def limit_words(limit: Limit, unit: str) -> str:
    """Say the limit as a reader would: ``design ≤ 5 mmag``."""
    operator = OPERATOR_SIGNS.get(limit.operator, limit.operator)
    kind = _WORDS.get(Kind(limit.kind), "")
    label = plain(limit.label)
    if kind and kind not in label.lower():
        label = f"{kind} {label}".rstrip()
    value = f"{operator} {quantity(limit.value, unit if len(unit) <= _LONGEST_UNIT else '')}"
    room = _WIDEST - text_width(f"↑  {value}", SMALL_SIZE)
    return f"{fit(label, SMALL_SIZE, room)} {value}"


def right_margin(limits: Sequence[Limit], unit: str) -> float:
    """Return the room that the words of the limits need."""
    words = [limit_words(limit, unit) for limit in limits]
    room = widest([f"↑ {word}" for word in words], SMALL_SIZE)
    return min(room, _WIDEST) + WORDS_AWAY + MARGIN if limits else NO_WORDS


def draw_limits(sheet: Sheet, scale: ScaleWithLimits, unit: str) -> None:
    """Draw the lines over the data, and name each at the right edge."""
    box = sheet.box
    notes = [_note(sheet, limit, unit, inside=True) for limit in scale.inside]
    notes += [_note(sheet, limit, unit, inside=False) for limit in scale.outside]
    places = spread([note.wanted for note in notes], _LINE, box.top + 2, box.bottom - 2)
    for note, place in zip(notes, places, strict=True):
        look = limit_look(note.limit)
        if note.inside:
            end = box.right + WORDS_AWAY - 3
            x, y = (box.left, box.right, end), (note.wanted, note.wanted, place)
            sheet.line(x, y, look, order=IN_FRONT, name="rg-limit")
        words = Look(paint=look.paint, size=SMALL_SIZE)
        sheet.text(
            box.right + WORDS_AWAY,
            place + 3.5,
            note.words,
            words,
            room=sheet.width - 4 - box.right - WORDS_AWAY,
        )


def _note(sheet: Sheet, limit: Limit, unit: str, *, inside: bool) -> Note:
    words = limit_words(limit, unit)
    if inside:
        wanted = float(sheet.down(np.array(limit.value)))
        return Note(words=words, limit=limit, wanted=wanted, inside=True)
    above = limit.value > sheet.y.high
    wanted = sheet.box.top if above else sheet.box.bottom
    return Note(words=f"{'↑' if above else '↓'} {words}", limit=limit, wanted=wanted, inside=False)
