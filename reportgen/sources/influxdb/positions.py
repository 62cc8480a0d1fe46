"""How far the measurements of a database were read: the watermark of a pull."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far one measurement was read. Times are nanoseconds since 1970."""

    window: int
    """Begin of the last window that was read."""
    bound: int
    values: int
    """Values before ``bound``: if there are more of them later, points were dated back."""


def load_positions(value: Any) -> dict[str, Position]:
    """Return the positions of a watermark, by measurement; none for anything else."""
    if not isinstance(value, Mapping):
        return {}
    return {
        name: Position(window=one[0], bound=one[1], values=one[2])
        for name, one in value.items()
        if isinstance(one, list) and len(one) == 3
    }


def to_json(positions: Mapping[str, Position]) -> dict[str, list[int]]:
    """Return the value of the watermark."""
    return {name: [one.window, one.bound, one.values] for name, one in positions.items()}


def advance(position: Position | None, reached: Position) -> Position:
    """Return the position after a window.

    What was read before stays where it is until the reading has come past it: a pull that dies
    while it reads old windows again has to begin with them once more.
    """
    return reached if position is None or reached.window >= position.window else position
