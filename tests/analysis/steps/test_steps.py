from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.analysis import find_steps
from reportgen.analysis.steps.find import find_steps_many
from tests.analysis.series import correlated, noise, stepped


def test_a_step_is_found_where_it_is() -> None:
    """The step is the first point of the new level; its interval holds the true change."""
    found = find_steps(stepped(100, (60, 4.0)))

    assert found.verdict == "steps"
    assert found.steps == (60,)
    (step,) = found.changes
    assert step.ci_low < 4 < step.ci_high
    assert step.change == pytest.approx(step.after - step.before)
    assert [segment.n_points for segment in found.segments] == [60, 40]
    assert (found.segments[0].end, found.segments[1].start) == (59, 60)
    assert found.sigma == pytest.approx(1, abs=0.2)


def test_several_steps_of_both_signs() -> None:
    """Levels that last are told apart, up and down."""
    found = find_steps(stepped(150, (40, 5.0), (80, -8.0), (120, 4.0)))

    assert found.steps == pytest.approx((40, 80, 120), abs=1)
    assert [np.sign(step.change) for step in found.changes] == [1, -1, 1]


def test_positions_count_missing_points() -> None:
    """Missing points are skipped but keep their position."""
    values = np.concatenate([noise(20), np.full(5, np.nan), 6 + noise(20, seed=1)])
    values[3] = math.inf

    assert find_steps(values).steps == (25,)
    assert find_steps(values).n_points == 39


def test_a_spike_is_not_a_step() -> None:
    """A single point far away is listed as a spike and belongs to no level."""
    values = noise(60)
    values[30] = 40

    found = find_steps(values)

    assert (found.verdict, found.spikes) == ("stable", (30,))
    assert abs(found.segments[0].mean) < 0.5


def test_a_ramp_is_a_drift_and_no_staircase() -> None:
    """A slow trend, from the beginning or from later on, has no steps."""
    ramp = noise(150) + np.linspace(0, 10, 150)
    hinge = noise(150, seed=1) + np.maximum(np.arange(150) - 70, 0) * 0.1

    assert [(find_steps(one).verdict, find_steps(one).steps) for one in (ramp, hinge)] == [
        ("drift", ()),
        ("drift", ()),
    ]


def test_a_season_is_no_staircase() -> None:
    """A wave has no steps."""
    wave = noise(200) + 3 * np.sin(2 * np.pi * np.arange(200) / 60)

    assert find_steps(wave).steps == ()


def test_a_step_on_a_slope_is_found() -> None:
    """Where a trend jumps, the jump is a step."""
    values = 0.3 * noise(120) + 0.1 * np.arange(120)
    values[70:] -= 8

    found = find_steps(values)

    assert (found.verdict, found.steps) == ("steps", (70,))
    assert found.changes[0].change == pytest.approx(-8, abs=0.8)


def test_a_quick_ramp_between_plateaus_is_a_step() -> None:
    """A change that takes a few points between two long levels is one step."""
    shape = np.interp(np.arange(100), [0, 50, 55, 99], [0, 0, 60, 60])

    found = find_steps(shape + 0.5 * noise(100))

    assert len(found.steps) >= 1
    assert all(49 <= step <= 56 for step in found.steps)


def test_a_level_left_and_another_found_over_a_few_bends_is_a_step() -> None:
    """A crash that recovers by a part is one lasting change of level, not only a bend."""
    turns = ([0, 60, 107, 117, 121, 200], [14, 11, 16, 5, 8.5, 8])
    shape = np.interp(np.arange(200), *turns)

    found = find_steps(shape + 0.15 * noise(200))

    assert found.verdict == "steps"
    assert any(107 <= step <= 121 for step in found.steps)
    lasting = next(one for one in found.changes if 107 <= one.position <= 121)
    assert lasting.change == pytest.approx(-7.5, abs=1)


def test_a_slow_passage_is_a_drift() -> None:
    """A change of level that takes a third of the history is no step."""
    shape = np.interp(np.arange(120), [0, 40, 80, 119], [0, 0, 20, 20])

    assert find_steps(shape + 0.5 * noise(120)).steps == ()


def test_a_short_smooth_history_is_not_stable() -> None:
    """Two dozen points that rise and fall again by many times their noise are no level."""
    shape = np.interp(np.arange(21), [0, 7, 13, 20], [36, 23, 120, 56])

    assert find_steps(shape + 2 * noise(21)).verdict in ("steps", "drift")


def test_a_repeated_value_is_a_level_however_short() -> None:
    """Without noise a value that holds is a level, and a change of it a step."""
    assert find_steps([1, 1, 1, 2, 2, 2]).steps == (3,)
    assert find_steps([5.0] * 20 + [6.0] * 20).changes[0].change == 1.0


def test_resolution_is_no_signal() -> None:
    """A series that flips between neighbouring numbers has no steps."""
    flips = 30 + (noise(100) > 0.8)

    assert find_steps(flips).steps == ()


