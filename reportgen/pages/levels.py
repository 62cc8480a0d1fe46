"""The limits of one row at design, minimum and stretch, and whether the row keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.model.report import LevelCheck
from reportgen.model.status import LEVELS, Kind, Status
from reportgen.pages import words


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelCell:
    """One limit in a row, and whether the row keeps it."""

    limit: str
    status: Status | None
    title: str
    corrected: bool


def level_cells(checks: Sequence[LevelCheck]) -> list[LevelCell | None]:
    """Return one cell per level, None where no requirement has one."""
    return [_cell(checks, level) for level in LEVELS]


def _cell(checks: Sequence[LevelCheck], level: str) -> LevelCell | None:
    """Join the requirement checks of a level; limits without a level stand at design."""
    wanted = ("design", None) if level == "design" else (level,)
    chosen = [c for c in checks if c.kind is Kind.REQUIREMENT and c.level in wanted]
    if not chosen:
        return None
    order = (Status.FAIL, Status.NOT_MEASURED, Status.PASS)
    worst = min(chosen, key=lambda check: order.index(check.status))
    return LevelCell(
        limit=" and ".join(dict.fromkeys(words.limit(check) for check in chosen)),
        status=worst.status,
        title="; ".join(_explain(check) for check in chosen),
        corrected=any(check.correction for check in chosen),
    )


def _explain(check: LevelCheck) -> str:
    source = ", ".join(check.reference.docs)
    place = check.reference.section or (check.reference.page and f"page {check.reference.page}")
    parts = [check.specification, ", ".join(part for part in (source, place) if part)]
    parts += [check.correction or "", check.problem or ""]
    return " · ".join(part for part in parts if part)
