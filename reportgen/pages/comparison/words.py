"""Sentences about comparisons: what got better or worse, and what it has in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from reportgen.model.comparison import Basis, Comparison, ComparisonRow, Verdict
from reportgen.model.dimensions import BANDS
from reportgen.model.numbers import format_change, format_number, format_relative
from reportgen.pages import words

VERDICTS = {
    Verdict.REGRESSED: "regressed",
    Verdict.IMPROVED: "improved",
    Verdict.REMOVED: "removed",
    Verdict.ADDED: "added",
    Verdict.NOT_COMPARABLE: "not comparable",
    Verdict.INCONCLUSIVE: "inconclusive",
    Verdict.NEGLIGIBLE: "negligible",
    Verdict.UNCHANGED: "unchanged",
}

BASES = {
    Basis.PAIRED: "paired members",
    Basis.HISTORY: "past changes",
    Basis.TOO_FEW: "too few to tell",
}

MOST_NAMED = 3
"""Values that are named of what rows share; more are not worth a sentence."""


def sentence(comparison: Comparison) -> str:
    """Say in short what became of everything from A to B."""
    rows = comparison.rows
    if not rows:
        return "The two have no measured metric in common."
    return " ".join([*crossings(comparison), changes(comparison)])


def crossings(comparison: Comparison) -> Iterator[str]:
    """Yield a sentence on what newly fails and one on what is fixed."""
    if failing := comparison.newly_failing:
        yield f"{newly_failing(comparison)}: {words.name_bands(failing)}."
    if mended := comparison.fixed:
        yield f"{fixed(comparison)}: {words.name_bands(mended)}."


def newly_failing(comparison: Comparison) -> str:
    """Name what fails in B and did not in A."""
    by = comparison.b.producer
    return f"Failing by {by} only" if comparison.of_producers and by else "Newly failing"


def fixed(comparison: Comparison) -> str:
    """Name what failed in A and does not in B."""
    by = comparison.a.producer
    return f"Failing by {by} only" if comparison.of_producers and by else "Fixed"


def changes(comparison: Comparison) -> str:
    """Count the verdicts: for example *3 regressed: all in y. 19 unchanged*."""
    counts = comparison.counts
    parts = []
    for verdict in (Verdict.REGRESSED, Verdict.IMPROVED):
        found = comparison.of(verdict)
        if found:
            common = shared(found, comparison.rows) or words.name_bands(found, most=3)
            parts.append(f"{len(found)} {VERDICTS[verdict]}: {common}.")
    if not parts:
        judged = sum(counts[v] for v in (Verdict.UNCHANGED, Verdict.NEGLIGIBLE))
        known = "Nothing got better or worse beyond the noise."
        unknown = "Nothing can be called better or worse with confidence."
        parts.append(known if judged > counts[Verdict.INCONCLUSIVE] else unknown)
    rest = [
        f"{counts[verdict]} {VERDICTS[verdict]}{_why(comparison) if verdict in _UNKNOWN else ''}"
        for verdict in reversed(Verdict)
        if verdict not in (Verdict.REGRESSED, Verdict.IMPROVED) and counts[verdict]
    ]
    if rest:
        parts.append(f"{', '.join(rest)}.")
    return " ".join(parts)


_UNKNOWN = (Verdict.INCONCLUSIVE,)


def _why(comparison: Comparison) -> str:
    """Say how many rows are inconclusive because the runs before them are too few."""
    rows = comparison.of(Verdict.INCONCLUSIVE)
    young = sum(row.basis is Basis.TOO_FEW for row in rows)
    if not young:
        return ""
    return f" ({'' if young == len(rows) else f'{young} '}for want of past runs)"


def shared(rows: Sequence[ComparisonRow], among: Sequence[ComparisonRow]) -> str:
    """Say what some rows have in common that not all rows have: ``all in u and y``.

    Empty where nothing is special, and for a single row, whose name says everything.
    """
    found = []
    for say, value in _PROPERTIES:
        here = _values(rows, value)
        special = len(here) < len(rows) and len(here) < len(_values(among, value))
        if special and len(here) <= MOST_NAMED and "" not in here:
            found.append(say(here))
    member = _worst_member(rows) if len(rows) > 1 else ""
    if member:
        found.append(f"most of all in {member}")
    return ", ".join(found)


def _values(rows: Iterable[ComparisonRow], value: Callable[[ComparisonRow], str]) -> list[str]:
    found = {value(row) for row in rows}
    return sorted(found, key=lambda text: (BANDS.find(text) if text in BANDS else -1, text))


_PROPERTIES: tuple[tuple[Callable[[list[str]], str], Callable[[ComparisonRow], str]], ...] = (
    (lambda names: f"all in {words.join(names)}", lambda row: row.band or ""),
    (lambda names: f"all of {words.join(names)}", lambda row: row.metric.partition(".")[0]),
    (lambda names: f"all {words.join(names)}", lambda row: words.short(row.metric)),
    (lambda names: f"all by {words.join(names)}", lambda row: row.producer or ""),
)


def _worst_member(rows: Sequence[ComparisonRow]) -> str:
    """Return the member that changed most in every row, where all rows have members."""
    worst = set()
    for row in rows:
        if row.pairs is None or len(row.pairs.labels) < 2:
            return ""
        pairs = zip(row.pairs.a, row.pairs.b, row.pairs.labels, strict=True)
        sign = 1 if (row.change or 0) >= 0 else -1
        worst.add(max(pairs, key=lambda one: sign * (one[1] - one[0]))[2])
    return worst.pop() if len(worst) == 1 else ""


def change(row: ComparisonRow) -> str:
    """Return the change with its sign and unit: ``+0.8 mmag``."""
    return "" if row.change is None else format_change(row.change, row.unit)


def against(row: ComparisonRow) -> str:
    """Say where the medians in A and B lead elsewhere than the change; else empty."""
    if not row.medians_disagree:
        return ""
    rising = (row.change or 0) > 0
    most, median = ("rise", "falls") if rising else ("fall", "rises")
    return f"most members {most}, though their median {median}"


def relative(row: ComparisonRow) -> str:
    """Return the relative change with its sign: ``+15 %``."""
    return "" if row.relative is None else format_relative(row.relative)


def interval(row: ComparisonRow) -> str:
    """Return the 90 % interval of the change: ``−0.1 to 0.3``; an open end in words."""
    if row.basis is not Basis.PAIRED:
        return ""
    low = "below" if row.ci_low is None else format_number(row.ci_low)
    high = "above" if row.ci_high is None else format_number(row.ci_high)
    return f"{low} to {high}"


def members(row: ComparisonRow) -> str:
    """Return how many members took part, and how many joined or left."""
    found = row.members
    parts = [f"{found.common} of {found.total}"] if found.total > 1 else []
    parts += [f"{found.joined} joined"] if found.joined and found.common else []
    parts += [f"{found.left} left"] if found.left and found.common else []
    return ", ".join(parts)


def moved(row: ComparisonRow) -> str:
    """Name the members that joined or left, a few of each."""
    found = row.members
    parts = []
    for verb, n, examples in (
        ("joined", found.joined, found.joined_examples),
        ("left", found.left, found.left_examples),
    ):
        if n and any(examples):
            more = f" and {n - len(examples)} more" if n > len(examples) else ""
            parts.append(f"{verb}: {', '.join(examples)}{more}")
    return "; ".join(parts)


def producers(row: ComparisonRow) -> str:
    """Return who measured it, on both sides where that differs."""
    names = dict.fromkeys((row.producer or "", row.producer_b or ""))
    return (
        " → ".join(name or "not stated" for name in names) if len(names) > 1 else next(iter(names))
    )


def probability(value: float | None) -> str:
    """Return a p- or q-value to two digits."""
    if value is None:
        return ""
    return "< 0.0001" if value < 1e-4 else f"{value:.2g}"


def test(row: ComparisonRow) -> str:
    """Return p and q of a row that was tested: ``p = 0.012, q = 0.04``."""
    found = (("p", row.p_value), ("q", row.q_value))
    return ", ".join(f"{name} {_equals(value)}" for name, value in found if value is not None)


def _equals(value: float) -> str:
    shown = probability(value)
    return shown if shown.startswith("<") else f"= {shown}"
