"""Reading again what is stored: what stays, what is replaced, what belongs elsewhere now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from reportgen.model.bundle import JobBundle
from reportgen.store.contents import content_of

_Bytes = tuple[str, str]
"""File (what stands before ``#`` in an origin) and sha256."""


class Rereading:
    """What one source holds in the store, while everything in it is read again.

    Parameters
    ----------
    jobs
        Origin and sha256 of each stored job.
    contents
        What each of them holds (`store.contents`), by origin.
    """

    def __init__(self, jobs: Iterable[tuple[str, str]], contents: Mapping[str, int]) -> None:
        self._contents = dict(contents)
        self._origins: defaultdict[_Bytes, set[str]] = defaultdict(set)
        self._touched: set[_Bytes] = set()
        for origin, sha256 in jobs:
            self._origins[_bytes(origin, sha256)].add(origin)

    def see(self, source: str, bundle: JobBundle) -> bool:
        """Note a job that was read; whether it is stored with this content."""
        place = _bytes(bundle.origin, bundle.sha256)
        self._touched.add(place)
        self._origins[place].discard(bundle.origin)
        content = content_of(source, bundle)
        same = self._contents.get(bundle.origin) == content
        self._contents[bundle.origin] = content
        return same

    def orphans(self) -> list[str]:
        """Return jobs whose bytes were read again and gave other jobs, such as of another run.

        Ask when all jobs of the files that were read have been seen. A job whose file is gone
        stays: nothing that was stored is lost.
        """
        found = sorted(origin for place in self._touched for origin in self._origins.pop(place, ()))
        self._touched.clear()
        for origin in found:
            self._contents.pop(origin, None)
        return found


def _bytes(origin: str, sha256: str) -> _Bytes:
    return origin.partition("#")[0], sha256
