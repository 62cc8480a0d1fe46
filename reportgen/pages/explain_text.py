"""Explanations as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportgen.model.comparison import Basis, ComparisonRow
from reportgen.model.explanation import CheckExplanation, Explanation, TrendExplanation
from reportgen.model.numbers import format_full, format_number, format_quantity, format_unit, plural
from reportgen.pages import words
from reportgen.pages.comparison import words as compare_words
from reportgen.pages.plain_text import printable

MOST_VALUES = 12
"""Baseline values that the text lists (`explain_api` has all)."""


def as_text(explanations: Sequence[Explanation]) -> str:
    """Return explanations for a terminal, one block per line of the run."""
    return "\n".join("\n".join(_block(one)) + "\n" for one in explanations)


def _block(one: Explanation) -> Iterator[str]:
    line = one.line
    place = f" in {line.band}" if line.band else ""
    place += f" by {line.producer}" if line.producer else ""
    yield printable(f"{line.metric}{place}, {one.run.dataset} {one.run.release}")
    for title, found in (
        ("Value", _value(one)),
        ("Limits", _checks(one.checks)),
        ("Change", _change(one)),
        ("History", _trend(one.trend)),
        ("Decision", _decision(one)),
    ):
        yield f"  {title}"
        for text in found:
            yield printable(f"    {text}")


def _value(one: Explanation) -> Iterator[str]:
    line = one.line
    if line.value is None:
        reasons = ", ".join(f"{name} ({n})" for name, n in line.reasons.items())
        yield f"not measured: {reasons or 'no reason stated'}"
        return
    yield f"{format_quantity(line.value, line.unit)} ({_exact(line.value, line.unit)})"
    if line.members > 1:
        low, high = format_number(line.low or 0.0), format_quantity(line.high, line.unit)
        yield f"median of {line.measured} of {line.members} members, from {low} to {high}"
    yield from line.repeats
    if line.unjudged:
        yield f"{words.judged_of(line)} at level design"
    if line.worst_member:
        yield f"worst: {line.worst_member}"


def _checks(checks: Sequence[CheckExplanation]) -> Iterator[str]:
    if not checks:
        yield "no specification applies"
    for one in checks:
        check = one.check
        kind = f"{words.KINDS[check.kind]}{f', {check.level}' if check.level else ''}"
        state = check.status.value.replace("_", " ")
        yield f"{state}: {_comparison(one)} ({check.specification}, {kind})"
        if check.problem:
            yield f"  {check.problem}"
        elif one.factor not in (None, 1.0):
            stored, wanted = format_unit(one.stored_unit), format_unit(check.unit)
            yield (
                f"  converted from {stored or 'dimensionless'} to {wanted or 'dimensionless'}:"
                f" times {format_number(one.factor or 1.0)}"
            )
        if check.failed and check.judged > 1:
            yield f"  {check.failed} of {check.judged} members fail; the worst is shown"
        if check.correction:
            yield f"  limit corrected: {check.correction}"


def _comparison(one: CheckExplanation) -> str:
    check = one.check
    if check.value is None:
        return f"no value {words.limit(check)}"
    outside = words.outside(check)
    return f"{format_number(check.value)} {words.limit(check)}{f', {outside}' if outside else ''}"


def _change(one: Explanation) -> Iterator[str]:
    row = one.row
    if one.reference is None:
        yield "there is no reference"
        return
    if row is None:
        yield f"{one.reference.release} has no value either"
        return
    yield f"reference: {one.reference.release}"
    if row.change is None:
        yield f"{compare_words.VERDICTS[row.verdict]}: {row.reason}"
        return
    before, after = format_number(row.a or 0.0), format_quantity(row.b, row.unit)
    relative = compare_words.relative(row)
    yield (f"{before} → {after}: {compare_words.change(row)}{f' ({relative})' if relative else ''}")
    if against := compare_words.against(row):
        yield against
    yield f"basis: {compare_words.BASES[row.basis]}"
    yield from _members(row)
    yield from _noise(row)
    yield f"{compare_words.VERDICTS[row.verdict]}: {row.reason}"


def _members(row: ComparisonRow) -> Iterator[str]:
    if row.members.total > 1:
        moved = compare_words.moved(row)
        yield f"members: {compare_words.members(row)}{f' ({moved})' if moved else ''}"


def _noise(row: ComparisonRow) -> Iterator[str]:
    if row.noise is not None:
        of = "of one difference" if row.basis is Basis.PAIRED else "median of past changes"
        yield f"noise: {format_quantity(row.noise, row.unit)} ({of})"
    if row.basis is Basis.PAIRED:
        p, q = (compare_words.probability(value) for value in (row.p_value, row.q_value))
        interval = compare_words.interval(row)
        yield f"signed-rank test: p {_equals(p)}, q {_equals(q)}; 90 % interval {interval}"
    elif row.baseline.values:
        pairs = list(zip(row.baseline.releases, row.baseline.values, strict=True))
        shown = [f"{release} {format_number(value)}" for release, value in pairs[-MOST_VALUES:]]
        more = f"{len(pairs) - len(shown)} earlier, " if len(pairs) > len(shown) else ""
        yield f"baseline: {more}{', '.join(shown)}"
    if row.threshold is not None:
        rule = "tolerance" if row.basis is Basis.PAIRED else "Q3 + 3 IQR of past changes"
        yield f"threshold: {format_quantity(row.threshold, row.unit)} ({rule})"
    if row.tolerance is not None:
        yield f"tolerance: {format_quantity(row.tolerance, row.unit)}"
    better = {"down": "lower is better", "up": "higher is better", None: "not known"}
    yield f"direction: {better[row.direction]}"


def _equals(text: str) -> str:
    return text if text.startswith("<") else f"= {text}"


def _trend(trend: TrendExplanation | None) -> Iterator[str]:
    if trend is None:
        yield "not looked at"
        return
    if trend.epoch_since:
        yield f"epoch since {trend.epoch_since}: {trend.epoch_reason}"
    noise = f", noise {format_quantity(trend.noise, trend.unit)}" if trend.noise is not None else ""
    verdict = (trend.verdict or "no verdict").replace("_", " ")
    yield f"{plural(trend.points, 'point')}{noise}, {verdict}"
    if trend.begins is not None:
        step = trend.begins
        low, high = format_number(step.ci_low), format_number(step.ci_high)
        state = "confirmed" if step.confirmed else "new"
        size = format_quantity(step.change, trend.unit)
        yield f"a step begins here ({state}): {size}, 95 % interval {low} to {high}"
    if trend.level_since:
        yield f"level since {trend.level_since}"
    if trend.spike:
        yield "the value is a spike"


def _decision(one: Explanation) -> Iterator[str]:
    yield "alarm, because:" if one.alarms else "no alarm, because:"
    for because in one.alarms or one.quiet:
        yield f"- {because}"
    for issue in one.issues:
        yield f"known issue ({issue.label}): {issue.reason}"
    if one.owner:
        yield f"owner of the metric: {one.owner}"


def _exact(value: float, unit: str | None) -> str:
    return f"{format_full(value)} {unit}".strip() if unit is not None else format_full(value)
