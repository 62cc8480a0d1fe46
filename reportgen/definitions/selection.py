"""Which specifications apply to a job, by its metadata."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reportgen.definitions.fields import term
from reportgen.model.definitions import Specification


class Selector:
    """Selects for many jobs: jobs that differ only in what no query asks for cost one look-up.

    Every term of ``metadata_query`` has to be in the metadata and equal; an empty query always
    applies (lsst.verify, ``MetadataQuery``).
    """

    def __init__(self, specifications: Iterable[Specification]) -> None:
        self._specifications = tuple(specifications)
        self._keys = sorted({key for spec in self._specifications for key in spec.metadata_query})
        self._selected: dict[tuple[str | None, ...], list[Specification]] = {}

    def select(self, meta: Mapping[str, Any]) -> list[Specification]:
        """Return the specifications that apply; the list is shared, do not change it."""
        asked = {key: term(meta[key]) for key in self._keys if meta.get(key) is not None}
        signature = tuple(asked.get(key) for key in self._keys)
        if signature not in self._selected:
            self._selected[signature] = [
                spec
                for spec in self._specifications
                if spec.metadata_query.items() <= asked.items()
            ]
        return self._selected[signature]
