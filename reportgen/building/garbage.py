"""Python's search for unreachable cycles, at the pace of a build."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

THRESHOLDS = (100_000, 20, 50)
"""Allocations between two looks at young objects, then how many such looks between deeper ones."""


@contextmanager
def rare_collection() -> Iterator[None]:
    """Look for cycles less often.

    Findings live until the end; walking them again and again takes a seventh of a large build.
    """
    before = gc.get_threshold()
    gc.set_threshold(*THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
