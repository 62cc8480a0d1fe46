"""The SRD's table of requirements (LPM-17), one row per quantity, bands and level."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reportgen.definitions.files import read_bytes
from reportgen.errors import DefinitionError
from reportgen.model.definitions import Specification
from reportgen.model.status import LEVELS

COLUMNS = ("quantity", "reference_doc", "reference_section", "reference_table")
"""Columns that are read; others are for people."""

BAND_GROUPS = ("gri", "uzy")
"""Words in the names of metrics that say which bands are meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SrdRow:
    """Where the SRD states one requirement."""

    quantity: str
    """``PA1``, ``AM1`` …"""
    doc: str
    section: str
    """Number and title, ``3.3.4 Photometric Quality``."""
    table: str


def read_srd(path: Path, file: str) -> tuple[SrdRow, ...]:
    """Read the table from CSV with the columns `COLUMNS`; ``file`` is what errors call it.

    Raises
    ------
    DefinitionError
        If a column is missing.
    """
    lines = read_bytes(path, file).decode("utf-8-sig", errors="replace").splitlines()
    reader = csv.DictReader(lines)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise DefinitionError(file, "line 1", f"columns are missing: {', '.join(missing)}.")
    return tuple(
        SrdRow(
            quantity=cells["quantity"] or "",
            doc=cells["reference_doc"] or "",
            section=cells["reference_section"] or "",
            table=cells["reference_table"] or "",
        )
        for cells in reader
    )


def quantity(metric: str) -> str | None:
    """Return the SRD quantity a metric measures by its name: ``PF1`` for ``PF1_design_gri``.

    The level and the bands may follow the quantity; None where anything else does.
    """
    head, *rest = metric.rpartition(".")[2].split("_")
    return head if set(rest) <= {*LEVELS, *BAND_GROUPS} else None


def with_sections(
    specifications: Mapping[str, Specification], rows: Sequence[SrdRow]
) -> dict[str, Specification]:
    """Return the specifications with section and table of the SRD in their reference.

    Metric files name document and page of LPM-17 only. Specifications that refer to another
    document, or say their section themselves, stay as they are.
    """
    return {name: _with_section(spec, rows) for name, spec in specifications.items()}


def _rows_of(specification: Specification, rows: Sequence[SrdRow]) -> list[SrdRow]:
    """Return the rows of the quantity, if the specification refers to the same document."""
    name = quantity(specification.metric)
    documents = specification.reference.docs
    return [
        row
        for row in rows
        if row.quantity == name and any(doc and doc in row.doc for doc in documents)
    ]


def _with_section(specification: Specification, rows: Sequence[SrdRow]) -> Specification:
    places = {(row.section, row.table) for row in _rows_of(specification, rows)}
    if specification.reference.section is not None or len(places) != 1:
        return specification
    section = ", ".join(part for part in places.pop() if part)
    return replace(specification, reference=replace(specification.reference, section=section))
