"""The extra data that jobs stored, read from the store run by run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from reportgen.model.members import Blob, BlobOf, datum_of
from reportgen.model.runs import Run
from reportgen.store import Store


class Blobs:
    """Looks up blobs; those of one run at a time are in memory."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._of: tuple[str, BlobOf] | None = None

    def of(self, run: Run) -> BlobOf:
        """Return a look-up of the blobs of a run, by job and identifier."""
        if self._of is None or self._of[0] != run.id:
            self._of = (run.id, _look_up(self._store, run))
        return self._of[1]


def _look_up(store: Store, run: Run) -> BlobOf:
    @cache
    def stored() -> Mapping[tuple[str, str], tuple[str, str]]:
        columns = store.blobs([run.id]).to_pydict()
        keys = zip(columns["job"], columns["identifier"], strict=True)
        return dict(zip(keys, zip(columns["name"], columns["data"], strict=True), strict=True))

    @cache
    def look_up(job: str, identifier: str) -> Blob | None:
        found = stored().get((job, identifier))
        if found is None:
            return None
        name, data = found
        described = json.loads(data or "{}")
        if not isinstance(described, dict):
            return None
        return Blob(
            identifier=identifier,
            name=name or "",
            data=[datum_of(key, value) for key, value in described.items()],
        )

    return look_up
