"""The picture of a link preview: what a page says, readable at the size of a thumb."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.figures.frame import DEMONSTRATION
from reportgen.figures.sheet import Sheet
from reportgen.figures.sizes import CARD_HEIGHT, CARD_WIDTH
from reportgen.figures.style import FAIL, INK, MUTED, PASS, WARN, Look, Paint
from reportgen.figures.text import plain
from reportgen.figures.textsize import text_width
from reportgen.model.figures import CardFigure, CardLine

MOST_LINES = 5
_EDGE = 28.0
_RIGHT = CARD_WIDTH - _EDGE
_TITLE_SIZES = (32.0, 24.0, 18.0)
_COUNT, _TEXT, _SMALL = 19.0, 15.0, 14.0
_FIRST_LINE, _LINE = 196, 23
_NAME, _VALUE, _LIMIT = _EDGE + 22, 330.0, 350.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How a state looks."""

    icon: str
    paint: Paint


_PLAIN = Mark(icon="○", paint=MUTED)
_MARKS = {
    "fail": Mark(icon="✕", paint=FAIL),
    "newly_failing": Mark(icon="✕", paint=FAIL),
    "regressed": Mark(icon="↓", paint=FAIL),
    "pass": Mark(icon="✓", paint=PASS),
    "fixed": Mark(icon="✓", paint=PASS),
    "improved": Mark(icon="↑", paint=PASS),
    "not_measured": Mark(icon="–", paint=MUTED),
    "unchanged": Mark(icon="=", paint=MUTED),
    "inconclusive": Mark(icon="?", paint=MUTED),
    "watch": Mark(icon="▲", paint=WARN),
}


def draw(request: CardFigure, sheet: Sheet) -> None:
    """Draw a card on ``sheet``."""
    sheet.start(CARD_WIDTH, CARD_HEIGHT)
    room = _RIGHT - _EDGE
    above = room
    if request.demonstration:
        look = Look(paint=WARN, size=_SMALL, bold=True)
        sheet.text(_RIGHT, 42, DEMONSTRATION, look, align="right")
        above -= text_width(DEMONSTRATION, _SMALL, bold=True) + 16
    sheet.text(_EDGE, 42, request.above, Look(paint=MUTED, size=_TEXT), room=above)
    size = _title_size(plain(request.title), room)
    sheet.text(_EDGE, 82, request.title, Look(paint=INK, size=size, bold=True), room=room)
    sheet.text(_EDGE, 108, request.below, Look(paint=MUTED, size=_SMALL), room=room)
    _draw_counts(sheet, request.counts)
    _draw_lines(sheet, request.lines)


def _title_size(title: str, room: float) -> float:
    fitting = (size for size in _TITLE_SIZES if text_width(title, size, bold=True) <= room)
    return next(fitting, _TITLE_SIZES[-1])


def _draw_counts(sheet: Sheet, counts: Sequence[CardLine]) -> None:
    left = _EDGE
    for count in counts:
        mark = _MARKS.get(count.state, _PLAIN)
        words = f"{mark.icon} {plain(count.text)}"
        width = text_width(words, _COUNT, bold=True)
        if left + width > _RIGHT:
            return
        sheet.text(left, 152, words, Look(paint=mark.paint, size=_COUNT, bold=True))
        left += width + 24


def _draw_lines(sheet: Sheet, lines: Sequence[CardLine]) -> None:
    shown = lines if len(lines) <= MOST_LINES else lines[: MOST_LINES - 1]
    for row, line in enumerate(shown):
        _draw_line(sheet, line, _FIRST_LINE + _LINE * row)
    if len(shown) < len(lines):
        place = _FIRST_LINE + _LINE * len(shown)
        words = f"and {len(lines) - len(shown)} more"
        sheet.text(_NAME, place, words, Look(paint=MUTED, size=_TEXT))


def _draw_line(sheet: Sheet, line: CardLine, place: float) -> None:
    mark = _MARKS.get(line.state, _PLAIN)
    sheet.text(_EDGE, place, mark.icon, Look(paint=mark.paint, size=_TEXT, bold=True))
    name = Look(paint=INK, size=_TEXT)
    if not line.value and not line.limit:
        sheet.text(_NAME, place, line.text, name, room=_RIGHT - _NAME)
        return
    value = plain(line.value)
    room = _VALUE - text_width(value, _TEXT) - 10 - _NAME
    sheet.text(_NAME, place, line.text, name, room=max(room, 60.0))
    sheet.text(_VALUE, place, value, name, align="right")
    quiet = Look(paint=MUTED, size=_TEXT)
    sheet.text(_LIMIT, place, line.limit, quiet, room=_RIGHT - _LIMIT)
