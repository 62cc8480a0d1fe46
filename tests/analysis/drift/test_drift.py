from __future__ import annotations

import math

import numpy as np
import pytest

from reportgen.analysis.drift.find import find_drift, find_drifts
from reportgen.analysis.drift.nights import one_value_per_night
from tests.analysis.series import correlated, noise

NIGHTS = np.array([night for night in range(80) if night % 7 not in (2, 3)], dtype=float)
"""Irregular nights: 57 in 80 days."""


def ramp(change: float) -> np.ndarray:
    """Give a steady change over the nights."""
    return change * (NIGHTS - NIGHTS[0]) / np.ptp(NIGHTS)


def test_a_slow_change_is_measured() -> None:
    """The slope per 30 days lies in its interval, and the verdict is drifting."""
    found = find_drift(NIGHTS, noise(57) + ramp(6))

    true = 6 / np.ptp(NIGHTS) * 30
    assert found.verdict == "drifting"
    assert found.ci_low < true < found.ci_high
    assert found.p_value < 1e-4
    assert found.change == pytest.approx(6, abs=1.5)
    assert found.n_nights == 57
    assert found.sigma == pytest.approx(1, abs=0.25)


def test_flat_within_the_tolerance_is_stable() -> None:
    """A series is stable when the whole interval lies inside the tolerance."""
    values = noise(57, seed=3)

    assert find_drift(NIGHTS, values, tolerance=3.0).verdict == "stable"
    assert find_drift(NIGHTS, values, tolerance=0.01).verdict == "cannot_tell"


def test_a_significant_change_inside_the_tolerance_is_not_drifting() -> None:
    """What matters to nobody is no drift, however certain."""
    values = 0.05 * noise(57) + ramp(1)

    assert find_drift(NIGHTS, values).verdict == "drifting"
    assert find_drift(NIGHTS, values, tolerance=2.0).verdict == "stable"


def test_few_nights_cannot_tell() -> None:
    """With fewer than eight nights there is no slope."""
    found = find_drift(range(7), range(7))

    assert (found.verdict, found.n_nights) == ("cannot_tell", 7)
    assert math.isnan(found.slope_per_30d)
    assert math.isnan(found.p_value)


def test_an_exchanged_board_is_a_step_and_no_drift() -> None:
    """The drift is that of the nights since the last step."""
    values = noise(57)
    values[20:] += 8

    found = find_drift(NIGHTS, values)

    assert found.verdict != "drifting"
    assert found.since == NIGHTS[20]
    assert found.n_nights == 37


def test_known_steps_are_taken_as_given() -> None:
    """With ``since`` the caller says where the present level began."""
    found = find_drifts(NIGHTS, noise(57), since=[NIGHTS[30]])[0]

    assert (found.since, found.n_nights) == (NIGHTS[30], 27)


def test_the_window_looks_back_from_the_last_night() -> None:
    """Only nights within the window count."""
    found = find_drift(NIGHTS, noise(57), window_days=30)

    assert found.since >= NIGHTS[-1] - 30
    assert found.n_nights == int((NIGHTS[-1] - NIGHTS <= 30).sum())


def test_temperature_is_removed_in_the_same_fit() -> None:
    """What follows a covariate is no drift of its own."""
    warm = 10 * NIGHTS / 80 + noise(57, seed=5)
    values = noise(57, seed=6) + 2 * warm

    assert find_drift(NIGHTS, values).verdict == "drifting"
    assert find_drift(NIGHTS, values, covariate=warm).p_value > 0.01


def test_a_constant_or_collinear_covariate_is_harmless() -> None:
    """A temperature that never changed changes nothing; one that is time itself hides all."""
    values = noise(57) + ramp(6)
    plain = find_drift(NIGHTS, values)

    constant = find_drift(NIGHTS, values, covariate=np.full(57, 7.0))
    assert constant.slope_per_30d == pytest.approx(plain.slope_per_30d)
    assert find_drift(NIGHTS, values, covariate=NIGHTS).verdict == "cannot_tell"


def test_exposures_of_a_night_count_once() -> None:
    """Several exposures a night are averaged, a spike among them left out, in order of time."""
    times = np.repeat(np.arange(30), 4) + np.tile([0.7, 0.71, 0.72, 0.73], 30)
    values = np.repeat(noise(30), 4)
    values[50] += 100
    order = np.random.default_rng(1).permutation(120)

    nights = one_value_per_night(times[order], values[order])

    assert nights.times == pytest.approx(np.arange(30) + 0.715)
    assert nights.values[:, 0] == pytest.approx(noise(30))


def test_a_night_lasts_past_midnight_utc() -> None:
    """Exposures before and after 0h UTC belong to one night, as in day_obs."""
    nights = one_value_per_night([60000.9, 60001.3, 60001.9], [[1.0], [3.0], [5.0]])

    assert nights.values[:, 0].tolist() == [2.0, 5.0]


def test_false_drifts_are_few() -> None:
    """At alpha 0.01 noise drifts in at most 2 % of series, 3-day correlated noise in 7 %."""
    white = find_drifts(range(40), noise(40, series=500).T)
    slow = find_drifts(range(40), correlated(40, series=500, phi=math.exp(-1 / 3)).T)

    assert np.mean([one.p_value <= 0.01 for one in white]) <= 0.02
    assert np.mean([one.p_value <= 0.01 for one in slow]) <= 0.07


def test_few_drifting_amplifiers_are_found_among_thousands() -> None:
    """p-values go below one over the number of draws, so that a few survive the correction."""
    values = noise(120, series=1000).T
    values[:, :5] += np.linspace(0, 5, 120)[:, None]

    found = find_drifts(np.arange(120.0), values)

    assert [one.verdict for one in found[:5]] == ["drifting"] * 5
    assert sum(one.verdict == "drifting" for one in found[5:]) <= 2


def test_series_with_gaps_are_fitted_on_their_own_nights() -> None:
    """A series has the same slope beside others as alone."""
    values = noise(57, series=3).T
    values[5:20, 1] = np.nan
    values[:, 2] = np.nan

    together = find_drifts(NIGHTS, values)

    for column in (0, 1):
        alone = find_drift(NIGHTS, values[:, column])
        assert together[column].slope_per_30d == pytest.approx(alone.slope_per_30d)
    assert (together[1].n_nights, together[2].verdict) == (42, "cannot_tell")


@pytest.mark.parametrize(
    ("times", "values", "verdict"),
    [
        ([], [], "cannot_tell"),
        ([5.0], [1.0], "cannot_tell"),
        ([5.0] * 30, range(30), "cannot_tell"),
        (range(20), [math.nan] * 20, "cannot_tell"),
        (range(20), [math.inf] * 20, "cannot_tell"),
        ([math.nan] * 20, range(20), "cannot_tell"),
        (range(20), [3.3] * 20, "stable"),
        (range(30), [1.0] * 15 + [2.0] * 15, "stable"),
        (range(30), range(30), "drifting"),
        (range(29, -1, -1), range(30), "drifting"),
    ],
)
def test_degenerate_series_have_a_verdict(
    times: list[float], values: list[float], verdict: str
) -> None:
    """Whatever is given, there is a verdict."""
    assert find_drift(times, values).verdict == verdict
