"""Roles of tables that style sheets lay out in another way: for readers that go by the layout."""

from __future__ import annotations

import re

_LAID_OUT = re.compile(
    r'<table class="rg-table[^"]*\brg-(?:cards|stack)\b[^"]*".*?</table>', re.DOTALL
)
_ROLES = tuple(
    (re.compile(rf"<{tag}\b([^>]*{scope}[^>]*)>"), rf'<{tag}\1 role="{role}">')
    for tag, scope, role in (
        ("table", "", "table"),
        ("thead", "", "rowgroup"),
        ("tbody", "", "rowgroup"),
        ("tr", "", "row"),
        ("th", 'scope="col"', "columnheader"),
        ("th", 'scope="row"', "rowheader"),
        ("td", "", "cell"),
    )
)


def with_roles(html: str) -> str:
    """Write out the roles of tables whose rows become cards on a phone.

    A browser may take a table whose parts are blocks for no table at all; a role holds.
    """
    return _LAID_OUT.sub(lambda table: _write(table[0]), html)


def _write(table: str) -> str:
    for tag, with_role in _ROLES:
        table = tag.sub(with_role, table)
    return table
