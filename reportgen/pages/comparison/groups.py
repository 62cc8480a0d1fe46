"""The rows of a comparison in the groups in which its page shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reportgen.model.comparison import Basis, Comparison, ComparisonRow, Verdict
from reportgen.model.numbers import format_number, format_quantity
from reportgen.model.status import Status
from reportgen.pages import words
from reportgen.pages.comparison import words as compare_words
from reportgen.pages.paths import metric_path

MOST_FOLDED = 300
"""Rows of a folded group that the page lists; its CSV and JSON have all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One row of the tables."""

    anchor: str
    metric: str
    name: str
    """Fully qualified."""
    path: str
    band: str
    producer: str
    verdict: Verdict
    reason: str
    note: str
    """The reason, where the other columns do not say it."""
    a: str
    """With its unit where B has no value."""
    b: str
    """With its unit."""
    change: str
    against: str
    """Where the medians in A and B lead elsewhere."""
    relative: str
    relative_value: float | None
    basis: str
    members: str
    moved: str
    interval: str
    test: str
    threshold: str
    status_a: Status | None
    status_b: Status | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows that belong together."""

    anchor: str
    title: str
    explanation: str
    rows: Sequence[RowView]
    count: int
    folded: bool

    @property
    def more(self) -> int:
        """How many rows are not listed on the page."""
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    anchor: str
    title: str
    explanation: str
    folded: bool = False


_NEWLY_FAILING = _Kind(
    anchor="newly-failing",
    title="Newly failing",
    explanation="They fail a requirement at level design that A did not fail.",
)
_FIXED = _Kind(
    anchor="fixed",
    title="Fixed",
    explanation="They pass a requirement at level design that A failed.",
)
_VERDICTS = {
    Verdict.REGRESSED: _Kind(
        anchor="regressed",
        title="Regressed",
        explanation="Worse by more than the noise and the tolerance.",
    ),
    Verdict.IMPROVED: _Kind(
        anchor="improved",
        title="Improved",
        explanation="Better by more than the noise and the tolerance.",
    ),
    Verdict.REMOVED: _Kind(
        anchor="removed", title="Removed", explanation="A has a value, B has none."
    ),
    Verdict.ADDED: _Kind(
        anchor="added", title="Added", explanation="B has a value, A has none.", folded=True
    ),
    Verdict.NOT_COMPARABLE: _Kind(
        anchor="not-comparable",
        title="Not comparable",
        explanation="Definition, unit or producer changed, or no member is common.",
        folded=True,
    ),
    Verdict.INCONCLUSIVE: _Kind(
        anchor="inconclusive",
        title="Inconclusive",
        explanation="Too little is known to tell a change from noise, or better from worse.",
        folded=True,
    ),
    Verdict.NEGLIGIBLE: _Kind(
        anchor="negligible",
        title="Negligible",
        explanation="A real change, but inside the tolerance.",
        folded=True,
    ),
    Verdict.UNCHANGED: _Kind(
        anchor="unchanged",
        title="Unchanged",
        explanation="Shown to be inside the tolerance, or inside what the series usually changes.",
        folded=True,
    ),
}


def make_groups(comparison: Comparison) -> list[Group]:
    """Return the groups that have rows; each row is in one.

    What newly fails or is fixed stands first whatever its verdict; what needs no look is folded.
    """
    return list(_groups(comparison))


def _groups(comparison: Comparison) -> Iterator[Group]:
    leading = {id(row) for row in (*comparison.newly_failing, *comparison.fixed)}
    failing = replace(_NEWLY_FAILING, title=compare_words.newly_failing(comparison))
    fixed = replace(_FIXED, title=compare_words.fixed(comparison))
    yield from _group(failing, comparison.newly_failing)
    yield from _group(fixed, comparison.fixed)
    for verdict, kind in _VERDICTS.items():
        yield from _group(kind, [r for r in comparison.of(verdict) if id(r) not in leading])


def _group(kind: _Kind, rows: Sequence[ComparisonRow]) -> Iterator[Group]:
    if rows:
        listed = rows[:MOST_FOLDED] if kind.folded else rows
        yield Group(
            anchor=kind.anchor,
            title=kind.title,
            explanation=kind.explanation,
            rows=[_row(row) for row in listed],
            count=len(rows),
            folded=kind.folded,
        )


def _row(row: ComparisonRow) -> RowView:
    return RowView(
        anchor=row.anchor,
        metric=words.short(row.metric),
        name=row.metric,
        path=metric_path(row.metric),
        band=row.band or "",
        producer=compare_words.producers(row),
        verdict=row.verdict,
        reason=row.reason,
        note="" if _is_plain(row) else row.reason,
        a=_before(row),
        b="" if row.b is None else format_quantity(row.b, row.unit),
        change=compare_words.change(row),
        against=compare_words.against(row),
        relative=compare_words.relative(row),
        relative_value=row.relative,
        basis=compare_words.BASES[row.basis] if row.change is not None else "",
        members=compare_words.members(row),
        moved=compare_words.moved(row),
        interval=compare_words.interval(row),
        test=compare_words.test(row),
        threshold=_threshold(row),
        status_a=row.status_a,
        status_b=row.status_b,
    )


def _before(row: ComparisonRow) -> str:
    if row.a is None:
        return ""
    return format_quantity(row.a, row.unit) if row.b is None else format_number(row.a)


def _threshold(row: ComparisonRow) -> str:
    if row.threshold is None:
        return ""
    kind = "tolerance" if row.basis is Basis.PAIRED else "usual up to"
    return f"{kind} {format_quantity(row.threshold, row.unit)}"


def _is_plain(row: ComparisonRow) -> bool:
    """Tell whether basis, threshold and test say all of why a row has its verdict."""
    unclear = row.verdict is Verdict.INCONCLUSIVE and row.basis is not Basis.PAIRED
    return row.change is not None and not unclear
