"""The order of names that people expect: numbers in them count as numbers."""

from __future__ import annotations


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key that puts ``2`` before ``10`` and ``C2`` before ``C10``."""
    parts: list[tuple[int, int, str]] = []
    digits = ""
    for character in f"{name}\0":
        if character.isascii() and character.isdigit():
            digits += character
            continue
        if digits:
            parts.append((0, int(digits), ""))
            digits = ""
        if character != "\0":
            parts.append((1, 0, character))
    return tuple(parts)
