"""What a source yields: one job as it was stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportgen.model.definitions import Metric, Specification
from reportgen.model.runs import RunKey

Row = Mapping[str, Any]
"""One row of a table of `model.measurements`, without the column ``job``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobBundle:
    """One job: where it came from, the run it belongs to, and what it holds.

    ``measurements``, ``tests`` and ``blobs`` are rows of the schemas in `model.measurements`;
    columns that are null may be left out, ``job`` is added by the store.
    """

    run: RunKey
    origin: str
    """Relative path or URL; with a fragment where one file holds several jobs."""
    sha256: str
    """Of the stored bytes that this job was read from."""
    ticket: str | None = None
    date: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    measurements: Sequence[Row] = ()
    tests: Sequence[Row] = ()
    blobs: Sequence[Row] = ()
    metrics: Sequence[Metric] = ()
    specifications: Sequence[Specification] = ()
    parts: int | None = None
    """In the last of several jobs ``…``, ``…;part=2``, ``…;part=3``: how many there are now."""
    remarks: Sequence[str] = ()
    """What was odd but could be read, for example a percent metric stored without a unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A stored result that could not be read."""

    origin: str
    reason: str
    place: str = ""
    """Line and column, key or row inside the file."""
    sha256: str = ""

    def __str__(self) -> str:
        """Return file, place and reason as one line."""
        place = f" ({self.place})" if self.place else ""
        return f"{self.origin}{place}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A stored result that an earlier pull has read already: nothing was parsed."""

    origin: str
    jobs: int = 1
    """Jobs that it gave then: what is known is counted as what was new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watermark:
    """Everything before it was yielded: a later pull begins behind it.

    The store commits the jobs before it and its value in one step. ``value`` is any JSON value
    that means something to the source alone, such as the last ingest time or the last key.
    """

    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """How many results the source is going to yield in all, as far as it can tell."""

    results: int
