"""Student's distribution, held against scipy."""

from __future__ import annotations

import pytest
from scipy.special import stdtrit

from reportgen.analysis.statistics.student import t_quantile


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 9, 30, 97, 1000])
@pytest.mark.parametrize("probability", [0.005, 0.4, 0.5, 0.9, 0.975, 0.9995])
def test_quantiles_are_those_of_scipy(probability, freedom):
    """To more digits than anybody shows."""
    expected = float(stdtrit(freedom, probability))
    assert t_quantile(probability, freedom) == pytest.approx(expected, rel=1e-12, abs=1e-12)
