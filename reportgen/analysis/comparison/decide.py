"""What a change means: the rules that turn numbers into one of eight verdicts."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.analysis.comparison.baseline import MIN_CHANGES
from reportgen.model.comparison import (
    FALSE_DISCOVERIES,
    Basis,
    Direction,
    Verdict,
)
from reportgen.model.numbers import format_quantity, plural

DEFAULT_TOLERANCE = 0.01
"""Of the value of A, where the definitions state no tolerance for a metric."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """All that decides about one row."""

    basis: Basis
    change: float
    tolerance: float
    direction: Direction | None
    unit: str | None
    threshold: float | None = None
    """History: a change beyond this is unusual."""
    past_changes: int = 0
    q_value: float | None = None
    ci_low: float | None = None
    """90 % interval of the change."""
    ci_high: float | None = None
    margin_change: float | None = None
    """How much more (positive) or less of the requirement's margin is left in B."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A verdict, and why in one clause."""

    verdict: Verdict
    reason: str


def decide(change: Change) -> Decision:
    """Return the verdict on a change of a metric that both runs measured."""
    if change.basis is Basis.PAIRED:
        return _by_pairs(change)
    if change.change == 0:
        return Decision(verdict=Verdict.UNCHANGED, reason="the value is the same")
    if change.basis is Basis.HISTORY:
        return _by_history(change)
    past = plural(change.past_changes, "past change")
    return Decision(
        verdict=Verdict.INCONCLUSIVE,
        reason=f"{past} in this epoch, {MIN_CHANGES} are needed to know the noise",
    )


def _by_pairs(change: Change) -> Decision:
    size = format_quantity(change.tolerance, change.unit)
    if change.q_value is not None and change.q_value <= FALSE_DISCOVERIES:
        if abs(change.change) <= change.tolerance:
            reason = f"significant, but inside the tolerance of {size}"
            return Decision(verdict=Verdict.NEGLIGIBLE, reason=reason)
        return _by_direction(change, f"significant, and beyond the tolerance of {size}")
    if change.ci_low is None or change.ci_high is None:
        return Decision(verdict=Verdict.INCONCLUSIVE, reason="the interval is not known")
    if max(-change.ci_low, change.ci_high) <= change.tolerance:
        reason = f"the 90 % interval lies inside the tolerance of {size}"
        return Decision(verdict=Verdict.UNCHANGED, reason=reason)
    reason = f"not significant, and the 90 % interval reaches beyond the tolerance of {size}"
    return Decision(verdict=Verdict.INCONCLUSIVE, reason=reason)


def _by_history(change: Change) -> Decision:
    threshold = change.threshold or 0.0
    size = format_quantity(threshold, change.unit)
    if abs(change.change) <= threshold:
        reason = f"inside {size}, the usual size of its changes"
        return Decision(verdict=Verdict.UNCHANGED, reason=reason)
    if abs(change.change) <= change.tolerance:
        reason = (
            f"unusual, but inside the tolerance of {format_quantity(change.tolerance, change.unit)}"
        )
        return Decision(verdict=Verdict.NEGLIGIBLE, reason=reason)
    return _by_direction(change, f"beyond {size}, the usual size of its changes")


def _by_direction(change: Change, finding: str) -> Decision:
    """Say whether a real change is better or worse."""
    if change.direction is not None:
        better = (change.change < 0) == (change.direction == "down")
        return Decision(verdict=_better(better), reason=finding)
    if change.margin_change:
        better = change.margin_change > 0
        moved = "grew" if better else "shrank"
        return Decision(
            verdict=_better(better), reason=f"{finding}; the margin to its requirement {moved}"
        )
    reason = f"{finding}, but nothing says which direction is better"
    return Decision(verdict=Verdict.INCONCLUSIVE, reason=reason)


def _better(better: bool) -> Verdict:  # noqa: FBT001 - one argument
    return Verdict.IMPROVED if better else Verdict.REGRESSED
