"""Texts from outside, made safe for a terminal and for Markdown."""

from __future__ import annotations

from collections.abc import Iterable

_MARKUP = "\\`*_[]<>|#"


def printable(text: str) -> str:
    """Replace what a terminal could take for a command."""
    return "".join(c if c.isprintable() or c == "\xa0" else "\ufffd" for c in text)


def escape(text: str) -> str:
    """Return text that Markdown shows as it is, in one line."""
    found = printable(" ".join(text.split()))
    for character in _MARKUP:
        found = found.replace(character, f"\\{character}")
    return found


def table_row(cells: Iterable[str]) -> str:
    """Return a row of a Markdown table."""
    return f"| {' | '.join(cells)} |"
