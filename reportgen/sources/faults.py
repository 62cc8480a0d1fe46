"""Parts of a document that cannot be read, beside others that can."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reportgen.model.bundle import Unreadable

MAX_FAULTS = 20
"""Faults of one file that are listed."""


def first_faults(faults: Sequence[Unreadable]) -> Iterator[Unreadable]:
    """Yield the faults of one file; beyond `MAX_FAULTS` only that there are more."""
    yield from faults[:MAX_FAULTS]
    if len(faults) > MAX_FAULTS:
        first = faults[MAX_FAULTS]
        reason = f"there are {len(faults) - MAX_FAULTS} more parts that cannot be read"
        yield replace(first, reason=reason, place=f"from {first.place}")
