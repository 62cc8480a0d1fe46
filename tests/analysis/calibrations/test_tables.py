from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from reportgen.analysis.calibrations.codes import MISSING, Codebook, Combinations
from reportgen.analysis.calibrations.nights import median_rows, nightly_worst, scatter
from reportgen.analysis.calibrations.report import CalibrationRules, report_calibrations
from reportgen.model.calibration_places import Place
from reportgen.model.calibration_verdicts import FAILED, NO_VERDICT, PASSED
from reportgen.model.calibrations import REASONS, StageKey
from reportgen.model.natural import natural
from reportgen.model.report import Epoch
from reportgen.model.runs import Run, RunKey
from tests.analysis.calibrations.cases import RUN, Cases, camera, exposure, nights, noise, statistic

NAN = float("nan")


def test_codes_give_the_words_back() -> None:
    """Encoding keeps every word and null, over chunks and repeated calls."""
    book = Codebook()
    first = book.encode(pa.chunked_array([["a", None], ["b", "a"]], pa.string()))
    again = book.encode(pa.chunked_array([["c", "b"]], pa.string()))
    assert [book.word(code) for code in first] == ["a", None, "b", "a"]
    assert [book.word(code) for code in again] == ["c", "b"]
    assert book.encode(pa.chunked_array([[None, None]], pa.string())).tolist() == [MISSING] * 2


def test_combinations_are_told_apart() -> None:
    """Each distinct row of codes has one number, also in later calls."""
    combinations = Combinations()
    first = combinations.encode([np.array([0, 0, 1]), np.array([MISSING, 2, 2])])
    again = combinations.encode([np.array([1, 5]), np.array([2, MISSING])])
    assert [combinations.rows[n] for n in first] == [(0, MISSING), (0, 2), (1, 2)]
    assert [combinations.rows[n] for n in again] == [(1, 2), (5, MISSING)]
    assert combinations.encode([np.array([], int), np.array([], int)]).tolist() == []


def test_median_leaves_missing_values_out() -> None:
    """The median of a column is that of numpy.nanmedian; without values it is nan."""
    values = np.array([[1.0, NAN, 5.0, NAN], [2.0, 4.0, 1.0, NAN], [9.0, 2.0, 3.0, NAN]])
    np.testing.assert_array_equal(median_rows(values), [2.0, 3.0, 3.0, NAN])


def test_one_failure_fails_the_night() -> None:
    """A night failed where any of its points failed, whatever the others say."""
    points = np.array(
        [[PASSED, FAILED, NO_VERDICT], [FAILED, NO_VERDICT, NO_VERDICT], [PASSED] * 3]
    )
    joined = nightly_worst(points, np.array([0, 0, 1]), 2)
    assert joined.tolist() == [[FAILED, FAILED, NO_VERDICT], [PASSED] * 3]


def test_scatter_does_not_see_drifts_and_steps() -> None:
    """The scatter from night to night of a drifting, stepping series is that of its noise."""
    values = noise(400, sigma=0.5)
    values += np.linspace(0, 20, 400) + 30 * (np.arange(400) > 200)
    assert scatter(values[:, None])[0] == pytest.approx(0.5, rel=0.15)


@pytest.mark.parametrize(
    ("first", "second"), [("2", "10"), ("C2", "C10"), ("R22_S01", "R22_S02"), ("a", "a1")]
)
def test_names_are_in_natural_order(first: str, second: str) -> None:
    """Numbers in names count as numbers."""
    assert natural(first) < natural(second)


def test_values_stand_at_their_point_and_place() -> None:
    """Each measurement is found again at its exposure, detector and amplifier."""
    values = np.arange(24.0).reshape(3, 2, 4)
    report = camera({"NOISE": values}, unit="electron").report()
    found = statistic(report, "NOISE")
    assert report.key == StageKey(instrument="Cam", stage="bias")
    assert found.unit == "electron"
    assert found.places[5] == Place(detector="R22_S01", amplifier="C01")
    np.testing.assert_array_equal(found.values, values.reshape(3, 8))
    assert report.axis.points[2].exposure == "2026070300012"
    assert report.axis.points[2].collection == "Cam/calib"


def test_missing_values_keep_their_reason() -> None:
    """A NaN in the file and a row that is not there are two things, and neither is a number."""
    values = np.ones((2, 1, 2))
    values[1, 0, 0] = NAN
    cases = camera({"NOISE": values})
    cases.values = [row for row in cases.values if row["value"] or row["amplifier"] == "C00"]
    del cases.values[0]
    found = statistic(cases.report(), "NOISE")
    assert [[REASONS[code] for code in row] for row in found.reasons] == [
        ["absent", None],
        ["nan", None],
    ]
    assert np.isnan(found.values[:, 0]).all()


def test_newest_verification_of_an_exposure_counts() -> None:
    """An exposure verified twice has the value of the later run, missing or not."""
    again = Run(key=RunKey(dataset="Cam calibrations", release="reprocessed"))
    cases = Cases(runs=(RUN, again))
    for number, day in enumerate(nights(9)):
        row = exposure(day) | {"metric": "cp_verify.BIAS_MEAN", "detector": "0", "amplifier": "C0"}
        cases.values.append(row | {"value": float(number)})
        if number == 4:
            cases.values.insert(0, row | {"value": 7.5, "run": again.id})
    assert statistic(cases.report(), "MEAN").values[4, 0] == 7.5


