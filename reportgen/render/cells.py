"""Whole cells of tables: a state, a limit, a margin with its bar, a change with its verdict.

Each is one element: a table of thousands of rows costs what its elements cost, in the build and in
the browser. The class of a cell gives it icon, colour and bar; its first line is the state.
"""

from __future__ import annotations

import math
from functools import lru_cache
from html import escape
from typing import Any

from markupsafe import Markup

from reportgen.model.numbers import UNSTATED, format_full, format_quantity, format_unit
from reportgen.render.status import reason, short_reason, style_of

_NOTHING = Markup('<td class="n"></td>')
_EMPTY = Markup("<td></td>")
NO_VALUE_CELL = Markup('<td class="n rg-none">– no value</td>')
_NO_CHANGE = Markup('<td class="n rg-none" data-v="">– not compared</td>')

UNSTATED_MARK = "†"
"""Stands in a cell for *unit not stated*; a note below the table explains it."""


def short_unit(text: str) -> str:
    """Return a text of a cell with a mark where it would say that the unit is not stated."""
    return text.replace(UNSTATED, UNSTATED_MARK) if UNSTATED in text else text


def quantity_cell(value: float | None, unit: str | None = "") -> Markup:
    """Return the cell of a number with its unit; the full value is read on hover."""
    if value is None or not math.isfinite(value):
        return NO_VALUE_CELL
    shown = format_unit(unit)
    full = f"{format_full(value)} {shown}" if shown else format_full(value)
    return Markup(  # noqa: S704 - both parts are escaped
        f'<td class="n rg-q" title="{escape(full)}">'
        f"{escape(short_unit(format_quantity(value, unit)))}</td>"
    )


@lru_cache(maxsize=1024)
def state_cell(value: str | None, why: str | None = None, none: str = "") -> Markup:
    """Return the cell of a state; ``why``: the reason of one that is not measured.

    ``none`` are the words where no specification applies.
    """
    style, text = style_of(value), escape(str(value or none or "no specification"))
    text = text.replace("_", " ")
    if not why:
        return Markup(f'<td class="rg-badge {style}">{text}</td>')  # noqa: S704 - escaped
    return Markup(  # noqa: S704 - escaped
        f'<td class="rg-badge {style}" title="{escape(reason(why))}">'
        f"{text}<small>{escape(short_reason(why))}</small></td>"
    )


def level_cell(cell: Any) -> Markup:
    """Return the cell of a limit: ``status``, ``limit``, ``title``, ``corrected``; None: empty."""
    if cell is None:
        return _EMPTY
    text = _level_cell(cell.status, cell.limit, cell.title, cell.corrected)
    return Markup('<td id="%s"') % cell.anchor + text[len("<td") :] if cell.anchor else text


@lru_cache(maxsize=32768)
def _level_cell(status: str | None, limit: str, title: str, corrected: bool) -> Markup:  # noqa: FBT001 - a key
    word = str(status or "no specification").replace("_", " ")
    note = "\ncorrected" if corrected else ""
    return Markup(  # noqa: S704 - every text is escaped
        f'<td class="rg-lv {style_of(status)}" title="{escape(title)}">'
        f"{escape(word)}\n{escape(short_unit(limit))}{note}</td>"
    )


def margin_cell(inside: float | None, text: str) -> Markup:
    """Return the cell of a margin: in words, with a bar left of the limit inside, right outside.

    ``inside`` is a fraction of the limit; from one on the bar is full, and beyond that marked.
    The cell is sorted by the number.
    """
    if inside is None or not math.isfinite(inside):
        return _NOTHING
    style = "pass" if inside >= 0 else "fail"
    beyond = " rg-beyond" if abs(inside) > 1 else ""
    length = f"{50 * min(abs(inside), 1.0):.0f}"
    return Markup(  # noqa: S704 - digits, and a text that is escaped
        f'<td class="n rg-bar rg-bar--{style}{beyond}" style="--v:{length}%"'
        f' data-v="{inside:.6g}">{escape(text)}</td>'
    )


def change_cell(cell: Any) -> Markup:
    """Return the cell of a change: verdict, amount, part of its value; None: not compared."""
    if cell is None:
        return _NO_CHANGE
    size = "" if cell.size is None else f"{cell.size:.6g}"
    word = escape(str(cell.verdict).replace("_", " "))
    sizes = ", ".join(escape(text) for text in (short_unit(cell.text), cell.relative) if text)
    size_line = f"\n{sizes}" if sizes else ""
    return Markup(  # noqa: S704 - every text is escaped
        f'<td class="n rg-lv {style_of(cell.verdict)}" data-v="{size}"'
        f' title="{escape(cell.title)}">{word}{size_line}</td>'
    )
