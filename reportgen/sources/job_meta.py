"""Metadata of jobs: single values of it, and what it says of the job itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reportgen.model.dimensions import DATA_ID
from reportgen.sources.bands import BANDS
from reportgen.sources.texts import as_text


def look_up(meta: Mapping[str, Any], name: str) -> Any:
    """Return a value of the metadata: by key, by dotted path, or from ``env``.

    ``dispatch_verify`` moves ``ci_label`` and its like into ``env``; analysis_tools writes
    ``__`` before the keys of a bundle.
    """
    for candidate in _candidates(name):
        if candidate in meta:
            return meta[candidate]
        value: Any = meta
        for part in candidate.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if value is not None:
            return value
    return None


def _candidates(name: str) -> Iterator[str]:
    bare = name.removeprefix("__")
    yield bare
    yield f"env.{bare}"


def own_fields(meta: Mapping[str, Any]) -> dict[str, str]:
    """Return what the metadata of a job say of it, by the names of fields."""
    own: dict[str, str] = {}
    for key, names in _OWN.items():
        for name in names:
            if (text := as_text(look_up(meta, name))) is not None and text != "unknown":
                own[key] = text
                break
    if own.get("physical_filter") in BANDS:
        own.setdefault("band", own.pop("physical_filter"))
    return own


_OWN = {
    **{name: (name,) for name in DATA_ID if name not in {"band", "physical_filter", "detector"}},
    "dataset": ("ci_dataset",),
    "collection": ("collection",),
    "ticket": ("ticket",),
    "date": ("date", "date_created"),
    "band": ("band", "abstract_filter"),
    # Gen2 jobs say filter_name; jobs made from a Gen3 Butler say filter, the physical filter.
    "physical_filter": ("physical_filter", "filter", "filter_name"),
    "detector": ("detector", "ccd", "ccdnum"),
}

OWN_NAMES = frozenset(name for names in _OWN.values() for name in names)
"""Keys of metadata that say something of the job."""
