"""Filters of the page templates: values in, text or finished HTML out.

A table of thousands of cells stays cheap when its template calls at most one filter per cell:
`number_cell` and `status` return the whole cell content, and a plain ``{{ text }}`` costs only
its escaping.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from html import escape
from typing import Any

from markupsafe import Markup

from reportgen.model.anchors import anchor, unique_anchors
from reportgen.model.numbers import format_full, format_number, format_quantity, format_unit, plural
from reportgen.render.cells import (
    NO_VALUE_CELL,
    change_cell,
    level_cell,
    margin_cell,
    quantity_cell,
    state_cell,
)
from reportgen.render.columns import column_style, labels
from reportgen.render.sparkline import sparkline
from reportgen.render.status import known, reason, short_reason, status, style_of
from reportgen.render.strip import strip

_PART = re.compile("[_/](?=.)")
_MISSING = Markup('<span class="rg-none">– no value</span>')


def number(value: float | None) -> str | Markup:
    """Return a number rounded for reading, without unit; a dash and words where it is missing."""
    return _MISSING if value is None or not math.isfinite(value) else format_number(value)


def quantity(value: float | None, unit: str | None = "") -> Markup:
    """Return number and unit, with the full value in the title."""
    if value is None or not math.isfinite(value):
        return _MISSING
    return Markup(  # noqa: S704 - both parts are escaped
        f'<span class="rg-q" title="{escape(_full_quantity(value, unit))}">'
        f"{escape(format_quantity(value, unit))}</span>"
    )


def number_cell(value: float | None, unit: str | None = "") -> Markup:
    """Return a whole table cell: the rounded number, and the full value with unit on hover.

    The unit stands in the head of the column or in a cell of its own.
    """
    if value is None or not math.isfinite(value):
        return NO_VALUE_CELL
    shown_unit = _escaped_unit(unit)
    return Markup(  # noqa: S704 - digits, and a unit that is escaped
        f'<td class="n" title="{format_full(value)}{shown_unit}">{format_number(value)}</td>'
    )


def value_cells(cells: Iterable[Any]) -> Markup:
    """Return the cells of a row of values at once: each has ``text``, ``title``, ``missing``."""
    return Markup(  # noqa: S704 - every part is escaped
        "".join(
            f'<td class="n"><span class="rg-none">– {escape(cell.text)}</span></td>'
            if cell.missing
            else f'<td class="n" title="{escape(cell.title)}">{escape(cell.text)}</td>'
            for cell in cells
        )
    )


def unit(value: str | None, *, dimensionless: bool = False) -> str:
    """Return a unit as people write it; ``""`` as *dimensionless* where that is asked for."""
    return format_unit(value) or ("dimensionless" if dimensionless else "")


def _full_quantity(value: float, unit: str | None) -> str:
    shown = format_unit(unit)
    return f"{format_full(value)} {shown}" if shown else format_full(value)


@lru_cache(maxsize=512)
def _escaped_unit(unit: str | None) -> str:
    shown = format_unit(unit)
    return f" {escape(shown)}" if shown else ""


def with_ids(items: Iterable[Any], names: str, *before: str) -> list[tuple[str, Any]]:
    """Return each item with an id for its row: words, then what the fields ``names`` hold."""
    found = list(items)
    values = ([getattr(one, name) for name in names.split()] for one in found)
    ids = unique_anchors(anchor(*before, *some) for some in values)
    return list(zip(ids, found, strict=True))


def heading(text: str) -> str:
    """Return a text with a capital first letter; the others stay, as in *FY20*."""
    return text[:1].upper() + text[1:]


def breakable(text: str) -> Markup:
    """Return a name or path that may be broken after its parts, where a column is narrow."""
    return Markup(_PART.sub(r"\g<0><wbr>", escape(text)))  # noqa: S704 - escaped


FILTERS: dict[str, Callable[..., Any]] = {
    "anchor": anchor,
    "breakable": breakable,
    "change_cell": change_cell,
    "column_style": column_style,
    "heading": heading,
    "labels": labels,
    "level_cell": level_cell,
    "margin_cell": margin_cell,
    "number": number,
    "number_cell": number_cell,
    "plural": plural,
    "quantity": quantity,
    "quantity_cell": quantity_cell,
    "reason": reason,
    "short_reason": short_reason,
    "sparkline": sparkline,
    "known": known,
    "state_cell": state_cell,
    "status": status,
    "strip": strip,
    "style": style_of,
    "unit": unit,
    "value_cells": value_cells,
    "with_ids": with_ids,
}
"""All filters, by the name that templates use."""
