"""Stored measurements as rows of the table of measurements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from reportgen.sources.values import clean_text, number, stored_unit, strict_json

NAMELESS = "the measurement names no metric; the others of its file are read"


class Stored(NamedTuple):
    """One measurement as a file holds it, with a fully qualified name."""

    metric: str
    value: Any = None
    unit: Any = None
    identifier: Any = None
    blobs: Sequence[Any] = ()
    """Identifiers of its blobs."""
    notes: Mapping[str, Any] = MappingProxyType({})


def measurement_row(base: Mapping[str, Any], stored: Stored, remarks: list[str]) -> dict[str, Any]:
    """Return the row of one measurement; a value that is no number is remarked on.

    Parameters
    ----------
    base
        Columns that it shares with the others of its job.
    """
    result = number(stored.value)
    row: dict[str, Any] = {**base, "metric": clean_text(stored.metric), "value": result.value}
    if result.reason:
        row["reason"] = result.reason
        if result.unreadable:
            remarks.append(f"The value of {stored.metric} is not a number: {shown(stored.value)}.")
    if stored.unit is not None:
        row["unit"] = stored_unit(stored.unit)
    if stored.identifier is not None:
        row["identifier"] = stored_unit(stored.identifier)
    if stored.blobs:
        row["blobs"] = strict_json(stored.blobs)
    if stored.notes:
        row["notes"] = strict_json(stored.notes)
    return row


def named(raw: Any) -> bool:
    """Whether a measurement of a JSON document is an object that names its metric."""
    name = raw.get("metric") if isinstance(raw, dict) else None
    return isinstance(name, str) and bool(name.strip())


def shown(value: Any) -> str:
    """Return how a remark shows a wrong value: short, and a container by its type only."""
    if isinstance(value, list | tuple | dict | set):
        return "an object" if isinstance(value, dict) else "a list"
    text = repr(value) if isinstance(value, str) else str(value)[:100]
    return clean_text(text if len(text) <= 60 else f"{text[:60]}…")
