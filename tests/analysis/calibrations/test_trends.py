from __future__ import annotations

import math

import numpy as np
import pytest

from reportgen.analysis.calibrations import trends as calibration_trends
from reportgen.analysis.calibrations.conditions import is_covariate, without_condition
from reportgen.analysis.calibrations.detectors import common_change
from reportgen.analysis.calibrations.report import CalibrationRules
from reportgen.model.calibration_places import Place
from reportgen.model.calibration_trends import SeriesTrend, Trend, WindowDrift
from reportgen.model.calibrations import ChangeKind, StageReport
from reportgen.model.report import Epoch
from reportgen.model.runs import Run, RunKey
from tests.analysis.calibrations.cases import (
    RUN,
    camera,
    noise,
    statistic,
)

SHAPE = (90, 2, 6)
NOW = np.arange(SHAPE[0])[:, None]


def values(**planted: np.ndarray) -> np.ndarray:
    """Return noise about levels of 5 to 8, with something planted in ``a`` (first amplifier)."""
    made = noise(*SHAPE, sigma=0.05) + np.linspace(5, 8, SHAPE[2])
    if "amplifier" in planted:
        made[:, 0, 0] += planted["amplifier"].ravel()
    if "detector" in planted:
        made[:, 1, :] += planted["detector"]
    return made


def trend_of(report: StageReport, detector: str, amplifier: str | None = None) -> SeriesTrend:
    """Return what was found in NOISE of an amplifier, or in the median of a detector."""
    found = statistic(report, "NOISE")
    if amplifier is None:
        return next(s.trend for s in found.summaries if s.detector == detector)
    return found.trends[list(found.places).index(Place(detector=detector, amplifier=amplifier))]


def drifting(
    report: StageReport, window: float | None = 30.0
) -> set[tuple[str | None, str | None]]:
    """Return the places of NOISE that drift; of medians, the detector alone."""
    found = statistic(report, "NOISE")
    pairs = [(p.detector, p.amplifier, t) for p, t in zip(found.places, found.trends, strict=True)]
    pairs += [(s.detector, None, s.trend) for s in found.summaries]
    return {
        (detector, amplifier)
        for detector, amplifier, trend in pairs
        if (drift := trend.drift(window)) is not None and drift.verdict is Trend.DRIFTING
    }


def test_drift_of_one_amplifier_is_found_where_it_is() -> None:
    """An amplifier that drifts is named, and neither its siblings nor its detector."""
    report = camera({"NOISE": values(amplifier=0.4 * NOW / 30)}).report()
    assert drifting(report) == {("R22_S00", "C00")}
    drift = trend_of(report, "R22_S00", "C00").drift()
    assert drift is not None
    assert drift.slope_per_30d == pytest.approx(0.4, abs=0.1)
    assert drift.ci_low is not None
    assert drift.ci_high is not None
    assert drift.ci_low < 0.4 < drift.ci_high
    assert [d.window_days for d in trend_of(report, "R22_S00", "C00").drifts] == [30, 90, 365, None]


def test_drift_too_slow_for_an_amplifier_shows_in_the_median() -> None:
    """What all amplifiers of a detector do together is seen in its median."""
    report = camera({"NOISE": values(detector=0.06 * NOW / 30)}).report()
    assert (("R22_S01", None) in drifting(report, None)) is True
    assert all(detector == "R22_S01" for detector, _ in drifting(report, None))


def test_one_amplifier_does_not_make_its_detector_drift() -> None:
    """The common change of a detector does not follow an amplifier that passes the others."""
    made = values(amplifier=3.0 * NOW / 90)[:, 0, :]
    np.testing.assert_allclose(
        np.median(made, axis=1)[-5:] - np.median(made, axis=1)[:5], 0.6, atol=0.3
    )
    np.testing.assert_allclose(common_change(made)[-5:] - common_change(made)[:5], 0, atol=0.1)


