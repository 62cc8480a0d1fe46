from __future__ import annotations

import numpy as np
import pytest

from reportgen.analysis.statistics.multiple import benjamini_hochberg


def test_against_a_table_by_hand() -> None:
    """The q-value of the k-th of n sorted p-values is the least p n / k from there on."""
    p_values = [0.01, 0.04, 0.03, 0.005, 0.5]

    assert benjamini_hochberg(p_values) == pytest.approx([0.025, 0.05, 0.05, 0.025, 0.5])


def test_untested_rows_do_not_count() -> None:
    """A nan stays nan and does not make the others harder to find."""
    q_values = benjamini_hochberg([0.01, np.nan, 0.02])

    assert q_values[[0, 2]] == pytest.approx([0.02, 0.02])
    assert np.isnan(q_values[1])


def test_nothing_and_shape() -> None:
    """An empty list gives an empty one, a table a table, and no q-value exceeds 1."""
    assert benjamini_hochberg([]).shape == (0,)
    assert benjamini_hochberg([[0.9, 0.8], [1.0, 0.7]]).max() <= 1
