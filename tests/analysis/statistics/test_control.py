from __future__ import annotations

import math

import numpy as np
import pytest

from reportgen.analysis.statistics.control import control_limits
from tests.analysis.series import noise


def test_limits_are_a_prediction_interval() -> None:
    """Limits are mean ± t(0.0005, m - 1) s sqrt(1 + 1/m)."""
    found = control_limits([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])

    assert found is not None
    assert found.centre == 3.5
    # t(0.0005, 5) = 6.8688, s = sqrt(3.5)
    assert found.high - 3.5 == pytest.approx(6.8688 * math.sqrt(3.5) * math.sqrt(7 / 6), rel=1e-4)
    assert found.high - 3.5 == pytest.approx(3.5 - found.low)


def test_an_outlier_does_not_widen_them() -> None:
    """A point far from the others does not count."""
    values = [1, 2, 3, 2, 1, 2, 3, 2]
    assert control_limits([*values, 50, math.nan]) == control_limits(values)


@pytest.mark.parametrize("values", [[], [1, 2, 3, 4, 5], [math.nan] * 9, [math.inf] * 9])
def test_too_few_points_have_none(values: list[float]) -> None:
    """Under six measured points there are no limits."""
    assert control_limits(values) is None


def test_a_constant_expects_itself() -> None:
    """A value that never changed has limits at itself."""
    found = control_limits([2.0] * 10)

    assert found is not None
    assert found.holds(2.0)
    assert not found.holds(2.1)


def test_few_next_points_lie_outside() -> None:
    """Of normal series about one next point in 1000 lies outside."""
    series = noise(31, series=3000)
    outside = [
        limits is not None and not limits.holds(one[-1])
        for one, limits in ((one, control_limits(one[:-1])) for one in series)
    ]

    assert np.mean(outside) <= 0.004
