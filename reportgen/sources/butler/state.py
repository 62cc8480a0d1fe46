"""What a pull leaves for the next one: where it stopped asking the registry."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The newest dataset known, and the collections that were searched for older ones."""

    ingested: datetime | None = None
    seen: frozenset[str] = frozenset()
    """Hashes of collections."""

    def knows(self, collection: str) -> bool:
        """Whether all datasets of a collection up to ``ingested`` were read."""
        return self.ingested is not None and _short(collection) in self.seen

    def begin(self, overlap: float) -> datetime | None:
        """Return from when on to ask, ``overlap`` seconds before the newest dataset known."""
        return None if self.ingested is None else self.ingested - timedelta(seconds=overlap)

    def advance(self, ingested: datetime | None, collections: Iterable[str]) -> State:
        """Return the state after these collections were searched."""
        times = [time for time in (self.ingested, ingested) if time is not None]
        return State(
            ingested=max(times, default=None),
            seen=frozenset(map(_short, collections)),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the value of the watermark."""
        ingested = None if self.ingested is None else self.ingested.strftime(_FORMAT)
        return {"ingested": ingested, "seen": sorted(self.seen)}


def load_state(value: Any) -> State:
    """Return the state of a watermark; an empty one if there is none."""
    if not isinstance(value, Mapping) or not isinstance(value.get("ingested"), str):
        return State()
    ingested = datetime.strptime(value["ingested"], _FORMAT).replace(tzinfo=UTC)
    return State(ingested=ingested, seen=frozenset(value.get("seen", ())))


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
