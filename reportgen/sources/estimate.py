"""How many results a source will give in all, from how far it has come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reportgen.model.bundle import Expected, JobBundle, Known, Unreadable
from reportgen.sources.base import Record

SURE = 0.01
"""Share of the whole from which on an estimate means something."""


class Estimate:
    """Counts what a source gives, and says how much that will be at its end."""

    def __init__(self) -> None:
        self.given = 0
        self._base = 0

    def begin(self) -> None:
        """Begin with what is left, such as after a connection was lost."""
        self._base = self.given

    def count(self, records: Iterable[Record]) -> Iterator[Record]:
        """Yield records, counted as a pull counts them."""
        for record in records:
            if isinstance(record, Known):
                self.given += record.jobs
            elif isinstance(record, JobBundle | Unreadable):
                self.given += 1
            yield record

    def at(self, done: float) -> Iterator[Expected]:
        """Yield how many there will be, where this share (0 to 1) is done."""
        if done >= SURE and self.given > self._base:
            rest = (self.given - self._base) / min(done, 1.0)
            yield Expected(results=self._base + round(rest))
