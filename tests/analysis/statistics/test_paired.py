from __future__ import annotations

import math

import numpy as np
import pytest

from reportgen.analysis.statistics.multiple import benjamini_hochberg
from reportgen.analysis.statistics.paired import compare_paired, compare_to_history, decide
from reportgen.model.comparison import Verdict
from tests.analysis.series import noise


def test_the_change_of_the_common_members() -> None:
    """The change is the median of the differences of the pairs that are complete."""
    a = [1.0, 2.0, 4.0, math.nan, 5.0, 0.0, 2.0, 4.0, 10.0]
    b = [1.5, 2.5, 4.5, 9.0, None, 0.5, 2.5, 4.5, 10.5]

    found = compare_paired(a, b)

    assert (found.n_pairs, found.change) == (7, 0.5)
    assert found.relative == pytest.approx(np.median([0.5, 0.25, 0.125, 0.25, 0.125, 0.05]))
    assert found.p_value == pytest.approx(2 / 2**7)
    assert found.ci_low == found.ci_high == 0.5


def test_few_pairs_have_no_p_value() -> None:
    """With six pairs or fewer, or without any, nothing is tested."""
    six = compare_paired(range(6), range(1, 7))
    none = compare_paired([math.nan], [1.0])

    assert (six.n_pairs, six.change, six.p_value, six.ci_low) == (6, 1.0, None, None)
    assert (none.n_pairs, none.change) == (0, None)
    assert decide(six, q_value=None) == Verdict.INCONCLUSIVE


def test_pairs_of_a_group_count_together() -> None:
    """Differences that are shared by a visit are not as many witnesses as there are detectors."""
    shared = np.repeat(0.5 + noise(8, seed=2), 10)
    labels = np.repeat([f"visit {number}" for number in range(8)], 10)
    zero = np.zeros(80)

    apart = compare_paired(zero, shared).p_value
    together = compare_paired(zero, shared, groups=labels).p_value

    assert apart is not None
    assert together is not None
    assert together > 10 * apart


def test_false_discoveries_of_a_page() -> None:
    """Of the rows that are called significant, at most 5 % are chance, on average."""
    random = np.random.default_rng(0)
    shares = []
    for _ in range(8):
        differences = random.standard_normal((200, 30))
        differences[:20] += 0.8
        p_values = [compare_paired(np.zeros(30), one).p_value for one in differences]
        significant = benjamini_hochberg(p_values) <= 0.05
        shares.append(significant[20:].sum() / max(significant.sum(), 1))

    assert np.mean(shares) <= 0.07


@pytest.mark.parametrize(
    ("shift", "tolerance", "better", "verdict"),
    [
        (2.0, 0.5, "lower", Verdict.REGRESSED),
        (2.0, 0.5, "higher", Verdict.IMPROVED),
        (-2.0, 0.5, "lower", Verdict.IMPROVED),
        (2.0, 0.5, None, Verdict.INCONCLUSIVE),
        (2.0, 5.0, "lower", Verdict.NEGLIGIBLE),
    ],
)
def test_verdicts_of_a_significant_change(
    shift: float, tolerance: float, better: str | None, verdict: Verdict
) -> None:
    """Direction says what is better, the tolerance what matters."""
    found = compare_paired(np.zeros(40), shift + noise(40))

    assert decide(found, q_value=found.p_value, tolerance=tolerance, better=better) == verdict


def test_unchanged_only_by_equivalence() -> None:
    """What is not significant is unchanged only if its interval lies inside the tolerance."""
    found = compare_paired(np.zeros(40), noise(40, seed=1))

    assert found.p_value > 0.05
    assert decide(found, q_value=1.0, tolerance=1.0) == Verdict.UNCHANGED
    assert decide(found, q_value=1.0, tolerance=0.01) == Verdict.INCONCLUSIVE


def test_a_change_beside_the_past_ones() -> None:
    """Beyond Q3 + 3 IQR of the sizes of past changes, a change is unusual."""
    past = [1.0, -2.0, 3.0, -4.0, 5.0]
    few, enough = compare_to_history(9.0, past), compare_to_history(9.0, [*past, 6.0, math.nan])

    assert (few.threshold, few.unusual) == (None, None)
    # Sizes 1 … 6: Q1 = 2.25, Q3 = 4.75.
    assert (enough.threshold, enough.n_past, enough.unusual) == (12.25, 6, False)
    assert compare_to_history(-12.5, [*past, 6.0]).unusual
