"""Words that come from outside, made fit to be drawn; numbers as people read them."""

from __future__ import annotations

import math
import re

from reportgen.model.numbers import NO_VALUE, format_number, format_power

# Characters that XML forbids, half surrogates, and marks that reverse the writing direction.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff"
    "\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_BLANKS = re.compile(r"\s+")


def plain(text: str) -> str:
    """Return ``text`` on one line and without characters that cannot be drawn."""
    if text.isascii() and text.isprintable():
        return text
    return _BLANKS.sub(" ", _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)).strip()


def shorten(text: str, most: int) -> str:
    """Cut ``text`` to ``most`` characters, the last of them an ellipsis."""
    return text if len(text) <= most else text[: max(most - 1, 0)].rstrip() + "…"


def number(value: float, digits: int | None = None) -> str:
    """Write ``value`` as pages do; with ``digits`` significant digits where it is read off."""
    if not math.isfinite(value):
        return NO_VALUE
    if digits is None:
        return format_number(value)
    mantissa, _, exponent = f"{value:.{digits}g}".replace("-", "−").partition("e")
    return f"{mantissa}×{format_power(int(exponent.replace('−', '-')))}" if exponent else mantissa


def quantity(value: float, unit: str, digits: int | None = None) -> str:
    """Write ``value`` with its unit."""
    return f"{number(value, digits)} {plain(unit)}".rstrip()


def axis_title(label: str, unit: str, factor: str) -> str:
    """Name an axis: what it shows, the power of ten of its numbers, the unit."""
    return " ".join(part for part in (plain(label), factor, plain(unit)) if part)
