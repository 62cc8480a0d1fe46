"""Numbers and units as people read them: on pages, in figures and in the terminal."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache

NO_VALUE = "no value"
"""Stands where a number is missing; why it is missing is said beside it."""

UNSTATED = "unit not stated"
"""Stands where a unit is that nobody stated; dimensionless is an empty unit."""

OPERATOR_SIGNS = {"<=": "≤", "<": "<", ">=": "≥", ">": ">", "==": "=", "!=": "≠"}
"""Comparisons of limits, as people write them."""

_BOUNDS = tuple(first * 10.0**power for power in range(-3, 3) for first in (1, 2))
_DECIMALS = tuple(max(2 + (first == 1) - power, 0) for power in range(-3, 3) for first in (1, 2))
"""Decimals that leave three significant digits, four after a leading 1, above each bound."""

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_UNIT_WORD = re.compile(r"([A-Za-zµ]+)(?:(?:\*\*|\^)?\(?(-?\d+)\)?(?![\d.]))?")
_SPOKEN = {
    "marcsec": "mas",
    "uarcsec": "µas",
    "uas": "µas",
    "pct": "%",
    "percent": "%",
    "electron": "e⁻",
    "adu": "ADU",
    "pixel": "pix",
    "um": "µm",
    "micron": "µm",
}


def format_number(value: float) -> str:
    """Return a finite number rounded for reading.

    Three significant digits, four where the first is a 1, so that the rounding stays below half
    a percent; fewer where fewer say it exactly. From 0.001 to below a million written out,
    otherwise like ``1.23×10⁻⁷``; negative numbers begin with a minus sign, not a hyphen.
    """
    magnitude = abs(value)
    if not 1e-3 <= magnitude < 1e6:
        return _minus(_scientific(value)) if magnitude else "0"
    if magnitude >= 999.5:
        text = f"{value:,.0f}"
        # Four digits stay together; longer numbers are grouped by narrow no-break spaces.
        text = text.replace(",", "\u202f" if magnitude >= 9999.5 else "")
    else:
        text = f"{value:.{_DECIMALS[bisect_right(_BOUNDS, magnitude) - 1]}f}"
        if "." in text and _is(text, value):
            text = text.rstrip("0").rstrip(".")
    return _minus(text) if value < 0 else text


def format_column(values: Iterable[float]) -> list[str]:
    """Return numbers of one column, all finite, with as many decimals each as the finest needs.

    So the decimal points stand below each other; a column with powers of ten stays as it is.
    """
    texts = [format_number(value) for value in values]
    if any("×" in text for text in texts):
        return texts
    decimals = max((len(text.partition(".")[2]) for text in texts), default=0)
    return [_padded(text, decimals) for text in texts]


def _padded(text: str, decimals: int) -> str:
    whole, _, part = text.partition(".")
    return f"{whole}.{part.ljust(decimals, '0')}" if decimals else whole


def format_percent(fraction: float) -> str:
    """Return a finite fraction as a percentage for reading in a sentence: two digits or three.

    Whole from 10 % on, ``4.0 %`` below, and as fine as needed below one percent.
    """
    percent = abs(100 * fraction)
    text = f"{percent:.0f}" if percent >= 9.95 else f"{percent:.1f}"
    if percent < 0.95:
        text = format_number(float(f"{percent:.2g}"))
    return f"{'−' if fraction < 0 else ''}{text}\u00a0%"


def format_relative(fraction: float) -> str:
    """Return a finite relative change for reading: with its sign, as `format_percent`."""
    return f"{'+' if fraction > 0 else ''}{format_percent(fraction)}"


def format_power(exponent: int) -> str:
    """Return a power of ten."""
    return f"10{str(exponent).translate(_SUPERSCRIPTS)}"


def format_full(value: float) -> str:
    """Return the shortest text that gives exactly this finite number back."""
    whole = abs(value) < 1e15 and value == int(value)
    return str(int(value)) if whole else repr(float(value))


def format_quantity(value: float | None, unit: str | None) -> str:
    """Return number and unit with a no-break space between; a missing value as *no value*."""
    if value is None or not math.isfinite(value):
        return NO_VALUE
    shown = format_unit(unit)
    return f"{format_number(value)}\u00a0{shown}" if shown else format_number(value)


def format_change(change: float, unit: str | None) -> str:
    """Return a finite change with its sign and unit: ``+0.8 mmag``."""
    return f"{'+' if change > 0 else ''}{format_quantity(change, unit)}"


@lru_cache(maxsize=512)
def format_unit(unit: str | None) -> str:
    """Return an astropy unit string as people write it.

    ``""`` (dimensionless) stays empty; None, a unit that nobody stated, says so.
    """
    if unit is None:
        return UNSTATED
    text = _UNIT_WORD.sub(_spoken, unit.strip())
    if found := re.fullmatch(r"1 ?/ ?([^\s/*()⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)([²³⁴]?)", text):
        return f"{found[1]}⁻{found[2] or '¹'}"
    return text.replace(" / ", "/").replace(" * ", " ").replace(" ", "\u00a0")


def _spoken(found: re.Match[str]) -> str:
    word = _SPOKEN.get(found[1], found[1])
    return word + found[2].translate(_SUPERSCRIPTS) if found[2] else word


def _is(text: str, value: float) -> bool:
    """Tell whether a text is the number, but for what arithmetic left behind: 5.7 − 5.5."""
    return math.isclose(float(text), value, rel_tol=1e-9)


def _scientific(value: float) -> str:
    mantissa, exponent = f"{value:.2e}".split("e")
    if "." in mantissa and _is(f"{value:.2e}", value):
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}×{format_power(int(exponent))}"


def _minus(text: str) -> str:
    return text.replace("-", "−")


def plural(n: int, noun: str, nouns: str = "") -> str:
    """Return a number with its noun: ``1 run``, ``2 runs``, ``no runs``."""
    shown = "no" if n == 0 else str(n)
    return f"{shown} {noun if n == 1 else nouns or noun + 's'}"
