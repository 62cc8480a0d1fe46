"""The limits of one row at design, minimum and stretch, and whether the row keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from reportgen.model.definitions import Reference
from reportgen.model.report import LevelCheck
from reportgen.model.status import LEVELS, Kind, Status, worst
from reportgen.pages import words


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelCell:
    """One limit in a row, and whether the row keeps it."""

    limit: str
    status: Status | None
    title: str
    corrected: bool
    anchor: str = ""
    """Of the cell itself, where it can be linked to."""


def level_cells(checks: Sequence[LevelCheck]) -> list[LevelCell | None]:
    """Return one cell per level, None where no requirement has one."""
    return [_cell(checks, level) for level in LEVELS]


def _cell(checks: Sequence[LevelCheck], level: str) -> LevelCell | None:
    """Join the requirement checks of a level; limits without a level stand at design."""
    wanted = ("design", None) if level == "design" else (level,)
    chosen = [c for c in checks if c.kind is Kind.REQUIREMENT and c.level in wanted]
    return joined_cell(chosen) if chosen else None


def joined_cell(checks: Sequence[LevelCheck]) -> LevelCell:
    """Return one cell for checks of one name: all their limits, and the worst status."""
    return _joined(
        tuple(dict.fromkeys(words.limit(check) for check in checks)),
        tuple(_explain(check) for check in checks),
        worst(check.status for check in checks),
        corrected=any(check.correction for check in checks),
    )


@lru_cache(maxsize=8192)
def _joined(
    limits: Sequence[str], titles: Sequence[str], status: Status, *, corrected: bool
) -> LevelCell:
    """Return a cell that most bands and runs of a metric share."""
    return LevelCell(
        limit=" and ".join(limits), status=status, title="; ".join(titles), corrected=corrected
    )


def _explain(check: LevelCheck) -> str:
    return _source(check.specification, check.reference, check.correction, check.problem)


@lru_cache(maxsize=8192)
def _source(
    specification: str, reference: Reference, correction: str | None, problem: str | None
) -> str:
    source = ", ".join(reference.docs)
    place = reference.section or (reference.page and f"page {reference.page}")
    parts = [specification, ", ".join(part for part in (source, place) if part)]
    parts += [correction or "", problem or ""]
    return " · ".join(part for part in parts if part)
