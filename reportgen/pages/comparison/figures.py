"""Pictures of a comparison: all changes on one axis, and members of A against those of B."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from reportgen.model.comparison import Comparison, ComparisonRow, Members, Verdict
from reportgen.model.figures import (
    Annotation,
    DumbbellFigure,
    DumbbellRow,
    HistogramFigure,
    Sample,
    ScatterFigure,
)
from reportgen.model.numbers import format_number, format_quantity, format_unit
from reportgen.pages import words
from reportgen.pages.comparison import words as compare_words
from reportgen.pages.comparison.groups import Group

MOST_ROWS = 60
"""Changes in the picture of all changes."""

MOST_SPREADS = 6
"""Rows whose members are drawn."""


class Spread(NamedTuple):
    """The two pictures of the members of one row."""

    row: ComparisonRow
    scatter: ScatterFigure
    histogram: HistogramFigure


def overview_figure(comparison: Comparison) -> DumbbellFigure | None:
    """Return the relative changes of all rows, worst first; None where there are fewer than two."""
    rows = [row for row in comparison.rows if row.relative is not None]
    if len(rows) < 2:
        return None
    shown = sorted(rows, key=_by_size)[:MOST_ROWS]
    left_out = len(rows) - len(shown)
    note = f" The {len(shown)} with the clearest verdicts and largest changes of {len(rows)}."
    return DumbbellFigure(
        title=f"{comparison.b.run.dataset}: from {comparison.a.label} to {comparison.b.label}",
        axis="change in percent of A",
        rows=tuple(_dumbbell(row) for row in shown),
        before=comparison.a.label,
        after=comparison.b.label,
        tolerance=0.0,
        demonstration=comparison.demonstration,
        alt=_alt(comparison, rows),
        caption="Each metric's change relative to its value in A; of several members, the median of"
        " their changes." + (note if left_out else ""),
    )


def _by_size(row: ComparisonRow) -> tuple[bool, float]:
    clear = row.verdict in (Verdict.REGRESSED, Verdict.IMPROVED)
    return (not clear, -abs(row.relative or 0.0))


def _dumbbell(row: ComparisonRow) -> DumbbellRow:
    label = " ".join(part for part in (words.short(row.metric), row.band) if part)
    return DumbbellRow(
        label=label,
        before=0.0,
        after=100 * (row.relative or 0.0),
        verdict=row.verdict.value if row.verdict in _DRAWN else "",
        text=_ends(row) or f"change {compare_words.change(row)}",
        link=f"#{row.anchor}",
    )


def _ends(row: ComparisonRow) -> str:
    """Return the values in A and in B; empty where their difference is not the change.

    The median of the differences of members can differ from the difference of their medians,
    also in sign: two numbers beside a step that leads elsewhere would be taken for an error.
    """
    if row.a is None or row.b is None or row.change is None:
        return ""
    if abs(row.b - row.a - row.change) > _SAME * abs(row.change) + _ROUNDING * abs(row.a):
        return ""
    return f"{format_number(row.a)} → {format_quantity(row.b, row.unit)}"


_SAME = 0.25
"""As a part of the change: what a reader of a picture does not see."""
_ROUNDING = 1e-9
_DRAWN = (Verdict.REGRESSED, Verdict.IMPROVED)


def _alt(comparison: Comparison, rows: Sequence[ComparisonRow]) -> str:
    largest = max(rows, key=lambda row: abs(row.relative or 0.0))
    return (
        f"Relative changes of {len(rows)} values. {compare_words.changes(comparison)}"
        f" The largest: {words.name_bands([largest])}, {compare_words.relative(largest)}."
    )


def spread_figures(comparison: Comparison, groups: Sequence[Group]) -> Iterator[Spread]:
    """Yield the members of the first rows of the page that have several."""
    anchors = [row.anchor for group in groups for row in group.rows]
    by_anchor = {row.anchor: row for row in comparison.rows}
    several = [
        (row, row.pairs)
        for row in map(by_anchor.__getitem__, anchors)
        if row.pairs is not None and len(row.pairs.labels) > 2
    ]
    for row, pairs in several[:MOST_SPREADS]:
        yield Spread(row, _scatter(comparison, row, pairs), _histogram(comparison, row, pairs))


def _scatter(comparison: Comparison, row: ComparisonRow, pairs: Members) -> ScatterFigure:
    name = words.name_bands([row])
    worse = sum(b > a for a, b in zip(pairs.a, pairs.b, strict=True))
    return ScatterFigure(
        title=f"{name}: each member in A and in B",
        unit=format_unit(row.unit or ""),
        x_label=comparison.a.label,
        y_label=comparison.b.label,
        members=tuple(pairs.labels),
        x=tuple(pairs.a),
        y=tuple(pairs.b),
        demonstration=comparison.demonstration,
        alt=f"{name} of {len(pairs.labels)} members; {worse} are larger in {comparison.b.label}.",
        caption=f"{row.metric}: one point per member that has a value in both.",
    )


def _histogram(comparison: Comparison, row: ComparisonRow, pairs: Members) -> HistogramFigure:
    differences = tuple(b - a for a, b in zip(pairs.a, pairs.b, strict=True))
    change = row.change or 0.0
    interval = compare_words.interval(row)
    return HistogramFigure(
        title=f"{words.name_bands([row])}: differences B − A",
        unit=format_unit(row.unit or ""),
        x_label="difference",
        samples=(Sample(label="members", values=differences),),
        annotations=(
            Annotation(position=0.0, text="no change"),
            Annotation(position=change, text="median"),
        ),
        demonstration=comparison.demonstration,
        alt=f"Differences of {len(differences)} members, median {compare_words.change(row)}.",
        caption=f"Median {compare_words.change(row)}"
        + (f", 90 % interval {interval}." if interval else "."),
    )