def test_several_exposures_a_night_are_joined() -> None:
    """A night has the median of its exposures, the points stay apart."""
    cases = Cases()
    for number, value in enumerate([1.0, 2.0, 9.0]):
        row = exposure(nights(1)[0], number) | {"metric": "cp_verify.BIAS_MEAN", "value": value}
        cases.values.append(row | {"detector": "0", "amplifier": "C00"})
    found = statistic(cases.report(), "MEAN")
    assert found.nightly.tolist() == [[2.0]]
    assert found.values.tolist() == [[1.0], [2.0], [9.0]]


def test_units_that_convert_are_one_history() -> None:
    """Values are shown in the newest unit; those that do not convert stand apart."""
    cases = Cases()
    units = [None, "adu", "adu", "mV", "V", "mV"]
    for day, unit in zip(nights(6), units, strict=True):
        value = 0.008 if unit == "V" else 8.0
        row = {"metric": "cp_verify.BIAS_NOISE", "value": value, "unit": unit}
        cases.values.append(exposure(day) | row | {"detector": "0", "amplifier": "C00"})
    report = cases.report()
    assert [(one.label, one.unit) for one in report.statistics] == [
        ("NOISE (mV)", "mV"),
        ("NOISE (ADU)", "adu"),
        ("NOISE (unit not stated)", None),
    ]
    np.testing.assert_array_equal(report.statistics[0].values[:, 0], [NAN] * 3 + [8.0] * 3)


def test_missing_value_without_unit_belongs_to_the_newest_unit() -> None:
    """A NaN that comes without a unit does not begin a history of its own."""
    values = np.ones((3, 1, 1))
    cases = camera({"NOISE": values}, unit="electron")
    cases.values[1] |= {"value": None, "reason": "nan", "unit": None}
    (found,) = cases.report().statistics
    assert found.label == "NOISE"
    assert REASONS[found.reasons[1, 0]] == "nan"


def test_overrides_state_units() -> None:
    """The unit that an override states counts where the file states none."""
    rules = CalibrationRules(unit=lambda metric, stated: stated or f"unit of {metric}")
    found = statistic(camera({"NOISE": np.ones((2, 1, 1))}).report(rules), "NOISE")
    assert found.unit == "unit of cp_verify.BIAS_NOISE"


def test_filters_are_kept_apart() -> None:
    """Flats through two filters are two histories."""
    cases = camera({"MEAN": np.ones((4, 1, 1))}, stage="flat")
    for number, row in enumerate(cases.values):
        row["physical_filter"] = "ri"[number % 2]
    assert [one.label for one in cases.report().statistics] == ["MEAN (i)", "MEAN (r)"]


def test_levels_of_one_name_are_kept_apart() -> None:
    """A number given per amplifier and per detector makes two tables, told apart in the label."""
    cases = camera({"MEAN": np.ones((2, 2, 1))})
    cases.values += [row | {"amplifier": None} for row in cases.values]
    labels = [one.label for one in cases.report().statistics]
    assert labels == ["MEAN (amplifier)", "MEAN (detector)"]


def test_an_amplifier_that_joins_is_no_step_of_the_median() -> None:
    """The median of a detector is over the amplifiers that have values in nearly all nights."""
    values = np.full((20, 1, 4), 5.0)
    values[:15, 0, 2:] = NAN
    values[15:, 0, 2:] = 50.0
    cases = camera({"NOISE": values})
    cases.values = [row for row in cases.values if row["value"] is not None]
    (summary,) = statistic(cases.report(), "NOISE").summaries
    assert list(summary.members) == [0, 1]
    assert list(summary.columns) == [0, 1, 2, 3]
    assert set(summary.median) == {5.0}
    assert (summary.low[-1], summary.high[-1]) == (5.0, 50.0)


def test_rows_of_other_instruments_and_runs_are_left_out() -> None:
    """Only runs of the edition count, and each instrument has its own report."""
    cases = camera({"NOISE": np.ones((2, 1, 1))})
    cases.values.append(cases.values[0] | {"run": "other/run", "value": 9.0})
    cases.values.append(cases.values[0] | {"instrument": "Other", "value": 7.0})
    reports = report_calibrations(cases.tables(), cases.runs)
    assert [(r.key.instrument, r.statistics[0].values.max()) for r in reports] == [
        ("Cam", 1.0),
        ("Other", 7.0),
    ]


def test_stage_with_verdicts_alone_is_reported() -> None:
    """A stage of which the files give verdicts and no numbers has a report."""
    cases = camera({}, passed={"NO_SIGNIFICANT_DETECTION": np.ones((2, 1, 1))}, stage="crosstalk")
    report = cases.report()
    assert report.statistics == []
    assert report.tests[0].judged.tolist() == [1, 1]


def test_epochs_begin_with_the_run_they_are_stated_for() -> None:
    """An epoch of the overrides lies at the first night of its run."""
    late = Run(key=RunKey(dataset=RUN.dataset, release="later"))
    cases = camera({"NOISE": np.ones((4, 1, 1))})
    cases.runs = (RUN, late)
    for row in cases.values[2:]:
        row["run"] = late.id
    epoch = Epoch(from_run=late.id, position=1, reason="another definition")
    report = cases.report(CalibrationRules(epochs=lambda *_: [epoch]))
    assert [(e.night, e.reason) for e in report.statistics[0].epochs] == [(2, "another definition")]