def test_exchanged_board_is_a_step_and_no_drift() -> None:
    """A lasting change of level is a confirmed step at its night; after it nothing drifts."""
    report = camera({"NOISE": values(detector=0.8 * (NOW >= 70))}).report()
    (step,) = trend_of(report, "R22_S01").steps
    assert (step.night, step.confirmed) == (70, True)
    assert step.change == pytest.approx(0.8, abs=0.05)
    assert drifting(report) == set()
    limits = trend_of(report, "R22_S01").limits
    assert limits is not None
    assert limits.since == 70
    assert limits.low > trend_of(report, "R22_S01").steps[0].before


def test_stationary_cameras_show_nothing() -> None:
    """Of many amplifiers that do nothing, none steps or drifts."""
    made = noise(90, 6, 16, seed=5)
    report = camera({"NOISE": made}).report()
    found = statistic(report, "NOISE")
    assert drifting(report) == set()
    assert sum(bool(trend.steps) for trend in found.trends) <= 1
    assert not any(summary.trend.steps for summary in found.summaries)


def temperature() -> np.ndarray:
    """Return a temperature of the detectors that swings and rises."""
    swing = 0.6 * np.sin(NOW / 4.3) + 0.01 * NOW
    return np.broadcast_to((swing + noise(SHAPE[0], 1, sigma=0.15, seed=3))[:, :, None], SHAPE)


def test_what_follows_the_temperature_is_neither_step_nor_drift() -> None:
    """A temperature is taken out of the values; it is itself no result and has no verdict."""
    hot = temperature()
    report = camera({"NOISE": values() + 0.4 * hot, "TEMPERATURE": hot}).report()
    found = statistic(report, "NOISE")
    assert list(found.covariates) == ["TEMPERATURE"]
    assert drifting(report) == drifting(report, None) == set()
    assert not any(summary.trend.steps for summary in found.summaries)
    assert statistic(report, "TEMPERATURE").is_covariate
    assert all(trend == SeriesTrend() for trend in statistic(report, "TEMPERATURE").trends)


def test_drift_is_found_beside_the_temperature() -> None:
    """Taking the temperature out leaves a drift of the value itself."""
    hot = temperature()
    made = values(amplifier=0.4 * NOW / 30) + 0.4 * hot
    report = camera({"NOISE": made, "TEMPERATURE": hot}).report()
    drift = trend_of(report, "R22_S00", "C00").drift(None)
    assert drift is not None
    assert drift.verdict is Trend.DRIFTING
    assert drift.slope_per_30d == pytest.approx(0.4, abs=0.05)


def test_temperature_of_the_exposure_serves_all_its_places() -> None:
    """A condition given once per exposure explains the numbers of every amplifier."""
    hot = temperature()
    cases = camera({"NOISE": values() + 0.4 * hot, "TEMPERATURE": hot[:, :1, :1]})
    for row in cases.values:
        if row["metric"].endswith("TEMPERATURE"):
            row |= {"detector": None, "amplifier": None}
    report = cases.report()
    assert list(statistic(report, "NOISE").covariates) == ["TEMPERATURE"]
    assert drifting(report, None) == set()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("TEMPERATURE", True), ("CCD_TEMP", True), ("ATTEMPTS", False), ("NOISE", False)],
)
def test_conditions_are_known_by_their_names(name: str, expected: bool) -> None:  # noqa: FBT001
    """Temperature, pressure and humidity are conditions; nothing that only sounds like one."""
    assert is_covariate(name) is expected


def test_influence_of_a_condition_leaves_steps_alone() -> None:
    """A step of the value stays whole when the condition is taken out."""
    hot = temperature()[:, 0, :1]
    made = values()[:, 0, :1]
    corrected = without_condition(NOW.ravel(), made + 0.4 * hot + 2.0 * (NOW >= 50), hot)
    after, before = corrected[50:].mean(), corrected[:50].mean()
    assert after - before == pytest.approx(2.0, abs=0.05)
    assert corrected[:50].std() == pytest.approx(0.05, rel=0.3)


