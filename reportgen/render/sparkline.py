"""Sparklines: a history as a word-sized inline SVG, complete without script and stylesheet."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape

from markupsafe import Markup

from reportgen.model.numbers import format_number

STEP = 4
"""Distance of two runs, in pixels."""
HEIGHT = 20
_INSET = 2
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
    # A level history runs through the middle.
    offset = HEIGHT - _INSET if scale else HEIGHT / 2
    heights = [
        None
        if v is None or not math.isfinite(v)
        else round(offset - (v - bottom) * scale, 1)
        if scale
        else offset
        for v in values
    ]
    width = STEP * max(len(values) - 1, 1) + 2 * _INSET
    return Markup(  # noqa: S704 - numbers, and a label that is escaped
        f'<svg class="rg-spark" role="img" aria-label="{escape(_label(values, known, what))}"'
        f' width="{width}" height="{HEIGHT}" viewBox="0 0 {width} {HEIGHT}" fill="none"'
        f' stroke="currentColor" stroke-linecap="round" stroke-linejoin="round">'
        f"{_limit_line(limit, bottom, scale, offset, width)}"
        f'<path d="{"".join(_strokes(heights))}"/>{_last_dot(heights)}</svg>'
    )


def _scale(spread: float) -> float:
    """Return pixels for each unit of value; 0 where the spread is none, or beyond all numbers."""
    scale = (HEIGHT - 2 * _INSET) / spread if spread > 0 else 0.0
    return scale if math.isfinite(scale) else 0.0


def _strokes(heights: Sequence[float | None]) -> Iterator[str]:
    """Yield the commands of the curve; a value alone between gaps is drawn as a dot."""
    drawing = False
    for position, height in enumerate(heights):
        if height is None:
            drawing = False
            continue
        x = _INSET + STEP * position
        alone = not drawing and (position + 1 == len(heights) or heights[position + 1] is None)
        yield f"{'L' if drawing else 'M'}{x} {height:g}{'h0' if alone else ''}"
        drawing = True


def _limit_line(limit: float | None, bottom: float, scale: float, offset: float, width: int) -> str:
    if limit is None:
        return ""
    height = round(offset - (limit - bottom) * scale, 1) if scale else offset
    return f'<path class="rg-limit" stroke-dasharray="3 3" d="M0 {height:g}H{width}"/>'


def _last_dot(heights: Sequence[float | None]) -> str:
    """Mark the newest run, unless it has no value: an older one must not pass for it."""
    if heights[-1] is None:
        return ""
    return f'<path stroke-width="4" d="M{_INSET + STEP * (len(heights) - 1)} {heights[-1]:g}h0"/>'


def _label(values: Sequence[float | None], known: Sequence[float], what: str) -> str:
    low, high = format_number(min(known)), format_number(max(known))
    spread = low if low == high else f"{low} to {high}"
    last = values[-1]
    newest = "missing" if last is None or not math.isfinite(last) else format_number(last)
    missing = len(values) - len(known)
    gaps = f", {missing} missing" if missing else ""
    return f"{len(values)} {what}{gaps}: {spread}, last {newest}"
