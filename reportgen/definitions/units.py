"""Spelling of units: one text per unit, as astropy writes it."""

from __future__ import annotations

from functools import cache

SPELLINGS = {
    "count": "ct",
    "milliarcsecond": "marcsec",
    "nanojansky": "nJy",
    "percent": "%",
    "second": "s",
}
"""Spellings found in verify_metrics and old jobs, with astropy's own."""

COMMON = frozenset(
    {"", "%", "arcsec", "byte", "ct", "mag", "marcsec", "mas", "mmag", "nJy", "pix", "s"}
)
"""Units that need no look-up: they are most of what definitions use."""

LONGEST = 64
"""No unit is longer; a longer text is not handed to a parser."""


@cache
def spell_unit(text: str) -> str | None:
    """Return the unit as astropy spells it (``percent`` is ``%``), None if it knows none such."""
    text = text.strip()
    text = SPELLINGS.get(text, text)
    if text in COMMON:
        return text
    if len(text) > LONGEST:
        return None
    # Imported here: most definitions need only the units above, and astropy takes a while to load.
    from astropy import units  # noqa: PLC0415

    try:
        return str(units.Unit(text).to_string())
    except (ValueError, TypeError, ArithmeticError):
        return None
