"""Metadata of jobs: single values of it, and what it says of the job itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reportgen.model.dimensions import DATA_ID
from reportgen.sources.bands import BANDS
from reportgen.sources.texts import as_text, id_text


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
            if (text := field_text(key, look_up(meta, name))) is not None and text != "unknown":
                own[key] = text
                break
    if own.get("physical_filter") in BANDS:
        own.setdefault("band", own.pop("physical_filter"))
    return own


def field_text(key: str, value: Any) -> str | None:
    """Return a value of the metadata as the text of a field: of a data ID it may be a list."""
    return id_text(value) if key in DATA_ID else as_text(value)


def misfits(meta: Mapping[str, Any], configured: Mapping[str, str]) -> Iterator[str]:
    """Yield a remark for each key that should name an element of the data ID, and cannot.

    Parameters
    ----------
    configured
        Keys that the configuration names, by field; the field's own names do not count then.
    """
    for key in DATA_ID:
        names = (configured[key],) if key in configured else _OWN[key]
        for name in names:
            value = look_up(meta, name)
            if isinstance(value, dict | list | tuple) and value and id_text(value) is None:
                what = "an object" if isinstance(value, dict) else "a nested list"
                yield f"{name} of its metadata is {what}, which is no {key}; not used."


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
