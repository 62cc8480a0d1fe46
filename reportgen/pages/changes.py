"""The change of each row of a run against its reference, as its tables show it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reportgen.model.comparison import Comparison, ComparisonRow, Verdict
from reportgen.model.numbers import format_percent, format_quantity
from reportgen.model.report import RunReport


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCell:
    """How far a row moved since the reference, and whether beyond the noise."""

    text: str
    """With its unit; empty where a value is missing on either side."""
    relative: str
    size: float | None
    """As a fraction of the value in the reference, for sorting."""
    verdict: Verdict
    title: str
    """Why this verdict."""


def against_reference(report: RunReport, comparisons: Sequence[Comparison]) -> Comparison | None:
    """Return the comparison of a whole run with its reference, where there is one."""
    if report.reference is None:
        return None
    for one in comparisons:
        if one.b.run.id == report.run.id and one.a.run.id == report.reference.id:
            return None if one.a.producer or one.b.producer else one
    return None


def change_cells(report: RunReport, comparison: Comparison | None) -> Mapping[str, ChangeCell]:
    """Return the change of each row, by the anchor of the row on the page of the run."""
    if comparison is None:
        return {}
    rows = comparison.by_line()
    found = ((line, rows.get(line.id)) for line in report.lines)
    return {line.anchor: _cell(row) for line, row in found if row is not None}


def _cell(row: ComparisonRow) -> ChangeCell:
    return ChangeCell(
        text=_signed(row.change, lambda size: format_quantity(_rough(size), row.unit)),
        relative=_signed(row.relative, format_percent),
        size=row.relative,
        verdict=row.verdict,
        title=row.reason,
    )


def _signed(value: float | None, form: Callable[[float], str]) -> str:
    if value is None or not math.isfinite(value):
        return ""
    return f"{'+' if value > 0 else ''}{form(value)}"


def _rough(value: float) -> float:
    """Round to two digits: a difference of two noisy values supports no more."""
    return float(f"{value:.2g}")
