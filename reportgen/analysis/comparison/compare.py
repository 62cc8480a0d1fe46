"""Comparison of two runs: one row per metric and band, each with a verdict and its basis."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from reportgen.analysis.comparison.baseline import Histories
from reportgen.analysis.comparison.pairs import PairedLine, pair_members
from reportgen.analysis.comparison.rows import Draft, Drafting, LineKey
from reportgen.analysis.comparison.verdicts import Lines, finish_rows
from reportgen.analysis.histories.trends import TrendRules
from reportgen.model.calibration_verdicts import CALIBRATION_PACKAGE
from reportgen.model.comparison import (
    Comparison,
    ComparisonRow,
    Members,
    Membership,
    Side,
    Unmeasured,
    Verdict,
)
from reportgen.model.dimensions import BANDS
from reportgen.model.report import RunReport

KEPT = 40
"""Rows that keep the values of their members, worst first: with thousands of tracts those of all
rows would fill the memory, and pages draw few."""

_ORDER = {verdict: position for position, verdict in enumerate(Verdict)}


def compare_runs(
    a: RunReport,
    b: RunReport,
    histories: Histories,
    rules: TrendRules,
    *,
    producer_a: str | None = None,
    producer_b: str | None = None,
) -> Comparison:
    """Compare B with A.

    Parameters
    ----------
    a, b
        Two runs, of one dataset or of two; or twice the same run, with two producers.
    histories
        All metrics over all runs: epochs, and what each series usually changes.
    rules
        Where metrics improve, and what change does not matter.
    producer_a, producer_b
        Compare what these producers measured with one another; without them each producer is
        compared with itself.
    """
    sides = Side(run=a.run, producer=producer_a), Side(run=b.run, producer=producer_b)
    across = producer_a is not None or producer_b is not None
    keys = ["metric", "band"] if across else ["metric", "band", "producer"]
    paired = pair_members(_chosen(a, producer_a), _chosen(b, producer_b), keys)
    lines = [(_line_key(one.key, producer_a, producer_b), one) for one in paired]
    drafting = Drafting(a=sides[0], b=sides[1], histories=histories, rules=rules)
    drafts = [draft for key, line in lines if (draft := drafting.draft(line, key))]
    drafts = _join_takeovers(drafts)
    rows = list(finish_rows(drafts, _by_key(a), _by_key(b), rules))
    lines_of = {row.anchor: draft.line for row, draft in zip(rows, drafts, strict=True)}
    return Comparison(
        a=sides[0],
        b=sides[1],
        rows=_with_members(sorted(rows, key=_worst_first), lines_of),
        unmeasured=[_unmeasured(key, line) for key, line in lines if _nowhere(line)],
        demonstration=a.demonstration or b.demonstration,
    )


def _with_members(
    rows: Sequence[ComparisonRow], lines: Mapping[str, PairedLine | None]
) -> list[ComparisonRow]:
    """Return the rows, the first of those with several members together with their members."""
    several = [row for row in rows if row.members.common > 1][:KEPT]
    members = {
        row.anchor: _members(line) for row in several if (line := lines[row.anchor]) is not None
    }
    return [
        replace(row, pairs=members[row.anchor]) if row.anchor in members else row for row in rows
    ]


def _members(line: PairedLine) -> Members:
    common = line.common
    return Members(labels=line.labels(common), a=line.a[common].tolist(), b=line.b[common].tolist())


def _chosen(report: RunReport, producer: str | None) -> pd.DataFrame:
    """Return the measurements of metrics, of one producer if one is asked for."""
    table = report.measurements
    keep = ~table["metric"].str.startswith(CALIBRATION_PACKAGE)
    return table[keep if producer is None else keep & (table["producer"] == producer)]


def _line_key(key: Sequence[str | None], producer_a: str | None, producer_b: str | None) -> LineKey:
    metric, band, *own = key
    return LineKey(
        metric=str(metric),
        band=band,
        producer_a=own[0] if own else producer_a,
        producer_b=own[0] if own else producer_b,
    )


def _by_key(report: RunReport) -> Lines:
    return {line.id: line for line in report.lines}


def _nowhere(line: PairedLine) -> bool:
    return not line.has_a and not line.has_b


def _unmeasured(key: LineKey, line: PairedLine) -> Unmeasured:
    return Unmeasured(
        metric=key.metric,
        band=key.band,
        producer=key.producer_b,
        reason=line.reasons[0] if line.reasons else "",
    )


def _join_takeovers(drafts: Sequence[Draft]) -> list[Draft]:
    """Make one row of a metric that one producer stopped measuring and another began with."""
    gone, come = defaultdict(list), defaultdict(list)
    for draft in drafts:
        place = (draft.key.metric, draft.key.band)
        if draft.fate is Verdict.REMOVED:
            gone[place].append(draft)
        elif draft.fate is Verdict.ADDED:
            come[place].append(draft)
    taken = {
        place: (gone[place][0], come[place][0])
        for place in gone
        if len(gone[place]) == len(come[place]) == 1
    }
    replaced = {id(draft) for pair in taken.values() for draft in pair}
    kept = [draft for draft in drafts if id(draft) not in replaced]
    return kept + [_takeover(before, after) for before, after in taken.values()]


def _takeover(before: Draft, after: Draft) -> Draft:
    old, new = before.key.producer_a or "not stated", after.key.producer_b or "not stated"
    same_unit = before.unit == after.unit
    return replace(
        after,
        key=replace(after.key, producer_a=before.key.producer_a),
        a=before.a if same_unit else None,
        members=Membership(common=0, total=before.members.total + after.members.total),
        fate=Verdict.NOT_COMPARABLE,
        reason=f"the producer changed from {old} to {new}",
    )


def _worst_first(row: ComparisonRow) -> tuple[bool, bool, int, float, str, int, str]:
    return (
        not row.newly_failing,
        not row.fixed,
        _ORDER[row.verdict],
        -abs(row.relative or 0.0),
        row.metric,
        BANDS.find(row.band) if row.band else -1,
        row.anchor,
    )
