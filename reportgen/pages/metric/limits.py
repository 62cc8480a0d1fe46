"""The limits of a metric, one row for all levels that rule the same bands of the same jobs."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportgen.model.definitions import Reference, Specification
from reportgen.model.numbers import format_quantity
from reportgen.model.status import LEVELS, Kind
from reportgen.pages import words

OTHER = "limit"
"""Column of a limit without a level."""
_NUMBERED = re.compile(r"\b[A-Z]{2,5}-(?:REQ-)?\d+\b")
"""``LSR-REQ-0093``, ``DM-20000``."""


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
    reference: str
    url: str | None


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
    groups: defaultdict[tuple[str, str, str, str | None], list[Specification]] = defaultdict(list)
    for spec in specifications:
        place = describe_reference(spec.reference), first_url(spec.reference)
        groups[_bands(spec), _applies(spec), *place].append(spec)
    return LimitTable(
        kind=words.KINDS[kind],
        anchor=f"limits-{kind.value.replace('_', '-')}",
        levels=levels,
        rows=[
            LimitRow(
                bands=bands,
                applies=applies,
                cells=[[_cell(spec) for spec in own if _level(spec) == level] for level in levels],
                reference=reference,
                url=url,
            )
            for (bands, applies, reference, url), own in groups.items()
        ],
    )


def _level(spec: Specification) -> str:
    return spec.level or OTHER


def _bands(spec: Specification) -> str:
    return ", ".join(sorted(spec.bands, key=words.band_order)) if spec.bands else "all"


def _applies(spec: Specification) -> str:
    query = ", ".join(f"{key} = {_term(value)}" for key, value in spec.metadata_query.items())
    return query or "every job"


def _term(value: object) -> str:
    """Return a text as it is, anything else as JSON: ``[1, 2]``, ``true``, ``null``."""
    return value if isinstance(value, str) else json.dumps(value)


def _cell(spec: Specification) -> LimitCell:
    limit = f"{words.OPERATORS[spec.operator]} {format_quantity(spec.threshold, spec.unit)}"
    return LimitCell(name=spec.name, limit=limit, correction=spec.correction)


def describe_reference(reference: Reference) -> str:
    """Return document and place in words."""
    page = f"page {reference.page}" if reference.page else ""
    return ", ".join(part for part in (*reference.docs, reference.section or "", page) if part)


def documents_of(reference: Reference, specifications: Sequence[Specification]) -> tuple[str, ...]:
    """Return what a reader may look for: documents, sections, numbers of requirements, tickets."""
    references = [reference, *(spec.reference for spec in specifications)]
    places = [place for one in references for place in (*one.docs, one.section or "")]
    texts = " ".join(spec.correction or "" for spec in specifications)
    return tuple(dict.fromkeys([*filter(None, places), *_NUMBERED.findall(texts)]))


def first_url(reference: Reference) -> str | None:
    """Return the first web address of a reference; nothing else may become a link."""
    return next((u for u in reference.urls if u.startswith(("https://", "http://"))), None)
