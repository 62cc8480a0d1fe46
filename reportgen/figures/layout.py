"""Where labels go so that they do not cover each other; everything in pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

GAP = 8
"""Pixels between two labels of one row."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in CSS pixels, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Return the horizontal extent."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Return the vertical extent."""
        return self.bottom - self.top


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move positions as little as needed to stand ``gap`` apart within ``low`` … ``high``.

    The order stays; where there is no room for all, they stand closer than ``gap``.
    """
    count = len(wanted)
    if not count:
        return []
    gap = min(gap, (high - low) / max(count - 1, 1))
    order = sorted(range(count), key=lambda index: wanted[index])
    places: list[float] = []
    for index in order:
        least = places[-1] + gap if places else low
        places.append(max(wanted[index], least))
    ceiling = high
    for at in range(count - 1, -1, -1):
        places[at] = min(places[at], ceiling)
        ceiling = places[at] - gap
    result = [0.0] * count
    for index, place in zip(order, places, strict=True):
        result[index] = place
    return result


def thin(places: Sequence[float], gap: float) -> list[int]:
    """Choose which of the ascending ``places`` get a label: first, last, and evenly between."""
    count = len(places)
    if count < 2:
        return list(range(count))
    last = count - 1
    parts = min(last, math.floor((places[-1] - places[0]) / gap))
    if parts < 1:
        return [last]
    step = math.ceil(last / parts)
    # A step that leads from the first to the last looks better than a few labels more.
    for wider in range(step, math.ceil(step * 1.6) + 1):
        if last % wider == 0:
            return list(range(0, count, wider))
    if step >= 5:  # nobody sees that one step is a run longer than the next
        return [round(part * last / parts) for part in range(parts + 1)]
    return [*range(0, last - step + 1, step), last]


def rows(starts: Sequence[float], ends: Sequence[float], most: int) -> list[int]:
    """Give each interval the first of ``most`` rows in which it is free, or -1."""
    filled: list[list[int]] = [[] for _ in range(most)]
    chosen = []
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        row = next(
            (
                row
                for row, taken in enumerate(filled)
                if all(end + GAP <= starts[other] or ends[other] + GAP <= start for other in taken)
            ),
            -1,
        )
        chosen.append(row)
        if row >= 0:
            filled[row].append(index)
    return chosen
