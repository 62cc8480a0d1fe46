"""Which of the blobs of a metric its page shows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import pandas as pd

from reportgen.model.anchors import anchor
from reportgen.model.members import Blob, BlobOf, MemberTable, MetricInRun

MOST_BLOBS = 12
"""Blobs that a page shows: those of the worst members of each band."""


@dataclass(slots=True, kw_only=True)
class BlobUse:
    """One blob with the members that refer to it."""

    job: str
    blob: Blob
    anchor: str
    value: float | None
    """Of the first of these members."""
    unit: str | None
    owners: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobUses:
    """The blobs that a page shows, and of how many more members there are some."""

    shown: Sequence[BlobUse]
    more: int


def chosen_blobs(metric: MetricInRun, blob_of: BlobOf) -> BlobUses:
    """Return the blobs of the worst members of each band; one that several share is shown once."""
    found: dict[tuple[str, str], BlobUse] = {}
    owners = [table.members[table.members["blobs"].notna()] for table in metric.tables]
    complete = 0
    for member, table in _by_turns(metric.tables, owners):
        keys = [(str(member["job"]), name) for name in _identifiers(member["blobs"])]
        for key in keys:
            if key in found:
                _add_owner(found[key], member)
            elif len(found) < MOST_BLOBS and (blob := blob_of(*key)) is not None and blob.data:
                found[key] = _use(key[0], blob, member, table, len(found) + 1)
        complete += all(key in found or blob_of(*key) is None for key in keys)
    return BlobUses(shown=list(found.values()), more=sum(map(len, owners)) - complete)


def _by_turns(
    tables: Sequence[MemberTable], owners: Sequence[pd.DataFrame]
) -> Iterator[tuple[pd.Series, MemberTable]]:
    """Yield the worst member of each band, then the next of each."""
    rows = ((row for _, row in one.head(MOST_BLOBS).iterrows()) for one in owners)
    for turn in zip_longest(*rows):
        for member, table in zip(turn, tables, strict=True):
            if member is not None:
                yield member, table


def _use(job: str, blob: Blob, member: pd.Series, table: MemberTable, number: int) -> BlobUse:
    value = member["value"]
    use = BlobUse(
        job=job,
        blob=blob,
        anchor=anchor("extra", blob.name, number),
        value=float(value) if value == value else None,  # noqa: PLR0124 - not NaN
        unit=table.line.unit,
    )
    _add_owner(use, member)
    return use


def _identifiers(stored: str) -> list[str]:
    found = json.loads(stored)
    return [str(one) for one in found] if isinstance(found, list) else []


def _add_owner(use: BlobUse, member: pd.Series) -> None:
    words = " in ".join(
        part for part in (member["label"], member["band"]) if isinstance(part, str) and part
    )
    if words and words not in use.owners and len(use.owners) < MOST_OWNERS:
        use.owners.append(words)


MOST_OWNERS = 6
"""Members that the heading of a blob names."""
