"""From drafts to rows: false discoveries are controlled over the page, then each row is judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportgen.analysis.comparison.decide import Change, Decision, decide
from reportgen.analysis.comparison.rows import Draft, LineKey
from reportgen.analysis.histories.trends import TrendRules
from reportgen.analysis.statistics.multiple import benjamini_hochberg
from reportgen.model.anchors import anchor, unique_anchors
from reportgen.model.comparison import ComparisonRow, Direction
from reportgen.model.report import Line, LineId
from reportgen.model.status import Status

Lines = Mapping[LineId, Line]


def finish_rows(
    drafts: Sequence[Draft], lines_a: Lines, lines_b: Lines, rules: TrendRules
) -> Iterator[ComparisonRow]:
    """Yield the rows of a page with their verdicts, in the order of the drafts."""
    tested = [draft for draft in drafts if draft.effect]
    q_values = benjamini_hochberg([draft.effect.p_value for draft in tested if draft.effect])
    q_of = dict(zip(map(id, tested), q_values.tolist(), strict=True))
    failing = {key[:2] for key, line in lines_a.items() if line.status is Status.FAIL}
    for draft, name in zip(drafts, _anchors(drafts), strict=True):
        key = draft.key
        before = lines_a.get((key.metric, key.band, key.producer_a))
        after = lines_b.get((key.metric, key.band, key.producer_b))
        failed_before = (
            before.status is Status.FAIL if before else (key.metric, key.band) in failing
        )
        finding = _Finding(
            draft=draft,
            q_value=q_of.get(id(draft)),
            before=before,
            after=after,
            failed_before=failed_before,
            direction=rules.direction(key.metric),
        )
        yield finding.row(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """A draft with what was found outside it."""

    draft: Draft
    q_value: float | None
    before: Line | None
    after: Line | None
    failed_before: bool
    """Whether A failed the requirement: this line, or another producer's where A has none."""
    direction: Direction | None

    def row(self, anchor_name: str) -> ComparisonRow:
        draft, key = self.draft, self.draft.key
        fate = draft.fate
        decided = Decision(verdict=fate, reason=draft.reason) if fate else decide(self._change())
        status_a = self.before.status if self.before else None
        status_b = self.after.status if self.after else None
        found: dict[str, Any] = {} if fate else self._found()
        return ComparisonRow(
            metric=key.metric,
            band=key.band,
            producer=key.producer_a,
            producer_b=key.producer_b,
            anchor=anchor_name,
            unit=draft.unit,
            a=draft.a,
            b=draft.b,
            verdict=decided.verdict,
            basis=draft.basis,
            reason=decided.reason,
            direction=self.direction,
            members=draft.members,
            status_a=status_a,
            status_b=status_b,
            newly_failing=status_b is Status.FAIL and not self.failed_before,
            fixed=status_b is Status.PASS and status_a is Status.FAIL,
            **found,
        )

    def _found(self) -> dict[str, Any]:
        """Return what the change says, where both sides can be compared."""
        draft, effect = self.draft, self.draft.effect
        return {
            "change": draft.change,
            "relative": draft.change / abs(draft.a) if draft.a else None,
            "tolerance": draft.tolerance,
            "noise": effect.noise if effect else draft.baseline.noise,
            "threshold": draft.tolerance if effect else draft.baseline.threshold,
            "ci_low": effect.ci_low if effect else None,
            "ci_high": effect.ci_high if effect else None,
            "p_value": effect.p_value if effect else None,
            "q_value": self.q_value,
            "baseline": draft.baseline,
        }

    def _change(self) -> Change:
        draft, effect = self.draft, self.draft.effect
        return Change(
            basis=draft.basis,
            change=draft.change,
            tolerance=draft.tolerance,
            direction=self.direction,
            unit=draft.unit,
            threshold=draft.baseline.threshold,
            past_changes=len(draft.baseline.changes),
            q_value=self.q_value,
            ci_low=effect.ci_low if effect else None,
            ci_high=effect.ci_high if effect else None,
            margin_change=_margin_change(self.before, self.after),
        )


def _margin_change(before: Line | None, after: Line | None) -> float | None:
    """Return how much more margin to the same requirement is left, as a fraction of it."""
    old, new = (line.headline if line else None for line in (before, after))
    if old is None or new is None or old.margin is None or new.margin is None:
        return None
    return new.margin - old.margin if old.specification == new.specification else None


def _anchors(drafts: Sequence[Draft]) -> list[str]:
    """Return ids as on run pages: ``PA1-g``; package and producer only where that is ambiguous."""
    short = [anchor(draft.key.metric.partition(".")[2], draft.key.band) for draft in drafts]
    full = [anchor(draft.key.metric, draft.key.band, *_producers(draft.key)) for draft in drafts]
    uses = Counter(short)
    return unique_anchors(s if uses[s] == 1 else f for s, f in zip(short, full, strict=True))


def _producers(key: LineKey) -> list[str | None]:
    return list(dict.fromkeys([key.producer_a, key.producer_b]))
