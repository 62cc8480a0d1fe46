"""Rows of the run page: one per metric, band and producer, joined over the members."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from reportgen.analysis.judging.counts import headline_checks
from reportgen.analysis.judging.labels import member_labels
from reportgen.analysis.judging.one_unit import in_one_unit
from reportgen.analysis.judging.repeats import find_repeats
from reportgen.model.report import LevelCheck, Line, is_headline
from reportgen.model.status import LEVELS, Kind, Status

_GROUP = ["metric", "band", "producer"]
NAMED = 3
"""Failing members that a row names."""

_KINDS = list(Kind)
_KIND = {kind.value: kind for kind in Kind}
_STATUS = {status.value: status for status in Status}


def make_lines(
    measurements: pd.DataFrame, checks: pd.DataFrame, origins: Mapping[str, str]
) -> list[Line]:
    """Return the rows of a run's table, worst first; ``origins``: the file of each job.

    The value of a row is the median over its members, its status that of the worst member.
    """
    if measurements.empty:
        return []
    group = measurements.groupby(_GROUP, dropna=False, sort=False).ngroup()
    measurements = in_one_unit(measurements, group)
    judged = _judge(checks.assign(group=group.loc[checks["row"]].to_numpy()), measurements)
    free = _count_unjudged(measurements, checks, group)
    repeats = find_repeats(measurements, group, origins)
    anchors: defaultdict[str, int] = defaultdict(int)
    lines = [
        _line(row, judged.get(number, ()), anchors, free.get(number, 0))
        for number, row in enumerate(_aggregate(measurements, group, repeats))
    ]
    return sorted(lines, key=_worst_first)


def _count_unjudged(
    measurements: pd.DataFrame, checks: pd.DataFrame, group: pd.Series
) -> dict[int, int]:
    """Return how many values of each group no headline check is about."""
    judged = measurements.index.isin(headline_checks(checks)["row"])
    free = group[measurements["value"].notna() & ~judged]
    return {int(number): int(n) for number, n in free.value_counts().items()}


def _aggregate(
    measurements: pd.DataFrame, group: pd.Series, repeats: Mapping[int, Sequence[str]]
) -> Iterator[dict[str, Any]]:
    """Yield what the members of each group have in common, by number of group."""
    extras = measurements["blobs"].notna() | measurements["notes"].notna()
    grouped = measurements.assign(number=group, extras=extras).groupby("number", sort=True)
    joined = grouped.agg(
        metric=("metric", "first"),
        band=("band", "first"),
        producer=("producer", "first"),
        unit=("unit", "first"),
        value=("value", "median"),
        low=("value", "min"),
        high=("value", "max"),
        measured=("value", "count"),
        members=("value", "size"),
        extras=("extras", "any"),
    )
    missing = measurements[measurements["reason"].notna()]
    reasons: defaultdict[int, dict[str, int]] = defaultdict(dict)
    counted = missing.groupby([group.loc[missing.index], "reason"]).size()
    for (number, reason), n in counted.items():
        reasons[number][reason] = n
    ends = _ends(measurements, group)
    for number, row in zip(joined.index, joined.to_dict("records"), strict=True):
        yield {key: _plain(value) for key, value in row.items()} | {
            "reasons": reasons.get(number, {}),
            "repeats": repeats.get(number, ()),
            "low_member": ends[0].get(number) or None,
            "high_member": ends[1].get(number) or None,
        }


def _ends(measurements: pd.DataFrame, group: pd.Series) -> tuple[dict[int, str], dict[int, str]]:
    """Return which members have the smallest and the largest value of each group."""
    order = measurements["value"].dropna().sort_values(kind="stable").index
    numbers = group.loc[order]
    chosen = [numbers[~numbers.duplicated(keep=keep)] for keep in ("first", "last")]
    low, high = (
        dict(zip(one.tolist(), _labels(measurements.loc[one.index]).values(), strict=True))
        for one in chosen
    )
    return low, high


class _Judged(NamedTuple):
    """One specification over a group: the member that speaks for it, and some that fail."""

    check: LevelCheck
    worst: str
    failing: Sequence[str]


def _judge(checks: pd.DataFrame, measurements: pd.DataFrame) -> Mapping[int, Sequence[_Judged]]:
    """Join the checks of each group and specification; the worst member speaks for it."""
    if checks.empty:
        return {}
    order = _failing_first(checks)
    keys = ["group", "specification"]
    totals = order.groupby(keys, sort=False)[["failed", "judged"]].sum()
    worst = order.drop_duplicates(keys).drop(columns=["failed", "judged"])
    worst = worst.join(totals, on=keys).sort_values(keys, kind="stable")
    judged: defaultdict[int, list[Any]] = defaultdict(list)
    for row in worst.itertuples(index=False):
        judged[row.group].append((_level_check(row), row.row))
    failing = order[order["failed"]].groupby(keys, sort=False)["row"].head(NAMED)
    shown = sorted({*failing, *(row for found in judged.values() for _, row in found)})
    labels = _labels(measurements.loc[shown])
    named: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for row in order.loc[failing.index].itertuples(index=False):
        named[row.group, row.specification].append(labels[row.row])
    return {
        number: [
            _Judged(
                check=check,
                worst=labels[row],
                failing=named.get((number, check.specification), ()),
            )
            for check, row in sorted(found, key=_check_order)
        ]
        for number, found in judged.items()
    }


def _failing_first(checks: pd.DataFrame) -> pd.DataFrame:
    """Sort checks by how far their values lie in the direction that fails, failed ones first."""
    operators = checks["operator"].to_numpy()
    value = checks["value"].to_numpy(dtype=float)
    distance = np.where(np.isin(operators, (">=", ">")), -value, value)
    distance = np.where(operators == "==", np.abs(value - checks["threshold"]), distance)
    return checks.assign(
        distance=np.nan_to_num(distance, nan=-np.inf),
        failed=checks["status"] == Status.FAIL.value,
        judged=~np.isnan(value),
    ).sort_values(["failed", "distance"], ascending=False, kind="stable")


def _labels(measurements: pd.DataFrame) -> dict[int, str]:
    labels = member_labels(measurements)
    return dict(zip(labels.index.tolist(), labels.to_numpy(dtype=object).tolist(), strict=True))


def _level_check(row: Any) -> LevelCheck:
    value = _plain(row.value)
    return LevelCheck(
        specification=row.specification,
        kind=_KIND[row.kind],
        level=_plain(row.level),
        operator=row.operator,
        threshold=row.threshold,
        unit=row.unit,
        value=value,
        status=_STATUS[row.status],
        failed=int(row.failed),
        judged=int(row.judged),
        margin=margin(row.operator, row.threshold, value),
        reference=row.reference,
        correction=_plain(row.correction),
        problem=_plain(row.problem),
    )


def margin(operator: str, threshold: float, value: float | None) -> float | None:
    """Return how far a value is inside its limit, as a fraction of the threshold.

    Negative outside; None where there is no value, no direction, or the threshold is zero.
    """
    if value is None or not threshold or operator in ("==", "!="):
        return None
    inside = threshold - value if operator in ("<=", "<") else value - threshold
    return inside / abs(threshold)


def _line(
    row: dict[str, Any],
    judged: Sequence[_Judged],
    anchors: defaultdict[str, int],
    unjudged: int,
) -> Line:
    headline = [one for one in judged if is_headline(one.check.kind, one.check.level)]
    worst = min(headline, key=lambda one: one.check.status.severity, default=None)
    several = worst is not None and row["members"] > 1
    return Line(
        **row,
        anchor=_anchor(row, anchors),
        checks=[one.check for one in judged],
        status=worst.check.status if worst else None,
        worst_member=(worst.worst or None) if worst and several else None,
        failing_members=[name for name in worst.failing if name] if worst and several else (),
        unjudged=unjudged if worst else 0,
    )


def _anchor(row: dict[str, Any], used: defaultdict[str, int]) -> str:
    """Return a stable id: ``PA1-g``, with the package or the producer where that is taken."""
    name = row["metric"].partition(".")[2] or row["metric"]
    parts = [part for part in (name, row["band"]) if part]
    for candidate in (parts, [row["metric"], *parts[1:]], [*parts, row["producer"] or "other"]):
        anchor = "-".join(map(_safe, candidate))
        if anchor not in used:
            break
    used[anchor] += 1
    return anchor if used[anchor] == 1 else f"{anchor}-{used[anchor]}"


@lru_cache(maxsize=8192)
def _safe(part: str) -> str:
    return "".join(c if c.isalnum() or c in "._-" else "-" for c in part)


def _check_order(pair: tuple[LevelCheck, Any]) -> tuple[int, int, str]:
    check = pair[0]
    level = LEVELS.index(check.level) if check.level in LEVELS else len(LEVELS)
    return (_KINDS.index(check.kind), level, check.specification)


def _worst_first(line: Line) -> tuple[int, bool, float, str, str]:
    headline = line.headline
    inside = headline.margin if headline and headline.margin is not None else 0.0
    # What nothing judges stands just before what passes.
    severity = (line.status or Status.PASS).severity
    return (severity, line.status is not None, inside, line.metric, line.band or "")


def _plain(value: Any) -> Any:
    """Return None for the missing values of pandas, everything else as it is."""
    return None if value is None or value is pd.NA or value != value else value  # noqa: PLR0124
