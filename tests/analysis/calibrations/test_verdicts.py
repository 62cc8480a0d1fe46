from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reportgen.config import SourceConfig
from reportgen.model.calibration_verdicts import ListedFailure, SummaryVerdict
from reportgen.model.calibrations import StageReport, TimeKind
from reportgen.model.runs import Run, RunKey
from tests.analysis.calibrations.cases import (
    RUN,
    Cases,
    camera,
    history,
    pull,
    run_row,
    statistic,
    stored_reports,
)


def table(*rows: str) -> np.ndarray:
    """Return verdicts of the amplifiers of a detector, a night per row; x fails."""
    return np.array([[[letter != "x" for letter in row]] for row in rows])


def judge(*rows: str, values: np.ndarray | None = None) -> StageReport:
    """Return a report with one test, and the values behind it."""
    outcomes = table(*rows)
    shown = np.ones(outcomes.shape) if values is None else values.reshape(outcomes.shape)
    return camera({"NOISE": shown}, passed={"NOISE": outcomes}).report()


def test_verdicts_are_counted_by_night() -> None:
    """Failing and judged places are counted night by night, as the files say it."""
    found = history(judge("...", "x..", "xx."), "NOISE")
    assert found.failing.tolist() == [0, 1, 2]
    assert found.judged.tolist() == [3, 3, 3]
    assert found.since == [1, 2, None]


def test_failing_since_begins_after_the_last_pass() -> None:
    """A place fails since the first night after it last passed."""
    assert history(judge("x", "x", ".", "x", "x"), "NOISE").since == [3]
    assert history(judge("x", "x"), "NOISE").since == [0]


def test_a_verdict_stands_beside_the_value_it_judges() -> None:
    """Each value has the verdict of its own test, and of no other."""
    report = camera(
        {
            "NOISE": np.ones((2, 1, 2)),
            "MEAN": np.ones((2, 1, 2)),
            "READ_NOISE_ADU": np.ones((2, 1, 2)),
        },
        passed={"NOISE": table("..", "x."), "READ_NOISE_CONSISTENT": table("x.", "..")},
    ).report()
    assert statistic(report, "NOISE").passed.tolist() == [[1, 1], [0, 1]]
    assert statistic(report, "READ_NOISE_ADU").test == "READ_NOISE_CONSISTENT"
    assert statistic(report, "READ_NOISE_ADU").passed.tolist() == [[0, 1], [1, 1]]
    assert statistic(report, "MEAN").test is None
    assert statistic(report, "MEAN").passed.tolist() == [[-1, -1], [-1, -1]]


def test_verdict_that_flips_while_the_value_stays() -> None:
    """Values that had passed as they are cannot explain why they fail now."""
    values = np.array([[7.8, 7.7], [7.9, 7.8], [7.83, 7.75]])
    report = judge("..", "..", "xx", values=values)
    (change,) = history(report, "NOISE").changes
    assert (change.failing_before, change.judged_before) == (0, 2)
    assert (change.failing, change.judged) == (2, 2)
    assert (change.comparable, change.seen_before) == (2, 2)
    assert change.relative_change == pytest.approx(-0.0077, abs=1e-4)


def test_verdict_that_flips_with_its_value() -> None:
    """A value that leaves the range of those that passed explains its failure."""
    values = np.array([[7.8], [7.9], [8.3]])
    (change,) = history(judge(".", ".", "x", values=values), "NOISE").changes
    assert (change.comparable, change.seen_before) == (1, 0)
    assert change.value_change == pytest.approx(0.4)


def test_verdicts_that_change_for_one_night_are_told_from_those_that_stay() -> None:
    """A failure that stands alone does not last; one at the end of the history may."""
    found = history(judge("..", "..", "x.", "..", "..", ".x", ".x", "..", "..", ".x"), "NOISE")
    assert [(change.night, change.lasting) for change in found.changes] == [
        (2, False),
        (3, False),
        (5, True),
        (7, True),
        (9, True),
    ]


def test_amplifiers_that_join_are_compared_with_their_own_last_verdict() -> None:
    """An amplifier left out for some nights is newly failing against its own last verdict."""
    cases = camera({"NOISE": np.ones((3, 1, 2))}, passed={"NOISE": table("..", "..", "xx")})
    cases.verdicts = [
        v for v in cases.verdicts if (v["date"], v["amplifier"]) != ("2026-07-02", "C01")
    ]
    found = history(cases.report(), "NOISE")
    assert found.judged.tolist() == [2, 1, 2]
    (change,) = found.changes
    assert list(change.newly_failing) == [0, 1]
    assert list(change.first_seen) == []


def test_old_tests_without_prefix_find_their_number() -> None:
    """GAIN of stage ptc judges PTC_GAIN; SCATTER of a detector judges DET_SCATTER."""
    report = camera(
        {"PTC_GAIN": np.ones((1, 1, 1))}, passed={"GAIN": table(".")}, stage="ptc"
    ).report()
    assert history(report, "GAIN").statistic == "PTC_GAIN"
    cases = camera(
        {"DET_SCATTER": np.ones((1, 1, 1))}, passed={"SCATTER": table("x")}, stage="flat"
    )
    for row in (*cases.values, *cases.verdicts):
        row["amplifier"] = None
    cases.verdicts[0]["level"] = "detector"
    report = cases.report()
    assert history(report, "SCATTER", "detector").statistic == "DET_SCATTER"
    assert statistic(report, "DET_SCATTER").passed.tolist() == [[0]]


