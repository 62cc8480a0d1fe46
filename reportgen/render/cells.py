"""Cells that join a number with a picture or a verdict: the margin to a limit, a change."""

from __future__ import annotations

import math
from html import escape
from typing import Any

from markupsafe import Markup

from reportgen.render.status import status

_NOTHING = Markup('<td class="n"></td>')
_NO_CHANGE = Markup('<td class="n" data-v=""><span class="rg-none">– not compared</span></td>')


def margin_bar(inside: float | None) -> Markup:
    """Return the distance to a limit as a bar: left of the line inside, right of it outside.

    ``inside`` is a fraction of the limit; from one on the bar is full, and beyond that marked.
    """
    if inside is None or not math.isfinite(inside):
        return Markup("")
    style = "pass" if inside >= 0 else "fail"
    beyond = " rg-beyond" if abs(inside) > 1 else ""
    length = f"{50 * min(abs(inside), 1.0):.0f}"
    return Markup(  # noqa: S704 - digits
        f'<span class="rg-bar rg-bar--{style}{beyond}" style="--v:{length}%"></span>'
    )


def margin_cell(inside: float | None, text: str) -> Markup:
    """Return a whole cell: the margin in words with its bar, sorted by the number."""
    if inside is None or not math.isfinite(inside):
        return _NOTHING
    return Markup(  # noqa: S704 - the text is escaped
        f'<td class="n" data-v="{inside!r}">{escape(text)}{margin_bar(inside)}</td>'
    )


def change_cell(cell: Any) -> Markup:
    """Return a whole cell of a change: ``text``, ``relative``, ``verdict``; None: not compared."""
    if cell is None:
        return _NO_CHANGE
    size = "" if cell.size is None else repr(float(cell.size))
    both = [escape(part) for part in (cell.text, cell.relative) if part]
    shown = ", ".join(both) + "<br>" if both else ""
    return Markup(  # noqa: S704 - every text is escaped
        f'<td class="n" data-v="{size}" title="{escape(cell.title)}">{shown}'
        f"{status(cell.verdict)}</td>"
    )
