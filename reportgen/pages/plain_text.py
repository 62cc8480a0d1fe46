"""Texts from outside, made safe for a terminal, for Markdown and for XML."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MARKUP = "\\`*_[]<>|#"
_NOT_IN_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def printable(text: str) -> str:
    """Replace what a terminal could take for a command."""
    return "".join(c if c.isprintable() or c == "\xa0" else "\ufffd" for c in text)


def xml_text(text: str) -> str:
    """Replace what XML cannot hold, escaped or not, and what cannot be encoded."""
    return _NOT_IN_XML.sub("\ufffd", text)


def escape(text: str) -> str:
    """Return text that Markdown shows as it is, in one line."""
    found = printable(" ".join(text.split()))
    for character in _MARKUP:
        found = found.replace(character, f"\\{character}")
    return found


def table_row(cells: Iterable[str]) -> str:
    """Return a row of a Markdown table."""
    return f"| {' | '.join(cells)} |"
