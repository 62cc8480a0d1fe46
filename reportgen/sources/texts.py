"""Texts of fields: from cells, from metadata, and dates as ISO 8601."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal
from typing import Any

from reportgen.sources.values import clean_text

_DAY = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")


def as_text(value: Any) -> str | None:
    """Return a scalar as text; None for nothing, a list or an object. 24 stays ``24``."""
    if isinstance(value, str):
        return clean_text(value.strip()) or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value) if math.isfinite(value) else None
    if isinstance(value, dt.date):
        return value.isoformat()
    return None


def id_text(value: Any) -> str | None:
    """Return one element of a data ID as text, or several as old jobs write them: ``9615^9697``.

    None for nothing, and for what names no element: an object, a nested list.
    """
    if not isinstance(value, list | tuple):
        return as_text(value)
    texts = [as_text(one) for one in value]
    return "^".join(text for text in texts if text) if None not in texts else None


def cell_text(value: Any) -> str | None:
    """Return a cell of a typed table as text: 24.0 is 24, since a gap makes integers floats."""
    if isinstance(value, Decimal) and value.is_finite():
        return str(int(value)) if value == value.to_integral_value() else format(value, "f")
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return as_text(value)


def iso_date(text: str | None) -> str | None:
    """Return a date as ISO 8601; ``20210525`` gets its dashes; None if it is no date."""
    if not text:
        return None
    if day := _DAY.fullmatch(text):
        text = "-".join(day.groups())
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return text