def test_success_false_without_failures_is_told_from_one_with() -> None:
    """What a run says of each exposure is kept; SUCCESS false without a failure stays visible."""
    cases = Cases()
    cases.verdicts = [
        run_row("SUCCESS", passed=False),
        run_row("SUCCESS", passed=False, exposure="2026070100012"),
        run_row("NOISE", passed=False, exposure="2026070100012", detector="0", amplifier="C10"),
        run_row("SUCCESS", passed=False, exposure="2026070100013"),
        run_row("SUCCESS", passed=True, exposure="2026070100014"),
    ]
    report = cases.report()
    listed = (ListedFailure(test="NOISE", detector="0", amplifier="C10"),)
    common = {"night": 0, "level": "run", "detector": None}
    assert [(v.exposure, v.success, tuple(v.failures)) for v in report.verdicts] == [
        (None, False, listed),
        ("2026070100012", False, listed),
        ("2026070100013", False, ()),
        ("2026070100014", True, ()),
    ]
    assert report.verdicts[2] == SummaryVerdict(
        exposure="2026070100013", success=False, failures=[], **common
    )
    assert [v.unexplained for v in report.verdicts] == [False, False, True, False]
    assert report.tests == []


def test_failures_without_success_belong_to_their_exposure() -> None:
    """Old files list failures without SUCCESS: nothing is said of success then."""
    cases = Cases()
    cases.verdicts = [
        run_row("NOISE", passed=False, exposure="2026070100012", detector="0", amplifier="C10")
    ]
    (verdict,) = cases.report().verdicts
    assert (verdict.exposure, verdict.detector, verdict.success) == ("2026070100012", None, None)
    assert len(verdict.failures) == 1


@pytest.fixture(scope="module")
def latiss(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, StageReport]:
    """Return the reports on the reference files of ci_cpp_gen3, by stage."""
    source = SourceConfig(
        name="LATISS",
        type="cp-verify",
        location="data/real/ci_cpp_gen3/*/*.yaml",
        pattern=r"(?P<stage>[a-z]+)(?P<level>Det|Exp|Run)/(?P<date>\d{4}-\d{2}-\d{2})",
        root=shared,
        instrument="LATISS",
        detector=0,
        dataset="LATISS calibrations",
        release="daily",
    )
    return stored_reports(pull(source, tmp_path_factory.mktemp("store"), lambda _: True))


def test_latiss_noise_stays_while_its_verdict_flips(latiss: dict[str, StageReport]) -> None:
    """9 of 16 amplifiers fail NOISE from 2025-04-03 on, at 7.8314 in amplifier C10."""
    report = latiss["bias"]
    assert report.axis.kind is TimeKind.VERSIONS
    found = history(report, "NOISE")
    judged = np.flatnonzero(found.judged)
    assert [(report.axis.nights[n], found.failing[n], found.judged[n]) for n in judged] == [
        ("2023-12-13", 0, 16),
        ("2025-04-03", 9, 16),
        ("2025-08-20", 9, 16),
    ]
    values = statistic(report, "NOISE")
    (column,) = [n for n, p in enumerate(values.places) if p.amplifier == "C10"]
    assert values.nightly[judged, column] == pytest.approx([7.5993, 7.8314, 7.9167], abs=1e-4)
    assert values.unit is None


def test_latiss_flat_says_false_and_lists_nothing(latiss: dict[str, StageReport]) -> None:
    """In the flats of 2024-10-21 eight exposures are not successful, and nothing says why."""
    report = latiss["flat"]
    night = report.axis.nights.index("2024-10-21")
    found = [v for v in report.verdicts if (v.night, v.level) == (night, "run")]
    assert sum(v.unexplained and v.exposure is not None for v in found) == 8
    assert sum(v.success is True for v in found) == 7


def test_every_latiss_stage_is_reported(latiss: dict[str, StageReport]) -> None:
    """Each kind of file gives a report, with verdicts where the files have them."""
    assert set(latiss) == {"bfk", "bias", "crosstalk", "dark", "flat", "linearity", "ptc"}
    assert all(report.tests or report.verdicts for report in latiss.values())


def test_two_files_of_one_night_are_kept_apart() -> None:
    """A run that passes does not replace another of the same night that fails."""
    cases = Cases()
    cases.verdicts = [
        run_row("SUCCESS", passed=False, job="r"),
        run_row("SUCCESS", passed=False, job="r", exposure="2026070100012"),
        run_row("NOISE", passed=False, job="r", exposure="2026070100012", detector="0"),
        run_row("SUCCESS", passed=True, job="i"),
        run_row("SUCCESS", passed=True, job="i", exposure="2026070100013"),
    ]
    found = cases.report().verdicts
    assert [(v.file, v.exposure, v.success, len(v.failures)) for v in found] == [
        (0, None, False, 1),
        (0, "2026070100012", False, 1),
        (1, None, True, 0),
        (1, "2026070100013", True, 0),
    ]


def test_a_file_verified_again_says_what_its_newest_version_says() -> None:
    """Of two runs that judge the same exposure, the later counts, for the whole file too."""
    again = Run(key=RunKey(dataset="Cam calibrations", release="reprocessed"))
    cases = Cases(runs=(RUN, again))
    for run, passed in ((again.id, True), (RUN.id, False)):
        row = {"run": run, "job": run}
        cases.verdicts += [
            run_row("SUCCESS", passed=passed, **row),
            run_row("SUCCESS", passed=passed, exposure="2026070100012", **row),
        ]
    assert [(v.exposure, v.success) for v in cases.report().verdicts] == [
        (None, True),
        ("2026070100012", True),
    ]
