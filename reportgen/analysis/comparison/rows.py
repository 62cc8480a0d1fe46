"""One line of a comparison before its verdict: values, members, and what they say of the change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from reportgen.analysis.comparison.baseline import Histories, SeriesId
from reportgen.analysis.comparison.decide import DEFAULT_TOLERANCE
from reportgen.analysis.comparison.pairs import PairedLine
from reportgen.analysis.histories.trends import TrendRules
from reportgen.analysis.judging.units import factor_or_none
from reportgen.analysis.statistics.effects import Effect, enough, paired_effect
from reportgen.model.comparison import (
    Baseline,
    Basis,
    Membership,
    Side,
    Verdict,
)
from reportgen.model.numbers import format_unit

EXAMPLES = 5
"""Members that are named of those that joined or left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineKey:
    """Which line, on both sides."""

    metric: str
    band: str | None
    producer_a: str | None
    producer_b: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A line with everything but its verdict."""

    key: LineKey
    unit: str | None
    a: float | None
    b: float | None
    members: Membership
    fate: Verdict | None = None
    """What is certain without looking at the change; the fields below say nothing then."""
    reason: str = ""
    basis: Basis = Basis.TOO_FEW
    change: float = 0.0
    tolerance: float = 0.0
    baseline: Baseline = Baseline()
    """In ``unit``."""
    effect: Effect | None = None
    line: PairedLine | None = None
    """Where the values come from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafting:
    """Turns the paired lines of two sides into drafts."""

    a: Side
    b: Side
    histories: Histories
    rules: TrendRules

    def draft(self, line: PairedLine, key: LineKey) -> Draft | None:
        """Return a line as far as it goes without the others; None: neither side measured it."""
        has_a, has_b = line.has_a, line.has_b
        if not has_a and not has_b:
            return None
        if has_a and has_b:
            obstacle = self._obstacle(line, key)
            common = line.common
            if not obstacle and common.any():
                return self._compare(line, key, common)
            obstacle = obstacle or "they share no member that has a value in both"
            return _uncompared(line, key, Verdict.NOT_COMPARABLE, obstacle)
        missing = f"not measured: {line.reasons[0]}" if line.reasons else "not in this run"
        fate = Verdict.REMOVED if has_a else Verdict.ADDED
        return _uncompared(line, key, fate, missing)

    def _compare(self, line: PairedLine, key: LineKey, common: np.ndarray) -> Draft:
        a, b = line.a[common], line.b[common]
        groups = line.groups()
        effect = paired_effect(a, b, groups) if enough(len(a), groups) else None
        baseline = self._baseline(key, line.unit)
        basis = Basis.HISTORY if baseline.threshold is not None else Basis.TOO_FEW
        return Draft(
            key=key,
            unit=line.unit,
            a=centre(a),
            b=centre(b),
            members=membership(line),
            basis=Basis.PAIRED if effect else basis,
            change=effect.change if effect else centre(b - a),
            tolerance=self._tolerance(key.metric, line.unit, centre(a)),
            baseline=baseline,
            effect=effect,
            line=line,
        )

    def _obstacle(self, line: PairedLine, key: LineKey) -> str:
        """Say why values cannot be compared even where both are there."""
        if line.unit_a != line.unit:
            return f"the unit changed from {_name(line.unit_a)} to {_name(line.unit)}"
        if self.a.run.dataset != self.b.run.dataset or key.producer_a != key.producer_b:
            return ""
        first = self.histories.epoch(self._series(key, self.a), self.a.run)
        second = self.histories.epoch(self._series(key, self.b), self.b.run)
        if first == second:
            return ""
        begun = [epoch for epoch in (first, second) if epoch]
        return max(begun, key=lambda epoch: epoch.position).reason

    def _series(self, key: LineKey, side: Side) -> SeriesId:
        producer = key.producer_a if side is self.a else key.producer_b
        return SeriesId(side.run.dataset, key.metric, key.band, producer)

    def _baseline(self, key: LineKey, unit: str | None) -> Baseline:
        """Return the past of the earlier run, or of A where producers are compared."""
        first = self.histories.earlier(self.a.run, self.b.run)
        side = self.a if first is self.a.run else self.b
        found = self.histories.baseline(self._series(key, side), first)
        return in_unit(found, unit)

    def _tolerance(self, metric: str, unit: str | None, value: float) -> float:
        stated = self.rules.tolerance(metric, unit)
        return DEFAULT_TOLERANCE * abs(value) if stated is None else stated


def _uncompared(line: PairedLine, key: LineKey, fate: Verdict, reason: str) -> Draft:
    same_unit = line.unit_a == line.unit
    return Draft(
        key=key,
        unit=line.unit,
        # A value in another unit would be read in this one; the reason names both units.
        a=middle(line.a) if same_unit else None,
        b=middle(line.b),
        members=membership(line),
        fate=fate,
        reason=reason,
    )


def in_unit(baseline: Baseline, unit: str | None) -> Baseline:
    """Return a baseline in another unit; an empty one where the units do not convert."""
    if baseline.unit == unit or not baseline.changes:
        return baseline
    factor = factor_or_none(baseline.unit, unit)
    return Baseline() if factor is None else baseline.scaled(factor, unit)


def membership(line: PairedLine) -> Membership:
    """Return which members take part, and which joined or left."""
    if len(line.rows) == 1:
        return _sole_membership(has_a=line.has_a, has_b=line.has_b)
    has_a, has_b = np.isfinite(line.a), np.isfinite(line.b)
    joined, left = has_b & ~has_a, has_a & ~has_b
    return Membership(
        common=int((has_a & has_b).sum()),
        total=len(line.rows),
        joined=int(joined.sum()),
        left=int(left.sum()),
        joined_examples=line.labels(_first(joined)),
        left_examples=line.labels(_first(left)),
    )


@cache
def _sole_membership(*, has_a: bool, has_b: bool) -> Membership:
    return Membership(
        common=int(has_a and has_b),
        total=1,
        joined=int(has_b and not has_a),
        left=int(has_a and not has_b),
    )


def middle(values: np.ndarray) -> float | None:
    """Return the median of the values that are there."""
    measured = values[np.isfinite(values)]
    return centre(measured) if len(measured) else None


def centre(values: np.ndarray) -> float:
    """Return the median; most lines have a single value, for which numpy's takes long."""
    return float(values[0]) if len(values) == 1 else float(np.median(values))


def _first(chosen: np.ndarray) -> np.ndarray:
    """Keep the first few."""
    return chosen & (np.cumsum(chosen) <= EXAMPLES)


def _name(unit: str | None) -> str:
    return "an unstated unit" if unit is None else format_unit(unit) or "dimensionless"
