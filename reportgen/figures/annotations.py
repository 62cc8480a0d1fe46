"""Vertical marks with words above the data: epochs, steps, notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from reportgen.figures.layout import rows
from reportgen.figures.sheet import BEHIND, MOVES, Sheet, rectangles
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
from reportgen.figures.textsize import fit, text_width
from reportgen.model.figures import Annotation

_LONGEST, _SHORTER = 64, 34
_HALF = 4.0
"""Half the width of a symbol, so that it stands on its line."""
_FEW = 4
"""Marks up to which each may have more words."""
_SHADE = 0.12
_KINDS = {
    "epoch": ("◆", Look(paint=MUTED, dashes=DASHED, size=SMALL_SIZE)),
    "step": ("▲", Look(paint=WARN, dashes=SOLID, size=SMALL_SIZE)),
    "note": ("●", Look(paint=MUTED, dashes=DOTTED, size=SMALL_SIZE)),
    "issue": ("⚑", Look(paint=MUTED, dashes=DASHED, size=SMALL_SIZE)),
    "release": ("■", Look(paint=MUTED, dashes=DOTTED, size=SMALL_SIZE)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One mark: where its line stands, and its words on one side of it, in pixels."""

    annotation: Annotation
    x: float
    words: str
    left: float
    right: float
    row: int = -1
    """Counted upwards from the data; -1 where there is no room for words."""

    @property
    def mirrored(self) -> bool:
        """Return whether the words end at the line instead of beginning there."""
        return self.right <= self.x + _HALF


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
    most = _LONGEST if len(marks) <= _FEW else _SHORTER
    flags = [_flag(mark, float(sheet.across(np.array(mark.position))), most) for mark in marks]
    found = _rows(flags, taken)
    if min(found, default=0) < 0:  # the symbol alone needs less room
        flags = [
            flag if row >= 0 else _flag(flag.annotation, flag.x, 0)
            for flag, row in zip(flags, found, strict=True)
        ]
        found = _rows(flags, taken)
    return Flags(flags=[replace(flag, row=row) for flag, row in zip(flags, found, strict=True)])


def _flag(mark: Annotation, x: float, most: int) -> Flag:
    """Let the words begin at the line, or end there if the right edge is too near."""
    symbol = _look(mark)[0]
    text = shorten(plain(mark.text), most) if most else ""
    width = text_width(f"{symbol} {text}".rstrip(), SMALL_SIZE)
    left = x - _HALF
    if left + width > WIDTH - MARGIN and x + _HALF - width >= MARGIN:
        return Flag(
            annotation=mark,
            x=x,
            words=f"{text} {symbol}".lstrip(),
            left=x + _HALF - width,
            right=x + _HALF,
        )
    text = fit(f"{symbol} {text}".rstrip(), SMALL_SIZE, WIDTH - 4 - left)
    return Flag(annotation=mark, x=x, words=text, left=left, right=left + width)


def _rows(flags: Sequence[Flag], taken: float) -> list[int]:
    """Give the newest marks their rows first: they matter most, and no line crosses their words."""
    newest = flags[::-1]
    starts, ends = [flag.left for flag in newest], [flag.right for flag in newest]
    return rows([0.0, *starts], [taken, *ends], MOST_FLAG_ROWS)[:0:-1]


def draw_flags(sheet: Sheet, flags: Flags, *, order: float = BEHIND) -> None:
    """Draw the lines through the data, and the words above."""
    box = sheet.box
    for flag in flags.flags:
        look = _look(flag.annotation)[1]
        top = box.top - 5 - FLAG_ROW * max(flag.row, 0)
        _shade(sheet, flag, look)
        sheet.line((flag.x, flag.x), (top, box.bottom), look, order=order, name="rg-mark")
        if flag.row >= 0:
            anchor, align = (flag.right, "right") if flag.mirrored else (flag.left, "left")
            words = replace(look, halo=True)
            sheet.text(anchor, top - 3, flag.words, words, align=align, name="rg-mark")


def _shade(sheet: Sheet, flag: Flag, look: Look) -> None:
    """Shade from where it may have begun up to the line."""
    since = flag.annotation.since
    if since is None or since >= flag.annotation.position:
        return
    start = max(float(sheet.across(np.array(since))), sheet.box.left)
    area = rectangles([start], [sheet.box.top], [flag.x], [sheet.box.bottom])
    sheet.area(area, look.paint, opacity=_SHADE, name=MOVES)


def _position(mark: Annotation) -> float:
    return mark.position


def _look(mark: Annotation) -> tuple[str, Look]:
    return _KINDS.get(mark.kind, _KINDS["note"])
