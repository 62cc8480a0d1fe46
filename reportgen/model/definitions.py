"""Metrics and specifications."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reportgen.model.status import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Where a metric or a limit is defined. Old files hold lists for ``doc`` and ``url``."""

    docs: tuple[str, ...] = ()
    page: str | None = None
    section: str | None = None
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What is measured."""

    name: str
    """Fully qualified, ``package.metric``."""
    description: str = ""
    unit: str | None = None
    tags: tuple[str, ...] = ()
    reference: Reference = Reference()
    origin: str = ""
    """The file that defines it."""

    @property
    def package(self) -> str:
        """The part of the name before the first dot."""
        return self.name.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """A level that a metric is required to meet, such as ``design``."""

    name: str
    """Fully qualified, ``package.metric.spec``."""
    metric: str
    operator: str
    """Read as *value operator threshold*, one of ``<= < >= > == !=``."""
    threshold: float
    unit: str
    kind: Kind = Kind.REQUIREMENT
    level: str | None = None
    """``design``, ``minimum`` or ``stretch`` where the specification is one of these; the
    target's name (``FY20``) for a release target; else None."""
    metadata_query: Mapping[str, Any] = field(default_factory=dict)
    """Terms that must all equal the job's metadata; empty: applies to every job."""
    bands: tuple[str, ...] | None = None
    """Bands the limit applies to; None: all."""
    tags: tuple[str, ...] = ()
    reference: Reference = Reference()
    origin: str = ""
    correction: str | None = None
    """Why an override changed the limit, with the value it replaces; None: as in its file."""
