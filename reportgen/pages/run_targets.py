"""Release targets of a run: a row for each metric and band, a column for each target."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reportgen.model.report import LevelCheck, Line
from reportgen.model.status import Kind, Status, worst
from reportgen.pages import words
from reportgen.pages.levels import LevelCell, joined_cell
from reportgen.pages.paths import metric_path


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRow:
    """One metric in one band against every target."""

    anchor: str
    line: str
    """Anchor of the same metric and band among the requirements: it may be a known issue."""
    metric: str
    path: str
    band: str
    producer: str
    value: float | None
    unit: str | None
    status: Status
    """Of the target that comes out worst."""
    reason: str | None
    cells: Sequence[LevelCell | None]
    """One for each target of the table, None where this metric has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetTable:
    """All targets of a run."""

    names: Sequence[str]
    rows: Sequence[TargetRow]


def target_table(lines: Sequence[Line]) -> TargetTable | None:
    """Return the table, worst rows first; None where nothing has a target."""
    found = [(line, checks) for line in lines if (checks := _by_name(line))]
    if not found:
        return None
    names = sorted({name for _, checks in found for name in checks}, key=_order)
    rows = [_row(line, checks, names) for line, checks in found]
    return TargetTable(names=names, rows=sorted(rows, key=lambda row: row.status.severity))


def _by_name(line: Line) -> Mapping[str, Sequence[LevelCheck]]:
    found: defaultdict[str, list[LevelCheck]] = defaultdict(list)
    for check in line.checks:
        if check.kind is Kind.RELEASE_TARGET:
            found[check.level or _tail(check)].append(check)
    return found


def _order(name: str) -> tuple[bool, str]:
    """Fiscal years in their order, what is due at the end of construction after them."""
    return not name.startswith("FY"), name


def _row(line: Line, checks: Mapping[str, Sequence[LevelCheck]], names: Sequence[str]) -> TargetRow:
    status = worst(check.status for group in checks.values() for check in group)
    return TargetRow(
        anchor=f"target-{line.anchor}",
        line=line.anchor,
        metric=words.short(line.metric),
        path=metric_path(line.metric),
        band=line.band or "",
        producer=line.producer or "",
        value=line.value,
        unit=line.unit,
        status=status,
        reason=line.main_reason if status is Status.NOT_MEASURED else None,
        cells=[_cell(line, checks.get(name, ())) for name in names],
    )


def _cell(line: Line, checks: Sequence[LevelCheck]) -> LevelCell | None:
    if not checks:
        return None
    return replace(joined_cell(checks), anchor=f"{line.anchor}-{_tail(checks[0])}")


def _tail(check: LevelCheck) -> str:
    return check.specification.rpartition(".")[2]
