"""Roles of tables that style sheets lay out in another way: for readers that go by the layout."""

from __future__ import annotations

import re

_END = "</table>"
_LAID_OUT = re.compile(r'<table class="rg-table[^"]*\brg-(?:cards|stack)\b')
_ROW = re.compile("<tr[^>]*")
_ROLES = (
    ("<table ", '<table role="table" '),
    ("<thead", '<thead role="rowgroup"'),
    ("<tbody", '<tbody role="rowgroup"'),
    ('<th scope="col"', '<th role="columnheader" scope="col"'),
    ('<th scope="row"', '<th role="rowheader" scope="row"'),
    ("<td", '<td role="cell"'),
)
"""Plain text: there are hundreds of thousands of cells, and what is a tag is a tag of a template,
which names the scope of a head first."""


def with_roles(html: str) -> str:
    """Write out the roles of tables whose rows become cards on a phone.

    A browser may take a table whose parts are blocks for no table at all; a role holds.
    """
    return _END.join(map(_write, html.split(_END)))


def _write(part: str) -> str:
    """Write the roles of the table that a part ends with, if it is laid out in another way."""
    start = part.rfind("<table ")
    if start < 0 or not _LAID_OUT.match(part, start):
        return part
    table = part[start:]
    for tag, with_role in _ROLES:
        table = table.replace(tag, with_role)
    return part[:start] + _ROW.sub(r'\g<0> role="row"', table)
