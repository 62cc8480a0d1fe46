"""Editions of a site, and which of their pages have an address for good."""

from __future__ import annotations

MAIN = "main"
"""The edition that holds everything; any other name is a release."""

LASTING = ("runs/", "metrics/", "compare/")
"""Below these every page has a permalink at the root of the published site."""


def has_permalink(path: str) -> bool:
    """Tell whether a page, given from the root of its edition, names a permalink of its own."""
    return path.startswith(LASTING) and path not in LASTING
