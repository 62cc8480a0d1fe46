from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reportgen.analysis.statistics.effects import (
    enough,
    median_interval,
    paired_effect,
    signed_rank,
    student_quantile,
)
from reportgen.analysis.statistics.multiple import benjamini_hochberg


def alone(differences: np.ndarray) -> np.ndarray:
    """Return a group of its own for each difference."""
    return np.arange(len(differences))


@pytest.mark.parametrize("n", [7, 12, 25])
def test_p_of_few_pairs_is_exact(n: int) -> None:
    """Up to 25 pairs without ties the p-value is that of the exact signed-rank distribution."""
    d = np.random.default_rng(n).normal(0.4, 1, n)
    expected = stats.wilcoxon(d, method="exact").pvalue
    assert signed_rank(d, alone(d)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("digits", [8, 1, 0])
def test_p_of_many_pairs_is_normal_with_ties(digits: int) -> None:
    """Beyond 25 pairs it is the normal approximation, corrected for ties, zeros left out."""
    d = np.round(np.random.default_rng(5).normal(0.2, 1, 80), digits)
    expected = stats.wilcoxon(d, method="asymptotic", correction=False).pvalue
    assert signed_rank(d, alone(d)) == pytest.approx(expected, rel=1e-10)


def test_p_counts_ties_exactly() -> None:
    """With ties among few pairs, all sign changes of the midranks are counted."""
    d = np.array([1.0, 1.0, 1.0, 2.0, -2.0, 3.0, 3.0])
    ranks = stats.rankdata(np.abs(d))
    signs = np.array(np.meshgrid(*[[-1, 1]] * len(d))).reshape(len(d), -1)
    sums = np.abs(ranks @ signs)
    expected = np.mean(sums >= abs((np.sign(d) * ranks).sum()) - 1e-9)
    assert signed_rank(d, alone(d)) == pytest.approx(expected, rel=1e-12)


def test_no_difference_is_no_evidence() -> None:
    """Where all pairs are equal, p is one and the interval is the single point zero."""
    effect = paired_effect(np.ones(9), np.ones(9))
    assert (effect.change, effect.p_value, effect.noise) == (0.0, 1.0, 0.0)
    assert (effect.ci_low, effect.ci_high) == (0.0, 0.0)


def test_groups_change_sign_as_a_whole() -> None:
    """Nine detectors of one visit count as one: 63 equal differences in 7 visits are 7."""
    d = np.ones(63)
    assert signed_rank(d, np.repeat(np.arange(7), 9)) == 2 / 2**7


def test_grouped_noise_is_rarely_significant() -> None:
    """With 20 visits that shift as a whole, at most 7 % of null comparisons have p <= 0.05."""
    rng = np.random.default_rng(1)
    visits = np.repeat(np.arange(20), 9)
    rejected = [
        signed_rank(rng.normal(size=20)[visits] + rng.normal(size=180), visits) <= 0.05
        for _ in range(400)
    ]
    assert np.mean(rejected) <= 0.07


def test_false_discoveries_stay_below_five_percent() -> None:
    """Over pages of 200 metrics with 30 tracts, 20 of them changed by 0.8 sd, FDR is <= 5 %."""
    rng = np.random.default_rng(2)
    shares, power = [], []
    for _ in range(40):
        d = rng.normal(size=(200, 30))
        d[:20] += 0.8
        significant = (benjamini_hochberg([signed_rank(row, alone(row)) for row in d])) <= 0.05
        shares.append(significant[20:].sum() / max(significant.sum(), 1))
        power.append(significant[:20].mean())
    assert np.mean(shares) <= 0.05
    assert np.mean(power) >= 0.75


@pytest.mark.parametrize("n", [10, 30, 101])
def test_interval_covers_the_median(n: int) -> None:
    """The 90 % interval holds the true median in about 90 % of samples."""
    rng = np.random.default_rng(n)
    inside = 0
    for _ in range(600):
        low, high = median_interval(rng.standard_t(3, n), np.arange(n))
        inside += low is not None and high is not None and low <= 0 <= high
    assert 0.86 <= inside / 600 <= 0.95


def test_interval_is_open_where_one_group_has_most_pairs() -> None:
    """Where one visit holds nearly all pairs, no bound can be given."""
    visits = np.array([0] * 50 + [1, 2, 3, 4, 5, 6])
    assert median_interval(np.arange(56.0), visits) == (None, None)


@given(
    st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=7, max_size=60),
    st.integers(1, 9),
)
def test_any_pairs_give_an_effect(values: list[float], visits: int) -> None:
    """Whatever the values and groups, p is a probability and the interval holds the change."""
    b = np.array(values)
    effect = paired_effect(np.zeros(len(b)), b, np.arange(len(b)) % visits)
    assert 0 <= effect.p_value <= 1 + 1e-12
    low = -math.inf if effect.ci_low is None else effect.ci_low
    high = math.inf if effect.ci_high is None else effect.ci_high
    assert low <= effect.change <= high


@pytest.mark.parametrize("freedom", [4, 6, 10, 100])
def test_quantile_of_student(freedom: int) -> None:
    """The expansion agrees with the quantile to two parts in a thousand."""
    assert student_quantile(freedom) == pytest.approx(stats.t.ppf(0.95, freedom), rel=2e-3)


def test_six_pairs_are_not_enough() -> None:
    """A test needs seven pairs, or pairs from seven groups."""
    assert not enough(6, None)
    assert enough(7, None)
    assert not enough(60, np.repeat(np.arange(6), 10))
