"""A against B by numbers alone: the rules of comparison pages, without runs or metrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from reportgen.analysis.comparison import decide as verdicts
from reportgen.analysis.comparison.baseline import unusual
from reportgen.analysis.statistics.effects import enough, paired_effect
from reportgen.analysis.statistics.packed import FloatArray, to_floats
from reportgen.model.comparison import Basis, Verdict

Better = Literal["lower", "higher"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedComparison:
    """What the members that A and B share say."""

    n_pairs: int
    change: float | None
    """Median of the paired differences B - A; None without pairs."""
    relative: float | None
    """Median of the differences relative to the size of A."""
    ci_low: float | None
    ci_high: float | None
    """90 % interval of the change; None with six pairs (or groups) or fewer."""
    p_value: float | None
    """Of Wilcoxon's signed-rank test; None with six pairs (or groups) or fewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryComparison:
    """A change beside the past changes of its series."""

    threshold: float | None
    """Q3 + 3 IQR of the sizes of past changes; None: too few of them."""
    n_past: int
    unusual: bool | None
    """Beyond the threshold; None where there is none."""


def compare_paired(
    a: Sequence[Any] | npt.ArrayLike,
    b: Sequence[Any] | npt.ArrayLike,
    *,
    groups: Sequence[Any] | None = None,
) -> PairedComparison:
    """Compare the values of the same members, in one order and unit, in A and in B.

    Pairs with a missing side are left out. ``groups`` labels pairs that are not independent
    (one visit, exposure or detector): whole groups then change sign together.
    """
    first, second = to_floats(a), to_floats(b)
    known = np.isfinite(first) & np.isfinite(second)
    first, second = first[known], second[known]
    if not len(first):
        return PairedComparison(
            n_pairs=0, change=None, relative=None, ci_low=None, ci_high=None, p_value=None
        )
    codes = None if groups is None else _number(np.asarray(groups, dtype=object)[known])
    effect = paired_effect(first, second, codes)
    tested = enough(len(first), codes)
    return PairedComparison(
        n_pairs=len(first),
        change=effect.change,
        relative=_relative(first, second),
        ci_low=effect.ci_low if tested else None,
        ci_high=effect.ci_high if tested else None,
        p_value=effect.p_value if tested else None,
    )


def compare_to_history(change: float, past_changes: Sequence[float]) -> HistoryComparison:
    """Judge a single change by the sizes of the past changes of its own series."""
    sizes = np.abs(to_floats(past_changes))
    sizes = sizes[np.isfinite(sizes)]
    threshold = unusual(sizes.tolist())
    return HistoryComparison(
        threshold=threshold,
        n_past=len(sizes),
        unusual=None if threshold is None else abs(change) > threshold,
    )


def decide(
    compared: PairedComparison,
    *,
    q_value: float | None,
    tolerance: float = 0.0,
    better: Better | None = None,
) -> Verdict:
    """Give the verdict of a comparison page on paired values.

    ``q_value`` is the p-value after Benjamini-Hochberg over all comparisons made together.
    """
    change = verdicts.Change(
        basis=Basis.TOO_FEW if compared.p_value is None else Basis.PAIRED,
        change=compared.change or 0.0,
        tolerance=tolerance,
        direction=None if better is None else ("down" if better == "lower" else "up"),
        unit=None,
        q_value=q_value,
        ci_low=compared.ci_low,
        ci_high=compared.ci_high,
    )
    return verdicts.decide(change).verdict


def _number(labels: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    """Turn labels into numbers from 0, in order of appearance."""
    numbers = {label: number for number, label in enumerate(dict.fromkeys(labels.tolist()))}
    return np.array([numbers[label] for label in labels.tolist()], dtype=np.int64)


def _relative(first: FloatArray, second: FloatArray) -> float | None:
    stated = first != 0
    if not stated.any():
        return None
    return float(np.median((second[stated] - first[stated]) / np.abs(first[stated])))