def test_a_step_is_new_until_it_stood_at_two_more_looks() -> None:
    """A step with two points is new; after two more points it is confirmed."""
    values = stepped(60, (56, 12.0))
    states = [find_steps(values[:count]).changes[-1].state for count in (58, 59, 60)]

    assert states == ["new", "new", "confirmed"]


def test_small_steps_are_left_out() -> None:
    """A step below the tolerance is not reported."""
    values = stepped(100, (50, 5.0))

    assert find_steps(values, tolerance=4.0).steps == (50,)
    assert find_steps(values, tolerance=7.0).verdict == "stable"


def test_each_series_has_its_own_tolerance() -> None:
    """Many series take one tolerance for all, or one for each."""
    values = stepped(100, (50, 5.0))
    found = find_steps_many([values, values, values], tolerance=[None, 7.0, 4.0])

    assert [one.steps for one in found] == [(50,), (), (50,)]


def test_scale_and_sign_do_not_matter() -> None:
    """Another unit, another offset or the other sign gives the same steps."""
    values = stepped(120, (30, 3.0), (90, -4.0))
    expected = find_steps(values).steps

    assert find_steps(values * 1e-30).steps == expected
    assert find_steps(values * 1e40).steps == expected
    assert find_steps(-values + 1e6).steps == expected


def test_many_give_what_each_gives() -> None:
    """A series has the same result in any company."""
    random = np.random.default_rng(4)
    series = [stepped(int(random.integers(0, 90)), (20, 4.0), seed=i) for i in range(40)]

    assert repr(find_steps_many(series)) == repr([find_steps(one) for one in series])


def test_noise_has_no_steps() -> None:
    """White and correlated noise seldom shows a step: at most 1 % and 7 % of series."""
    white = find_steps_many(list(noise(100, series=500)))
    slow = find_steps_many(list(correlated(100, series=500, phi=0.6)))

    assert sum(bool(one.steps) for one in white) <= 5
    assert sum(bool(one.steps) for one in slow) <= 35


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ([], "too_few"),
        ([1.0], "too_few"),
        ([math.nan] * 30, "too_few"),
        ([None] * 10, "too_few"),
        ([math.inf, -math.inf] * 10, "too_few"),
        ([1, 2, 1, 2, 1], "too_few"),
        (["a", "b"] * 10, "too_few"),
        ([3.3] * 50, "stable"),
        ([0] * 6, "stable"),
        ([0.1 + 0.2] * 10 + [0.3] * 10, "stable"),
        ([5e-324] * 10 + [0] * 10, "stable"),
        ([1] * 29 + [2], "stable"),
        ([Decimal("1.1")] * 9 + [None] + [Decimal(2)] * 9, "steps"),
        (range(30), "drift"),
        (np.ma.masked_equal([1.0] * 10 + [9.0] * 3 + [4.0] * 10, 9.0), "steps"),
        ([1e308, -1e308] * 10, "too_few"),
        (3.0, "too_few"),
        ([10**400] * 9, "too_few"),
        ([True, False] * 9, "stable"),
        (np.array([1, None, "x", 2j, 2.0], dtype=object), "too_few"),
        (np.array([[1.0] * 9, [4.0] * 9]), "steps"),
        (np.array([1, 9] * 9, dtype="M8[D]"), "too_few"),
        (pd.Series([1.0] * 9 + [4.0] * 9, index=pd.date_range("2026-01-01", periods=18)), "steps"),
        (pd.Series([1] * 9 + [pd.NA] + [4] * 9, dtype="Int64"), "steps"),
        (pd.Series([pd.NaT] * 9), "too_few"),
    ],
)
def test_degenerate_series_have_a_verdict(values: object, verdict: str) -> None:
    """Whatever is given, there is a verdict or a statement that the points are too few."""
    assert find_steps(values).verdict == verdict


def test_a_very_long_series_is_one_too() -> None:
    """Room stays within reason: not all that is compared is held at once."""
    found = find_steps(stepped(20_000, (10_000, 3.0)))

    assert len(found.steps) == 1
    assert abs(found.steps[0] - 10_000) <= 3


numbers = st.one_of(
    st.floats(width=64), st.integers(-3, 3), st.none(), st.sampled_from([1e300, -1e-300, 0.1])
)


@settings(max_examples=150, deadline=None)
@given(st.lists(numbers, max_size=40), st.sampled_from([None, 0.0, 1.0, math.inf, math.nan, -1]))
def test_nothing_makes_it_fail(values: list[float | None], tolerance: float | None) -> None:
    """Steps and spikes are measured points, in order, whatever the numbers are."""
    found = find_steps(values, tolerance=tolerance)

    assert list(found.steps) == sorted(set(found.steps))
    assert all(math.isfinite(float(values[place])) for place in (*found.steps, *found.spikes))
    assert all(0 < place < len(values) for place in found.steps)
    assert (found.verdict == "steps") == bool(found.steps)
    assert sum(segment.n_points for segment in found.segments) == found.n_points
