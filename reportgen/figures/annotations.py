"""Vertical marks with words above the data: epochs, steps, notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from reportgen.figures.layout import rows
from reportgen.figures.sheet import BEHIND, Sheet
from reportgen.figures.style import (
    DASHED,
    DOTTED,
    FLAG_ROW,
    MARGIN,
    MOST_FLAG_ROWS,
    MUTED,
    SMALL_SIZE,
    SOLID,
    WARN,
    WIDTH,
    Look,
)
from reportgen.figures.text import plain, shorten
from reportgen.figures.textsize import text_width
from reportgen.model.figures import Annotation

_LONGEST, _SHORTER = 64, 34
_FEW = 4
"""Marks up to which each may have more words."""
_KINDS = {
    "epoch": ("◆", Look(paint=MUTED, dashes=DASHED, size=SMALL_SIZE)),
    "step": ("▲", Look(paint=WARN, dashes=SOLID, size=SMALL_SIZE)),
    "note": ("●", Look(paint=MUTED, dashes=DOTTED, size=SMALL_SIZE)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One mark: where its line stands, and where its words begin."""

    annotation: Annotation
    x: float
    words: str
    left: float
    row: int
    """Counted upwards from the data; -1 where there is no room at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """All marks of a figure."""

    flags: Sequence[Flag]

    def hover(self) -> list[dict[str, Any]]:
        """Return the full words for scripts."""
        return [{"x": round(flag.x, 1), "text": plain(flag.annotation.text)} for flag in self.flags]


def plan_flags(annotations: Sequence[Annotation], sheet: Sheet, *, taken: float) -> Flags:
    """Find places for the words of all annotations on the horizontal axis of ``sheet``.

    The lowest row is already in use as far as ``taken``.
    """
    marks = sorted((mark for mark in annotations if mark.position in sheet.x), key=_position)
    places = [float(sheet.across(np.array(mark.position))) for mark in marks]
    most = _LONGEST if len(marks) <= _FEW else _SHORTER
    words = [_words(mark, most) for mark in marks]
    widths = [text_width(word, SMALL_SIZE) for word in words]
    starts = [
        max(MARGIN, min(place - 4, WIDTH - MARGIN - width))
        for place, width in zip(places, widths, strict=True)
    ]
    ends = [start + width for start, width in zip(starts, widths, strict=True)]
    found = rows([0.0, *starts], [taken, *ends], MOST_FLAG_ROWS)[1:]
    for index, row in enumerate(found):
        if row < 0:  # the symbol alone needs less room
            words[index] = words[index][:1]
            starts[index], ends[index] = places[index] - 4, places[index] + 5
    found = rows([0.0, *starts], [taken, *ends], MOST_FLAG_ROWS)[1:]
    return Flags(
        flags=[
            Flag(annotation=mark, x=place, words=word, left=start, row=row)
            for mark, place, word, start, row in zip(
                marks, places, words, starts, found, strict=True
            )
        ]
    )


def draw_flags(sheet: Sheet, flags: Flags, *, order: float = BEHIND) -> None:
    """Draw the lines through the data, and the words above."""
    box = sheet.box
    for flag in flags.flags:
        look = _look(flag.annotation)[1]
        top = box.top - 5 - FLAG_ROW * max(flag.row, 0)
        sheet.line((flag.x, flag.x), (top, box.bottom), look, order=order, name="rg-mark")
        if flag.row >= 0:
            sheet.text(flag.left, top - 3, flag.words, replace(look, halo=True))


def _position(mark: Annotation) -> float:
    return mark.position


def _look(mark: Annotation) -> tuple[str, Look]:
    return _KINDS.get(mark.kind, _KINDS["note"])


def _words(mark: Annotation, most: int) -> str:
    symbol, _ = _look(mark)
    return f"{symbol} {shorten(plain(mark.text), most)}".rstrip()
