"""Widths of text without a font at hand, for deciding what goes where.

The widths are those of DejaVu Sans (tests/figures/test_text.py compares them with the
font), wider than most fonts that a browser would choose. A page can so be told the size of
a figure long before matplotlib is needed to draw it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

_FIRST = 32
_ASCII = (
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337,
    636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531,
    1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787,
    603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500,
    500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612,
    635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
)  # fmt: skip
_OTHERS = {"…": 1000, "▨": 945, "·": 318, "●": 873}
_LETTER, _SYMBOL, _WIDE = 640, 838, 1030
_WIDE_FROM = 0x1100
_BOLD = 1.12


def _advance(char: str) -> int:
    code = ord(char) - _FIRST
    if 0 <= code < len(_ASCII):
        return _ASCII[code]
    if char.isalpha():
        return _WIDE if ord(char) >= _WIDE_FROM else _LETTER
    return _OTHERS.get(char, _SYMBOL)


@lru_cache(maxsize=8192)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return about how wide ``text`` is, in the unit of ``size``."""
    return sum(map(_advance, text)) * size * (_BOLD if bold else 1.0) / 1000


def widest(texts: Sequence[str], size: float) -> float:
    """Return the width of the widest of ``texts``; 0 for none."""
    return max((text_width(text, size) for text in texts), default=0.0)


def fit(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """Cut ``text`` so that it is no wider than ``room``, with an ellipsis at the cut."""
    if text_width(text, size, bold=bold) <= room:
        return text
    left = room / size * 1000 / (_BOLD if bold else 1.0) - _OTHERS["…"]
    for count, char in enumerate(text):
        left -= _advance(char)
        if left < 0:
            return text[:count].rstrip() + "…"
    return text


def fit_middle(text: str, size: float, room: float) -> str:
    """Cut ``text`` in its middle: the ends of names of releases and collections tell most."""
    if text_width(text, size) <= room:
        return text
    for kept in range(len(text) - 1, 1, -1):
        shown = f"{text[: (kept + 1) // 2]}…{text[len(text) - kept // 2 :]}"
        if text_width(shown, size) <= room:
            return shown
    return "…"
