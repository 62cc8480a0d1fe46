"""How often a long pull commits: rarely enough for few revisions, often enough to lose little."""

from __future__ import annotations

import time
from collections.abc import Callable

ROWS = 200_000
SECONDS = 60.0
SHARE = 0.25


class Pace:
    """Says when a commit is due.

    It is due once `ROWS` rows or `SECONDS` seconds are waiting, and with them a quarter of what the
    pull has done before. So a pull that dies loses a fifth of its work at most, and one of a
    billion rows or of a month makes some forty commits, not thousands.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begin = self._last = clock()
        self._done = self._waiting = 0

    def add(self, rows: int) -> None:
        """Count rows that wait for a commit."""
        self._waiting += rows

    def due(self) -> bool:
        """Whether enough is waiting."""
        if not self._waiting:
            return False
        passed = self._clock() - self._last
        return self._waiting >= max(ROWS, SHARE * self._done) or passed >= max(
            SECONDS, SHARE * (self._last - self._begin)
        )

    def committed(self) -> None:
        """Begin to count anew."""
        self._done += self._waiting
        self._waiting = 0
        self._last = self._clock()
