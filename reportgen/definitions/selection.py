"""Which specifications apply to a job, by its metadata."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reportgen.model.definitions import Specification

_ABSENT = object()
"""What no term equals: a key that is null is there, a key that is missing is not."""


class Selector:
    """Selects for many jobs: jobs that differ only in what no query asks for cost one look-up.

    Every term of ``metadata_query`` has to be in the metadata and equal, as Python has it: 1 is
    True and 1.0, and no text; an empty query always applies (lsst.verify, ``MetadataQuery``).
    """

    def __init__(self, specifications: Iterable[Specification]) -> None:
        self._specifications = [
            (spec, {key: _hashable(term) for key, term in spec.metadata_query.items()})
            for spec in specifications
        ]
        self._keys = sorted({key for _, query in self._specifications for key in query})
        self._selected: dict[tuple[Any, ...], list[Specification]] = {}

    def select(self, meta: Mapping[str, Any]) -> list[Specification]:
        """Return the specifications that apply; the list is shared, do not change it."""
        asked = {key: _hashable(meta[key]) if key in meta else _ABSENT for key in self._keys}
        signature = tuple(asked.values())
        if signature not in self._selected:
            self._selected[signature] = [
                spec
                for spec, query in self._specifications
                if all(term == asked[key] for key, term in query.items())
            ]
        return self._selected[signature]


def _hashable(value: Any) -> Any:
    """Return what is equal where the values of JSON are, and can be looked up."""
    if isinstance(value, list | tuple):
        return ("list", *map(_hashable, value))
    if isinstance(value, Mapping):
        return frozenset((key, _hashable(one)) for key, one in value.items())
    return value
