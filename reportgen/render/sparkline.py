"""Sparklines: a history as a word-sized inline SVG; the stylesheet gives it pen and colours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from html import escape

from markupsafe import Markup

from reportgen.model.numbers import format_number

STEP = 4
"""Distance of two runs, in pixels."""
HEIGHT = 20
"""In pixels."""
_FINE = 2
"""Units of the drawing per pixel: whole numbers are short, and written three times as fast."""
_INSET = 2 * _FINE
_LEVEL = HEIGHT * _FINE // 2
_EMPTY = Markup('<span class="rg-none">– no history</span>')


def sparkline(
    values: Sequence[float | None], limit: float | None = None, *, what: str = "runs"
) -> Markup:
    """Return the history as SVG: a gap where a value is missing, a dot on the last value.

    The dashed line is the limit; one further away than twice the spread of the values is left
    out, since it would flatten them. The text alternative gives number, range and last value.
    """
    return _sparkline(tuple(values), limit, what)


# A series is on the page of every recent run, and each page shows the same history of it.
@lru_cache(maxsize=32768)
def _sparkline(values: tuple[float | None, ...], limit: float | None, what: str) -> Markup:
    known = [v for v in values if v is not None and math.isfinite(v)]
    if not known:
        return _EMPTY
    low, high = min(known), max(known)
    if limit is not None and not low - 2 * (high - low) <= limit <= high + 2 * (high - low):
        limit = None
    bottom = low if limit is None else min(low, limit)
    top = high if limit is None else max(high, limit)
    scale = _scale(top - bottom)

    def height(value: float) -> int:
        # The half is for rounding; what has no spread runs through the middle.
        return int(HEIGHT * _FINE - _INSET + 0.5 - (value - bottom) * scale) if scale else _LEVEL

    heights = [None if v is None or not math.isfinite(v) else height(v) for v in values]
    width = STEP * max(len(values) - 1, 1) + 2 * _INSET // _FINE
    end = f"H{width * _FINE}"
    line = "" if limit is None else f'<path class="rg-limit" d="M0 {height(limit)}{end}"/>'
    return Markup(  # noqa: S704 - numbers, and a label that is escaped
        f'<svg class="rg-spark" role="img" aria-label="{escape(_label(values, known, what))}"'
        f' width="{width}" height="{HEIGHT}" viewBox="0 0 {width * _FINE} {HEIGHT * _FINE}">'
        f'{line}<path d="{_curve(heights)}{_last_dot(heights)}"/></svg>'
    )


def _scale(spread: float) -> float:
    """Return units for each unit of value; 0 where the spread is none, or beyond all numbers."""
    scale = (HEIGHT * _FINE - 2 * _INSET) / spread if spread > 0 else 0.0
    return scale if math.isfinite(scale) else 0.0


def _curve(heights: Sequence[int | None]) -> str:
    """Return the commands of the curve; a value alone between gaps is drawn as a dot."""
    commands = []
    drawing = False
    x = _INSET
    for height in heights:
        if height is None:
            drawing = False
        elif drawing:
            commands.append(f"L{x} {height}")
        else:
            # A line of no length: the round cap shows a value alone between gaps as a dot.
            commands.append(f"M{x} {height}h0")
            drawing = True
        x += STEP * _FINE
    return "".join(commands)


def _last_dot(heights: Sequence[int | None]) -> str:
    """Mark the newest run, unless it has no value: an older one must not pass for it."""
    if heights[-1] is None:
        return ""
    x = _INSET + STEP * _FINE * (len(heights) - 1)
    return f"M{x - 2} {heights[-1]}a2 2 0 1 1 0 1z"


def _label(values: Sequence[float | None], known: Sequence[float], what: str) -> str:
    low, high = format_number(min(known)), format_number(max(known))
    spread = low if low == high else f"{low} to {high}"
    last = values[-1]
    newest = "missing" if last is None or not math.isfinite(last) else format_number(last)
    missing = len(values) - len(known)
    gaps = f", {missing} missing" if missing else ""
    return f"{len(values)} {what}{gaps}: {spread}, last {newest}"
