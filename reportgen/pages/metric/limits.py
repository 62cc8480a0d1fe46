"""The limits of a metric, one row for all levels that rule the same bands of the same jobs."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportgen.model.definitions import Specification
from reportgen.model.dimensions import band_order
from reportgen.model.status import LEVELS, Kind
from reportgen.pages import words
from reportgen.pages.references import Source, link_reference

OTHER = "limit"
"""Column of a limit without a level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitCell:
    """One specification."""

    name: str
    limit: str
    correction: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow:
    """Specifications that differ in their level only."""

    bands: str
    applies: str
    cells: Sequence[Sequence[LimitCell]]
    """For each level of the table; several where a range has two ends."""
    references: Sequence[Source]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitTable:
    """All limits of one kind."""

    kind: str
    anchor: str
    levels: Sequence[str]
    rows: Sequence[LimitRow]


def limit_tables(specifications: Sequence[Specification]) -> Iterator[LimitTable]:
    """Yield one table for each kind of verdict that has a limit on the metric."""
    for kind in Kind:
        own = [spec for spec in specifications if spec.kind is kind]
        if own:
            yield _table(kind, own)


def _table(kind: Kind, specifications: Sequence[Specification]) -> LimitTable:
    found = {_level(spec) for spec in specifications}
    levels = [level for level in (*LEVELS, OTHER) if level in found]
    levels += sorted(found - set(levels))
    groups: defaultdict[tuple[str, str, tuple[Source, ...]], list[Specification]] = defaultdict(
        list
    )
    for spec in specifications:
        groups[_bands(spec), _applies(spec), link_reference(spec.reference)].append(spec)
    return LimitTable(
        kind=words.KINDS[kind],
        anchor=f"limits-{kind.value.replace('_', '-')}",
        levels=levels,
        rows=[
            LimitRow(
                bands=bands,
                applies=applies,
                cells=[[_cell(spec) for spec in own if _level(spec) == level] for level in levels],
                references=references,
            )
            for (bands, applies, references), own in groups.items()
        ],
    )


def _level(spec: Specification) -> str:
    return spec.level or OTHER


def _bands(spec: Specification) -> str:
    return ", ".join(sorted(spec.bands, key=band_order)) if spec.bands else "all"


def _applies(spec: Specification) -> str:
    query = ", ".join(f"{key} = {_term(value)}" for key, value in spec.metadata_query.items())
    return query or "every job"


def _term(value: object) -> str:
    """Return a text as it is, anything else as JSON: ``[1, 2]``, ``true``, ``null``."""
    return value if isinstance(value, str) else json.dumps(value)


def _cell(spec: Specification) -> LimitCell:
    limit = words.limit_text(spec.operator, spec.threshold, spec.unit)
    return LimitCell(name=spec.name, limit=limit, correction=spec.correction)
