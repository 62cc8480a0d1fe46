"""What earlier pulls have read, so that nothing is parsed, or even hashed, twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, MutableMapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any, NamedTuple

JobPlace = tuple[str, str]
"""Origin and sha256 of a stored job."""


class Fingerprint(NamedTuple):
    """What a file looked like when it was read. Made of texts so that a cache can keep it."""

    stamp: str
    """Size and time of modification (local), or size and entity tag (remote)."""
    sha256: str
    jobs: tuple[str, ...]
    """Origins of the jobs it holds."""


class History:
    """Jobs that the store holds, and the fingerprints of the files they came from.

    Parameters
    ----------
    known
        Origin and sha256 of each job of this source in the store.
    fingerprints
        Origin of a file → `Fingerprint`. Read and written; keep it between pulls, outside of the
        store, and only after what was pulled is committed.
    watermark
        Value of the last `Watermark` of this source that was committed.
    since
        Day before which nothing is asked for.
    """

    def __init__(
        self,
        known: AbstractSet[JobPlace] = frozenset(),
        fingerprints: MutableMapping[str, Fingerprint] | None = None,
        *,
        watermark: Any = None,
        since: date | None = None,
    ) -> None:
        self.watermark = watermark
        self.since = since
        self._known = known
        self._is_first = not known  # to ask for each file what nobody knows would take time
        self._fingerprints = fingerprints
        self._files: Counter[tuple[str, str | None]] | None = None

    def unchanged(self, origin: str, stamp: str | None) -> int:
        """Return the jobs of a file that looks as it did when all went into the store, else 0."""
        if stamp is None or self._fingerprints is None or self._is_first:
            return 0
        seen = self._fingerprints.get(origin)
        if seen is None or seen.stamp != stamp:
            return 0
        return len(seen.jobs) if all((job, seen.sha256) in self._known for job in seen.jobs) else 0

    def has(self, origin: str, sha256: str) -> bool:
        """Whether the store holds this job."""
        return not self._is_first and (origin, sha256) in self._known

    def holds(self, origin: str, sha256: str | None = None) -> int:
        """Return how many jobs of a file the store holds: with this hash, or with any."""
        if self._files is None:
            self._files = Counter()
            for place, state in self._known:
                file = place.partition("#")[0]
                self._files.update([(file, state), (file, None)])
        return self._files[origin, sha256]

    def remember(self, origin: str, stamp: str | None, sha256: str, jobs: Iterable[str]) -> None:
        """Note what a file that was read completely looked like."""
        if stamp is not None and self._fingerprints is not None:
            seen = Fingerprint(stamp=stamp, sha256=sha256, jobs=tuple(jobs))
            self._fingerprints[origin] = seen
