from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.figures.scale import Range, finite, robust_range, with_limits
from tests.figures.cases import DESIGN

NOISE = np.random.default_rng(1).normal(5, 0.1, 60)
EVERY = st.floats(allow_nan=True, allow_infinity=True)


def test_range_holds_all_ordinary_values():
    """Noise is never cut off."""
    found = robust_range([NOISE])
    assert found == Range(NOISE.min(), NOISE.max())


def test_lone_outlier_does_not_squash_the_rest():
    """One wild run leaves the axis as it was."""
    wild = NOISE.copy()
    wild[20] = 900
    found = robust_range([wild])
    assert found.high < 6


def test_outlier_that_squashes_nothing_is_shown():
    """A point that does not even double the axis is part of it."""
    near = NOISE.copy()
    near[20] = NOISE.max() + 0.9 * (NOISE.max() - NOISE.min())
    assert robust_range([near]).high == near[20]


def test_step_is_no_outlier():
    """Two runs in a row at a new level are always on the axis."""
    stepped = np.concatenate((NOISE, [8.0, 8.1]))
    assert robust_range([stepped]).high == 8.1


def test_rare_values_without_order_are_outliers_even_side_by_side():
    """Of values in no order, a few far away are left out, a tenth are not."""
    few = np.concatenate((NOISE, [90.0, 91.0]))
    many = np.concatenate((NOISE, [90.0] * 8))
    assert robust_range([few], ordered=False).high < 6
    assert robust_range([many], ordered=False).high == 90


def test_no_values_have_no_range():
    """Without numbers there is no range to show."""
    assert robust_range([finite([math.nan, math.inf])]) is None


def test_near_limit_stretches_the_axis():
    """A limit close to the data is drawn."""
    scale = with_limits(Range(4.6, 4.9), [DESIGN])
    assert scale.inside == [DESIGN]
    assert 5.0 in scale.range


def test_far_limit_is_noted_instead():
    """A limit far away does not flatten the data."""
    far = replace(DESIGN, value=500.0)
    scale = with_limits(Range(4.6, 4.9), [far, DESIGN])
    assert (scale.inside, scale.outside) == ([DESIGN], [far])
    assert scale.range.high < 6


def test_limits_alone_make_an_axis():
    """Where nothing was measured, the limits are still drawn."""
    scale = with_limits(None, [DESIGN, replace(DESIGN, value=8.0)])
    assert 5.0 in scale.range
    assert 8.0 in scale.range


@pytest.mark.parametrize("value", [0.0, 5.0, -3e-9, 1e300])
def test_constant_values_have_an_axis(value):
    """A range of one value gets length around it."""
    padded = Range(value, value).padded()
    assert padded.low < value < padded.high


@given(st.lists(EVERY, max_size=30), st.lists(st.floats(-1e12, 1e12), max_size=3))
def test_any_numbers_make_a_finite_axis(values, limits):
    """Whatever is measured, the axis is finite, has length, and holds its limits."""
    scale = with_limits(
        robust_range([finite(values)] if values else []),
        [replace(DESIGN, value=value) for value in limits],
    )
    assert math.isfinite(scale.range.span)
    assert scale.range.span > 0
    assert all(limit.value in scale.range for limit in scale.inside)
    assert len(scale.inside) + len(scale.outside) == len(limits)