def test_epochs_are_never_crossed() -> None:
    """A change of unit at an epoch is no step, and drift counts from there on."""
    made = values()
    made[45:] *= 1.7
    cases = camera({"NOISE": made})
    before = Run(key=RunKey(dataset=RUN.dataset, release="before"))
    cases.runs = (before, RUN)
    for row in cases.values[: 45 * 12]:
        row["run"] = before.id
    epoch = Epoch(from_run=RUN.id, position=1, reason="electrons from here on")
    rules = CalibrationRules(epochs=lambda *_: [epoch])
    report = cases.report(rules)
    found = statistic(report, "NOISE")
    assert [epoch.night for epoch in found.epochs] == [45]
    assert not any(trend.steps for trend in found.trends)
    drift = trend_of(report, "R22_S00").drift(None)
    assert drift is not None
    assert drift.nights == 45


def test_a_value_far_out_is_outside_its_control_limits() -> None:
    """The last value is held against limits from the nights before it."""
    made = values()
    made[-1, 0, 0] += 1.0
    report = camera({"NOISE": made}).report()
    assert trend_of(report, "R22_S00", "C00").outside
    assert not trend_of(report, "R22_S00", "C01").outside
    kinds = {(c.kind, c.place.amplifier) for c in report.changes}
    assert (ChangeKind.OUTSIDE, "C00") in kinds


def test_changes_since_last_month_are_listed_worst_first() -> None:
    """Newly failing comes before drift and step; a step of a detector speaks for its amplifiers."""
    made = values(amplifier=0.5 * NOW / 30, detector=0.8 * (NOW >= 70))
    passed = np.ones(SHAPE, dtype=bool)
    passed[80:, 0, 3] = False
    passed[:50, 0, 4] = False
    report = camera({"NOISE": made}, passed={"NOISE": passed}).report()
    assert report.reference_night == 59
    first, second, *_ = report.changes
    assert (first.kind, first.place.amplifier) == (ChangeKind.NEWLY_FAILING, "C03")
    assert first.night == 80
    assert (second.kind, second.place.amplifier) == (ChangeKind.DRIFTING, "C00")
    assert second.drift is not None
    (step,) = [change for change in report.changes if change.kind is ChangeKind.STEP]
    assert (step.place, step.members, step.of) == (Place(detector="R22_S01"), 6, 6)
    assert step.after is not None
    assert step.before is not None
    assert step.after - step.before == pytest.approx(0.8, abs=0.2)


def test_nothing_is_compared_without_a_month() -> None:
    """A history of less than a month has no night to compare with."""
    report = camera({"NOISE": values()[:20]}).report()
    assert report.reference_night is None
    assert report.changes == []


def test_an_amplifier_that_dies_is_no_longer_measured() -> None:
    """A value that is gone is said to be gone, and is never a number."""
    made = values()
    made[75:, 0, 2] = math.nan
    report = camera({"NOISE": made}).report()
    (change,) = [c for c in report.changes if c.kind is ChangeKind.NOT_MEASURED]
    assert (change.place.amplifier, change.night, change.after) == ("C02", 75, None)


@pytest.mark.parametrize(
    "made",
    [
        np.full((3, 1, 1), math.nan),
        np.ones((1, 1, 1)),
        np.ones((40, 2, 3)),
        np.full((40, 1, 2), np.inf),
        np.arange(4.0).reshape(4, 1, 1),
    ],
)
def test_degenerate_histories_have_a_verdict(made: np.ndarray) -> None:
    """All missing, one point, constant, infinite or short: a verdict, never an exception."""
    found = statistic(camera({"NOISE": made}).report(), "NOISE")
    for trend in found.trends:
        assert all(isinstance(drift, WindowDrift) for drift in trend.drifts)
        assert all(drift.verdict is not Trend.DRIFTING for drift in trend.drifts)
        assert list(trend.steps) == []


def test_two_processes_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of processes does not change what is found."""
    monkeypatch.setattr(calibration_trends, "WORTH_PROCESSES", 1)
    cases = camera({"NOISE": values(amplifier=0.4 * NOW / 30), "MEAN": values()})
    one, two = cases.report(), cases.report(jobs=2)
    for first, second in zip(one.statistics, two.statistics, strict=True):
        assert list(first.trends) == list(second.trends)
