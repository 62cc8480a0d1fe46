"""Sentences about the members of a metric: how many, which fail, which is worst."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from reportgen.model.members import MemberTable, MetricInRun
from reportgen.model.numbers import format_number, format_quantity, plural
from reportgen.model.report import Line
from reportgen.model.status import Kind, Status
from reportgen.pages import words


def sentence(metric: MetricInRun) -> str:
    """Say how a metric does in a run: what fails, what is worst, what is missing."""
    measured = sum(len(table.measured) for table in metric.tables)
    total = sum(len(table.members) for table in metric.tables)
    if not measured:
        return f"None of {plural(total, 'value')} was measured. {_reasons(metric.tables)}"
    judged = [table for table in metric.tables if len(table.judged)]
    parts = [_judged(judged, measured)] if judged else [_spread(metric.tables)]
    if measured < total:
        missing = _reasons(metric.tables)
        parts.append(f"{measured} of {plural(total, 'value')} measured. {missing}")
    return " ".join(parts)


def _judged(tables: Sequence[MemberTable], measured: int) -> str:
    """Say how many of the measured values fail which limits, and name the worst."""
    total = sum(len(table.judged) for table in tables)
    failing = sum(_failing(table) for table in tables)
    limits = dict.fromkeys(limit_words(table) for table in tables)
    named = words.join(list(limits)[:2]) if len(limits) <= 2 else "their limits"
    worst = min(tables, key=_severity)
    closest = member_words(worst.judged.iloc[0], worst.line, band=True)
    if total == measured == 1:
        return f"{closest}: {'fails' if failing else 'keeps'} {named}."
    if total == measured:
        if not failing:
            return f"All {total} values keep {named}; nearest to it {closest}."
        return (
            f"{failing} of {total} values {words.verb(failing, 'fail')} {named}; worst {closest}."
        )
    free = _free(measured - total)
    noun = "judged value" if total == 1 else "judged values"
    if not failing:
        verb = words.verb(total, "keep")
        return f"{total} of {total} {noun} {verb} {named}; nearest to it {closest}. {free}."
    verb = words.verb(failing, "fail")
    return f"{failing} of {total} {noun} {verb} {named}; worst {closest}. {free}."


def _free(n: int) -> str:
    """Say how many values no limit judges: there is none for them, or its unit is another."""
    return f"{plural(n, 'value')} {'has' if n == 1 else 'have'} no limit to be judged by"


def _severity(table: MemberTable) -> tuple[bool, float]:
    """Return a sort key: the table whose worst member is furthest outside its limit first."""
    first = table.judged.iloc[0]
    size = max((abs(check.threshold) for check in table.limits), default=0.0) or 1.0
    return (first["status"] != Status.FAIL.value, float(first["inside"]) / size)


def _spread(tables: Sequence[MemberTable]) -> str:
    """Say where the values lie where no limit applies."""
    parts = []
    for table in tables[:6]:
        line = table.line
        if line.value is not None:
            where = f"{line.band}: " if line.band else ""
            parts.append(f"{where}{aggregate(line)}")
    unit = (
        "" if any(table.line.unit is not None for table in tables) else " The unit is not stated."
    )
    return f"No limit applies. {'; '.join(parts)}.{unit}" if parts else "No limit applies."


def aggregate(line: Line) -> str:
    """State the median of a line with its range, or its one value."""
    if line.value is None:
        return "no value"
    value = format_quantity(line.value, line.unit or "")
    if line.measured == 1 or line.low is None or line.high is None:
        return value
    return f"median {value}, from {format_number(line.low)} to {format_number(line.high)}"


def limit_words(table: MemberTable) -> str:
    """Name the limits by which a table is sorted: ``design ≤ 5 mmag``; what kind they are once."""
    found: dict[Kind, dict[str, None]] = {}
    for check in table.limits:
        level = check.level or ("the requirement" if check.kind is Kind.REQUIREMENT else "")
        text = " ".join(part for part in (level, words.limit(check)) if part)
        found.setdefault(check.kind, {})[text] = None
    parts = []
    for kind, (first, *others) in found.items():
        several = "s" if others else ""
        named = "" if kind is Kind.REQUIREMENT else f"{words.KINDS[kind]}{several} "
        parts += [f"{named}{first}", *others]
    return words.join(parts)


def member_words(member: pd.Series, line: Line, *, band: bool = False) -> str:
    """Name a member with its value: ``tract 9615 in g, 12.3 mas``."""
    place = " in ".join(p for p in (member["label"], line.band if band else "") if p)
    value = format_quantity(float(member["value"]), line.unit or "")
    return f"{place}, {value}" if place else value


def section_sentence(table: MemberTable) -> str:
    """Say of one band: the median, n of N, what fails, the worst, what is missing."""
    line = table.line
    if not line.measured:
        return f"Not measured: {reasons(line)}."
    start = aggregate(line)
    if line.members > 1:
        start += f"; {line.measured} of {line.members} values measured"
    parts = [start[0].upper() + start[1:] + "."]
    if table.limits:
        failing = _failing(table)
        named = [
            member_words(row, line) for _, row in table.measured.head(min(failing, 3)).iterrows()
        ]
        verb = words.verb(failing, "fail")
        parts.append(
            f"{failing} {verb} {limit_words(table)}: {'; '.join(named)}"
            + (f"; and {failing - 3} more." if failing > 3 else ".")
            if failing
            else _all_keep(table)
        )
        if failing and (free := len(table.measured) - len(table.judged)):
            parts.append(f"{_free(free)}.")
    if line.reasons:
        parts.append(f"Not measured: {reasons(line)}.")
    return " ".join(parts)


def _all_keep(table: MemberTable) -> str:
    """Say of one band where nothing fails what keeps the limit, and what it does not judge."""
    judged, measured = len(table.judged), len(table.measured)
    if judged == measured:
        return f"All keep {limit_words(table)}."
    if not judged:
        return f"{_free(measured)}."
    keep = f"{judged} of {judged} judged {'keeps' if judged == 1 else 'keep'}"
    return f"{keep} {limit_words(table)}; {_free(measured - judged)}."


def reasons(line: Line) -> str:
    """Count why values are missing: ``2072 null, 3 NaN``."""
    return ", ".join(f"{n} {_REASONS.get(name, name)}" for name, n in line.reasons.items())


_REASONS = {"nan": "NaN", "zero_for_null": "zero for null"}


def _reasons(tables: Sequence[MemberTable]) -> str:
    found: dict[str, int] = {}
    for table in tables:
        for name, n in table.line.reasons.items():
            found[name] = found.get(name, 0) + n
    text = ", ".join(f"{n} {_REASONS.get(name, name)}" for name, n in found.items())
    return f"Missing: {text}." if text else ""


def _failing(table: MemberTable) -> int:
    return int((table.members["status"] == Status.FAIL.value).sum())
