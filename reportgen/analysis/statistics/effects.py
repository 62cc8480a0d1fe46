"""Paired differences: their median, its interval, and whether it can be chance.

Everything here is exact or in closed form, so that a page can do the same in the browser and get
the same numbers (``site_templates/theme/assets/compare.js``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from reportgen.analysis.statistics.robust import MAD_TO_SIGMA

MIN_PAIRS = 7
"""With six pairs the smallest possible p-value, 2/64, is lost among a page of rows."""

EXACT_UP_TO = 25
"""Pairs (or groups) up to which the p-value counts all sign changes."""

EXACT_SUM = 200_000
"""Sum of the doubled ranks up to which that count is quick."""

Z = 1.6448536269514722
"""Normal quantile of the two-sided 90 % interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What paired differences B - A say."""

    change: float
    """Their median."""
    ci_low: float | None
    """90 % interval of the median; None: unbounded, since one group holds too many pairs."""
    ci_high: float | None
    p_value: float
    noise: float
    """Robust standard deviation of one difference."""


def enough(pairs: int, groups: np.ndarray | None) -> bool:
    """Tell whether pairs, or the groups they come in, are enough for a test."""
    return (pairs if groups is None else len(np.unique(groups))) >= MIN_PAIRS


def paired_effect(a: np.ndarray, b: np.ndarray, groups: np.ndarray | None = None) -> Effect:
    """Return the effect between paired finite values.

    Parameters
    ----------
    a, b
        Values of the same members, in one unit.
    groups
        Group of each pair, numbered from 0, where pairs share a visit, exposure, detector or
        tract; whole groups then change sign together. None: pairs are independent.
    """
    differences = b - a
    codes = np.arange(len(differences)) if groups is None else groups
    change = float(np.median(differences))
    low, high = median_interval(differences, codes)
    return Effect(
        change=change,
        ci_low=low,
        ci_high=high,
        p_value=signed_rank(differences, codes),
        noise=MAD_TO_SIGMA * float(np.median(np.abs(differences - change))),
    )


def signed_rank(differences: np.ndarray, groups: np.ndarray) -> float:
    """Return the two-sided p-value of Wilcoxon's signed-rank test, zeros left out.

    Under the null hypothesis a group's differences could as well all have the other sign. Up to
    25 groups all sign changes are counted (ties included); beyond, the statistic is normal with
    the variance of the sum of group scores, which for single pairs is Wilcoxon's own.
    """
    changed = differences != 0
    if not changed.any():
        return 1.0
    differences, groups = differences[changed], groups[changed]
    # Doubled, so that the ranks of ties are whole numbers.
    scores = np.sign(differences) * 2 * ranks(np.abs(differences))
    sums = np.bincount(groups, weights=scores)
    sums = sums[np.bincount(groups) > 0]
    statistic, sizes = abs(sums.sum()), np.abs(sums)
    if len(sizes) <= EXACT_UP_TO and sizes.sum() <= EXACT_SUM:
        return _exact(statistic, sizes.astype(int))
    spread = math.sqrt(float((sums**2).sum()))
    return math.erfc(statistic / spread / math.sqrt(2)) if spread else 1.0


def ranks(values: np.ndarray) -> np.ndarray:
    """Return the rank of each value, from 1; ties share the mean of theirs.

    As `scipy.stats.rankdata`, whose package takes longer to load than all comparisons take.
    """
    _, place, ties = np.unique(values, return_inverse=True, return_counts=True)
    shared: np.ndarray = (np.cumsum(ties) - (ties - 1) / 2)[place]
    return shared


def _exact(statistic: float, sizes: np.ndarray) -> float:
    """Return the share of sign changes whose sum is at least as far from zero."""
    total = int(sizes.sum())
    ways = np.zeros(total + 1)
    ways[0] = 1.0
    for size in sizes:
        ways[size:] += ways[: total + 1 - size].copy()
    far = np.abs(total - 2 * np.arange(total + 1)) >= statistic
    return float(ways[far].sum() / 2.0 ** len(sizes))


def median_interval(
    differences: np.ndarray, groups: np.ndarray
) -> tuple[float | None, float | None]:
    """Return the 90 % interval of the median: all values that a sign test does not reject.

    Its variance is that of the sums of signs over groups, its quantile Student's.
    """
    order = np.argsort(differences, kind="stable")
    ordered, codes = differences[order], groups[order]
    n, sizes = len(ordered), np.bincount(codes)
    freedom = int((sizes > 0).sum()) - 1
    if freedom < 1:
        return None, None
    # Signs and their variance after each value has passed from above to below.
    above = sizes[codes] - 2 * _earlier_in_group(codes)
    signs = n - 2 * np.arange(n + 1)
    variance = float((sizes**2).sum()) + np.concatenate([[0], np.cumsum(4 - 4 * above)])
    quantile = student_quantile(freedom)
    (kept,) = np.nonzero(signs**2 <= quantile**2 * variance)
    low = float(ordered[kept[0] - 1]) if kept[0] > 0 else None
    high = float(ordered[kept[-1]]) if kept[-1] < n else None
    return low, high


def _earlier_in_group(codes: np.ndarray) -> np.ndarray:
    """Return how many values of the same group stand before each value."""
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    counts = np.arange(len(codes)) - np.repeat(starts, np.diff([*starts, len(codes)]))
    result = np.empty(len(codes), dtype=int)
    result[order] = counts
    return result


def student_quantile(freedom: int) -> float:
    """Return the 95 % quantile of Student's t, to a percent from 4 degrees of freedom.

    Expansion of Fisher and Cornish, as in Abramowitz and Stegun 26.7.5.
    """
    first = (Z**3 + Z) / 4
    second = (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96
    third = (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384
    return Z + first / freedom + second / freedom**2 + third / freedom**3
