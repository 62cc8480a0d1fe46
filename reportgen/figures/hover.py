"""What a script needs to answer to the pointer and the keyboard, beside the drawing.

One JSON object per figure; all coordinates are those of the ``viewBox``:

``kind``, ``unit``
    ``history``, ``map``, ``scatter``, ``histogram``, ``dumbbell``, ``curve`` or ``strips``.
``box``
    left, top, right, bottom of the area of the data.
``labels``
    What each position is called: run, member, column.
``remarks``
    What else is known of each position: date, ticket. Of histories only.
``limits``
    ``text`` of each limit and, where it is not for all, ``of``: numbers of series.
``links``
    Addresses; series refer to them by number.
``x``
    Where each position stands; a series may have its own.
``series``
    ``label``; per position ``y``, ``value`` (null where missing), and where there is something
    to say ``text`` (details, or why there is no value) and ``href`` (number of a link, or -1);
    ``cuts`` are the positions at which a new epoch begins.
``marks``
    ``x`` and ``text`` of annotations.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from reportgen.figures.layout import Box
from reportgen.figures.scale import Floats
from reportgen.figures.text import plain


class Links:
    """Addresses, each kept once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def numbers(self, links: Sequence[str]) -> list[int]:
        """Return the number of each address; -1 for none."""
        known = self._numbers
        return [known.setdefault(plain(link), len(known)) if link else -1 for link in links]

    def addresses(self) -> list[str]:
        """Return the addresses in order of their numbers."""
        return list(self._numbers)


def pixels(values: Floats) -> list[float | int | None]:
    """Return coordinates rounded to a tenth; null for what is not there."""
    return [_short(round(value, 1)) for value in values.tolist()]


def exact(values: Floats) -> list[float | int | None]:
    """Return values with nine significant digits, more than any measurement has."""
    return [_short(float(f"{value:.9g}")) for value in values.tolist()]


def _short(value: float) -> float | int | None:
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def bounds(box: Box) -> list[float | int | None]:
    """Return a box as four numbers."""
    return [_short(round(float(side), 1)) for side in (box.left, box.top, box.right, box.bottom)]


def words(texts: Sequence[str]) -> list[str]:
    """Return texts fit to be shown."""
    return [plain(text) for text in texts]


def series_entry(
    label: str, *, y: list[Any], value: list[Any], **more: list[Any]
) -> dict[str, Any]:
    """Return the entry of one series; columns that say nothing are left out."""
    entry: dict[str, Any] = {"label": plain(label), "y": y, "value": value}
    told = {name: column for name, column in more.items() if any(map(_says_something, column))}
    return entry | told


def _says_something(item: str | int) -> bool:
    return item not in ("", -1)
