"""Datasets of a Butler as its registry knows them, and which of several counts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from reportgen.sources.collection_names import processing
from reportgen.sources.origins import quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One dataset: everything but its content."""

    ref: Any
    """The registry's own reference, to fetch it by."""
    uuid: str
    type: str
    run: str
    ingested: datetime
    """UTC."""
    data_id: Mapping[str, str]
    """Also what its dimensions imply, such as the band of a filter."""
    required: tuple[str, ...]
    """The dimensions that tell it from others of its type."""
    mjd: float | None = None
    """Begin of the exposure or visit (TAI, days)."""

    @property
    def sha256(self) -> str:
        """Stands for the content: a dataset never changes under its UUID."""
        return hashlib.sha256(self.uuid.encode()).hexdigest()

    def origin(self, repository: str) -> str:
        """Return the place of this data ID in its processing, whichever dataset fills it."""
        place = f"{repository}/{processing(self.run)}/{self.type}"
        values = "&".join(f"{name}={self.data_id[name]}" for name in self.required)
        return quote(f"{place}?{values}" if values else place)


def utc_text(time: datetime) -> str:
    """Return a time as ISO 8601 with seconds."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def choose(datasets: Iterable[Dataset], collections: Sequence[str]) -> list[Dataset]:
    """Return one dataset for each data ID of a processing, in the order of data IDs.

    The first of the searched collections that holds one counts, as in a Butler's own look-up;
    after that the newest.
    """
    ranks = {name: rank for rank, name in enumerate(collections)}
    chosen: dict[str, Dataset] = {}
    for dataset in sorted(
        datasets,
        key=lambda one: (
            ranks.get(one.run, len(ranks)),
            -one.ingested.timestamp(),
            one.uuid,
        ),
    ):
        chosen.setdefault(dataset.origin(""), dataset)
    return [chosen[origin] for origin in sorted(chosen)]
