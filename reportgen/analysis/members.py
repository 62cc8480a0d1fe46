"""The members of each metric in a run: tracts, patches, visits, detectors, worst first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from reportgen.analysis.judging.labels import member_labels
from reportgen.analysis.judging.one_unit import in_one_unit
from reportgen.analysis.judging.units import conversion_factor, converts
from reportgen.model.anchors import unique_anchors
from reportgen.model.dimensions import band_order
from reportgen.model.figures import Limit
from reportgen.model.members import MemberTable, MetricInRun
from reportgen.model.report import LevelCheck, Line, RunReport, is_headline
from reportgen.model.status import LEVELS, SEVERITIES, Kind, Status

_KEYS = ["metric", "band", "producer"]
_UNSAFE = r"[^A-Za-z0-9._~-]+"


def find_members(report: RunReport) -> Iterator[MetricInRun]:
    """Yield the metrics of a run that have more to show than one number, by name."""
    by_metric: defaultdict[str, list[Line]] = defaultdict(list)
    for line in report.lines:
        by_metric[line.metric].append(line)
    wanted = {name: found for name, found in by_metric.items() if any(x.detailed for x in found)}
    table = report.measurements
    table = table[table["metric"].isin(wanted)]
    if table.empty:
        return
    table = table.assign(label=member_labels(table))
    grouped = table.groupby(_KEYS, dropna=False, sort=False)
    table = in_one_unit(table.assign(number=grouped.ngroup()), grouped.ngroup())
    groups = {_key(key): found for key, found in table.groupby(_KEYS, dropna=False, sort=False)}
    judged = _judge(report)
    number = table["number"].reindex(judged["row"]).to_numpy()
    judged_of = dict(iter(judged.groupby(number, sort=False)))
    for name in sorted(wanted):
        lines = sorted(wanted[name], key=_by_band)
        tables = [groups[line.id] for line in lines]
        tables = _anchored(lines, tables)
        found = [
            _member_table(line, table, judged_of.get(table["number"].iloc[0], judged.iloc[:0]))
            for line, table in zip(lines, tables, strict=True)
        ]
        yield MetricInRun(report=report, metric=name, tables=found)


def _by_band(line: Line) -> tuple[tuple[int, str], str]:
    return band_order(line.band or ""), line.producer or ""


def _key(key: Sequence[object]) -> tuple[object, ...]:
    return tuple(None if pd.isna(part) else part for part in key)


def _anchored(lines: Sequence[Line], tables: Sequence[pd.DataFrame]) -> list[pd.DataFrame]:
    """Give each row of a page its id, in stored order, so that it stays whatever its value is."""
    wanted = [
        line.anchor + "-" + table["label"].str.replace(_UNSAFE, "-", regex=True)
        for line, table in zip(lines, tables, strict=True)
    ]
    heads = [line.anchor for line in lines]
    unique = unique_anchors([*heads, *(one.rstrip("-") or "row" for w in wanted for one in w)])
    names = iter(unique[len(heads) :])
    return [table.assign(anchor=[next(names) for _ in range(len(table))]) for table in tables]


def _judge(report: RunReport) -> pd.DataFrame:
    """Return the checks with how far each value is inside its limit, in the limit's unit."""
    checks = report.checks
    operators = checks["operator"].to_numpy()
    value = checks["value"].to_numpy(dtype=float)
    threshold = checks["threshold"].to_numpy(dtype=float)
    inside = np.where(np.isin(operators, (">=", ">")), value - threshold, threshold - value)
    inside = np.where(operators == "==", -np.abs(value - threshold), inside)
    inside = np.where(operators == "!=", np.abs(value - threshold), inside)
    rank = checks["status"].map(SEVERITIES).to_numpy(dtype=float)
    return pd.DataFrame(
        {
            "row": checks["row"].to_numpy(),
            "specification": checks["specification"].to_numpy(),
            "inside": inside,
            "rank": rank,
        }
    )


def deciding(checks: Sequence[LevelCheck]) -> list[LevelCheck]:
    """Return the limits that decide which member is worst.

    Requirements at level design; without them those of the next level that has any; without
    requirements release targets, then watch ranges.
    """
    headline = [check for check in checks if is_headline(check.kind, check.level)]
    if headline:
        return headline
    for level in LEVELS:
        found = [c for c in checks if c.kind is Kind.REQUIREMENT and c.level == level]
        if found:
            return found
    for kind in Kind:
        found = [check for check in checks if check.kind is kind]
        if found:
            return found
    return []


def _member_table(line: Line, table: pd.DataFrame, judged: pd.DataFrame) -> MemberTable:
    limits = deciding(line.checks)
    names = {check.specification for check in limits}
    own = judged[judged["specification"].isin(names)]
    worst = own.groupby("row").agg(rank=("rank", "min"), inside=("inside", "min"))
    words: Mapping[float, str] = {rank: status for status, rank in SEVERITIES.items()}
    rank = table.index.map(worst["rank"]) if len(worst) else np.full(len(table), np.nan)
    inside = table.index.map(worst["inside"]) if len(worst) else np.full(len(table), np.nan)
    status = pd.Series(rank, index=table.index).map(words).astype(object)
    members = table.assign(
        status=status.where(status.notna(), None),
        inside=np.asarray(inside, dtype=float),
    )
    return MemberTable(
        line=line, limits=limits, drawn=list(_drawn(line)), members=_worst_first(members)
    )


def _drawn(line: Line) -> Iterator[Limit]:
    """Yield the limits of a line in the unit of its values, those that convert to it."""
    for check in line.checks:
        if converts(check.unit, line.unit):
            yield Limit(
                label=check.level or check.specification.rpartition(".")[2],
                value=check.threshold / conversion_factor(line.unit, check.unit),
                operator=check.operator,
                kind=check.kind.value,
            )


def _worst_first(members: pd.DataFrame) -> pd.DataFrame:
    """Sort: what fails by how far, then what comes nearest to its limit; then what has none.

    Without a limit, what is furthest from the median comes first. The missing are last.
    """
    value = members["value"].astype(float)
    away = -(value - value.median()).abs()
    order = pd.DataFrame(
        {
            "missing": value.isna(),
            "fails": members["status"] != Status.FAIL.value,
            "free": members["status"].isna(),
            "inside": members["inside"].where(members["inside"].notna(), away),
        },
        index=members.index,
    )
    place = order.sort_values(["missing", "fails", "free", "inside"], kind="stable").index
    return members.loc[place]
