from __future__ import annotations

import numpy as np
import pytest

from reportgen.config import load_config
from reportgen.model.calibrations import StageReport
from reportgen.model.figures import HistoryFigure
from tests.analysis.calibrations.cases import (
    Cases,
    camera,
    exposure,
    nights,
    noise,
    pull,
    stored_reports,
)
from tests.pages.calibrations.rendered import ROOT, Site, render

NIGHTS = 60


def flipping(*, same: bool) -> StageReport:
    """Return one detector of four amplifiers of which two begin to fail NOISE at night 40."""
    values = noise(NIGHTS, 1, 4, sigma=0.01) + 7.8
    if not same:
        values[40:, 0, :2] += 1.0
    passed = np.ones((NIGHTS, 1, 4), dtype=bool)
    passed[40:, 0, :2] = False
    cases = camera({"NOISE": values}, passed={"NOISE": passed})
    for row in (*cases.values, *cases.verdicts):
        row["detector"] = "0"
    return cases.report()


def test_a_verdict_that_flips_without_its_value_is_said_first() -> None:
    """The sentence says that the value stayed; beside it stand both histories."""
    site = render(flipping(same=True))
    lead = site.pages[1].description
    assert lead.startswith(
        "2 of 4 amplifiers fail NOISE since 2026-08-10, although NOISE is what it was when they"
        " passed;"
    )
    values, verdicts = (
        site.named("Cam bias NOISE"),
        site.named("Cam bias NOISE: failing amplifiers"),
    )
    assert isinstance(values, HistoryFigure)
    assert isinstance(verdicts, HistoryFigure)
    assert values.times == verdicts.times
    assert list(verdicts.series[0].values) == [0.0] * 40 + [2.0] * 20
    assert max(values.series[0].values) - min(values.series[0].values) < 0.1
    text = site.text("calibrations/cam/bias/")
    assert "0 of 4 2 of 4 newly failing: detector 0 C00, detector 0 C01" in text
    assert "what it is judged against changed" in text


def test_a_verdict_that_flips_with_its_value_says_by_how_much() -> None:
    """Where the value moved the sentence gives its change and blames nothing else."""
    site = render(flipping(same=False))
    assert "when NOISE changed by +13\u00a0%" in site.pages[1].description
    assert "what it is judged against changed" not in site.text("calibrations/cam/bias/")


def summary(test: str, *, passed: bool, **more: object) -> dict[str, object]:
    """Return one row of a file per run."""
    row = exposure(nights(1)[0]) | {"exposure": None, "stage": "flat", "level": "run"}
    return row | {"test": test, "passed": passed} | more


def test_success_false_without_failures_is_shown_as_exactly_that() -> None:
    """A file that says false and lists nothing is quoted, not explained."""
    cases = Cases()
    cases.verdicts = [
        summary("SUCCESS", passed=False),
        summary("SUCCESS", passed=False, exposure="2026070100012"),
        summary("SUCCESS", passed=True, exposure="2026070100013"),
    ]
    site = render(cases.report())
    text = site.text("calibrations/cam/flat/")
    assert "exposure 2026070100012 fail SUCCESS is false, the file lists no failure" in text
    assert "exposure 2026070100013 pass " in text
    assert "SUCCESS is false, the file lists no failure" in site.pages[1].description


def test_files_per_run_alone_have_a_verdict() -> None:
    """Where no file per detector is there, those per run are summed up."""
    cases = Cases()
    cases.verdicts = [
        summary("SUCCESS", passed=False, exposure="2026070100012"),
        summary("NOISE", passed=False, exposure="2026070100012", detector="0", amplifier="C10"),
        summary("SUCCESS", passed=True, exposure="2026070100013"),
    ]
    site = render(cases.report())
    said = "1 of 2 exposures is not successful on 2026-07-01, for NOISE; the files give no numbers."
    assert site.pages[1].description == said
    assert "fail 1 of 2 verdicts fail on 2026-07-01" in site.text("calibrations/")


def test_a_detector_left_out_of_the_last_night_is_not_judged() -> None:
    """A detector without verdicts at the last date shows none, in the right columns."""
    passed = np.ones((6, 2, 2), dtype=bool)
    passed[:, 1, 0] = False
    cases = camera({}, passed={"MEAN": passed, "NOISE": ~passed})
    cases.verdicts = [
        row
        for row in cases.verdicts
        if row["detector"] == "R22_S00" or row["date"] < "2026-07-06" or row["test"] == "NOISE"
    ]
    text = render(cases.report()).text("calibrations/cam/bias/")
    assert "R22_S00 pass all 2 fail 2 of 2" in text
    assert "R22_S01 – not judged fail 1 of 2" in text


def test_success_that_does_not_fit_its_tests_is_remarked() -> None:
    """An amplifier that is no success though no test failed, or the reverse, says so."""
    ones = np.ones((1, 1, 2), dtype=bool)
    success, read_noise = ones.copy(), ones.copy()
    success[0, 0, 0] = False
    read_noise[0, 0, 1] = False
    tests = {"NOISE": ones, "READ_NOISE_CONSISTENT": read_noise, "SUCCESS": success}
    text = render(camera({}, passed=tests).report()).text("calibrations/cam/bias/")
    assert "C00 pass pass fail SUCCESS is false, the file lists no failure" in text
    assert "C01 pass fail pass SUCCESS is true although READ_NOISE_CONSISTENT fails" in text


def test_tests_that_are_no_longer_made_are_not_counted() -> None:
    """A test whose last verdict is old is named as such and fails nothing today."""
    cases = camera({}, passed={"NOISE": np.ones((5, 1, 1)), "OLD": np.zeros((3, 1, 1))})
    site = render(cases.report())
    text = site.text("calibrations/cam/bias/")
    assert "No longer judged OLD of the amplifier (last 2026-07-03)" in text
    assert "0 of 1 verdicts fail on 2026-07-05" in text


@pytest.fixture(scope="module")
def latiss(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Return the pages on the LATISS history of this repository."""
    config = load_config(ROOT / "reportgen.toml")
    (source,) = [one for one in config.source if "latiss" in one.location]
    store = pull(source, tmp_path_factory.mktemp("latiss"), lambda _: True)
    return render(*stored_reports(store).values())


def test_latiss_says_that_noise_stayed_while_it_began_to_fail(latiss: Site) -> None:
    """The first thing said, and the first thing drawn, is the flip of NOISE at a flat value."""
    page = next(page for page in latiss.pages if page.path == "calibrations/latiss/bias/")
    assert page.description.startswith(
        "9 of 16 amplifiers fail NOISE since 2025-04-03, although NOISE of the 3 that can be"
        " compared is what it was when they passed; READ_NOISE_CONSISTENT fails as well;"
    )
    assert page.view.statistics[0].label == "NOISE"
    failing = latiss.named("LATISS bias NOISE: failing amplifiers")
    assert isinstance(failing, HistoryFigure)
    assert {one.label: list(one.values) for one in failing.series} == {
        "NOISE fails": [0, 0, 0, 0, 0, 0, 0, 9, 9],
        "judged": [16, 8, 8, 8, 8, 8, 8, 16, 16],
    }
    assert "a history of the software, not of the camera" in latiss.text(page.path)


def test_latiss_flats_quote_what_the_file_says(latiss: Site) -> None:
    """Eight flats, and their file as a whole, are no success, and no failure is listed."""
    text = latiss.text("calibrations/latiss/flat/")
    assert text.count("fail SUCCESS is false, the file lists no failure") == 9


def state(site: Site) -> str:
    """Return what the list of stages says."""
    return site.text("calibrations/").partition("In words")[2]


def test_failures_of_another_night_count_for_their_file() -> None:
    """A file of two nights fails by what it lists of the first, and says so as a whole."""
    cases = Cases()
    first, second = "2026010100001", "2026010200003"
    listed = {"exposure": first, "detector": "0", "amplifier": "C00", "date": "2026-01-01"}
    cases.verdicts = [
        summary("SUCCESS", passed=False, date="2026-01-02", day_obs=None, mjd=None),
        summary("SUCCESS", passed=False, exposure=first, date="2026-01-01", mjd=None),
        summary("MEAN", passed=False, **listed, mjd=None),
        summary("SUCCESS", passed=True, exposure=second, date="2026-01-02", mjd=None),
    ]
    site = render(cases.report())
    text = site.text("calibrations/cam/flat/")
    assert "run everything fail failures: 1 × MEAN" in text
    assert "SUCCESS is false, the file lists no failure" not in text
    assert "fail 1 of 2 verdicts fail on 2026-01-02" in state(site)
    assert site.pages[1].description.startswith(
        "1 of 2 exposures is not successful on 2026-01-01 to 2026-01-02, for MEAN;"
    )


def test_a_run_that_fails_is_not_hidden_by_tests_that_pass() -> None:
    """Where the tests of places pass, the file of the run of that date says what fails."""
    cases = camera({}, passed={"BRIGHT_SLOPE": np.ones((1, 1, 1))}, stage="flat")
    cases.verdicts += [
        summary("SUCCESS", passed=False),
        summary("SUCCESS", passed=False, exposure="2026070100013"),
        summary("BRIGHT_SLOPE", passed=False, exposure="2026070100013", detector="0"),
        summary("SUCCESS", passed=True, exposure="2026070100014"),
    ]
    site = render(cases.report())
    assert "fail 1 of 2 verdicts fail on 2026-07-01" in state(site)
    assert site.pages[1].description.startswith(
        "1 of 2 exposures is not successful on 2026-07-01, for BRIGHT_SLOPE; the test passes on"
        " 2026-07-01;"
    )


def test_a_run_older_than_the_tests_does_not_count_any_more() -> None:
    """A failed file of a run says nothing of the nights after it."""
    cases = camera({}, passed={"NOISE": np.ones((2, 1, 1))}, stage="flat")
    cases.verdicts.append(summary("SUCCESS", passed=False))
    site = render(cases.report())
    assert "pass 0 of 1 verdicts fail on 2026-07-02" in state(site)


def test_a_run_that_fails_though_each_of_its_exposures_passes_fails() -> None:
    """SUCCESS of a file is no less a verdict than that of its parts."""
    cases = Cases()
    cases.verdicts = [
        summary("SUCCESS", passed=False),
        summary("SUCCESS", passed=True, exposure="2026070100013"),
    ]
    site = render(cases.report())
    assert "fail 1 of 2 verdicts fail on 2026-07-01" in state(site)
    assert "the file as a whole is not successful on 2026-07-01" in site.pages[1].description


def test_failures_beside_success_are_shown_as_a_contradiction() -> None:
    """A file that lists failures and calls itself successful is quoted with both."""
    cases = Cases()
    listed = {"exposure": "2026070100013", "detector": "0", "amplifier": "C00"}
    cases.verdicts = [
        summary("SUCCESS", passed=True, exposure="2026070100013"),
        summary("READ_NOISE_CONSISTENT", passed=False, **listed),
    ]
    site = render(cases.report())
    said = "SUCCESS is true, yet the file lists failures: 1 × READ_NOISE_CONSISTENT"
    assert said in site.text("calibrations/cam/flat/")
    assert "fail 1 of 1 verdicts fail on 2026-07-01" in state(site)


def test_success_of_a_place_counts_where_nothing_else_fails() -> None:
    """SUCCESS false of a detector is a failure of the stage, also beside tests that pass."""
    noise_passes = camera({}, passed={"NOISE": np.ones((1, 1, 2))})
    row = noise_passes.verdicts[0]
    alone = row | {"amplifier": None, "level": "detector", "test": "SUCCESS", "passed": False}
    noise_passes.verdicts.append(alone)
    assert "fail 1 of 3 verdicts fail on 2026-07-01" in state(render(noise_passes.report()))
    cases = Cases(verdicts=[alone])
    assert "fail 1 of 1 verdicts fail on 2026-07-01" in state(render(cases.report()))


def test_the_date_of_verdicts_is_that_of_the_verdicts() -> None:
    """Where newer files have values alone, the verdicts keep their own date."""
    values = {"NOISE": np.ones((2, 1, 2))}
    cases = camera(values, passed={"NOISE": np.zeros((1, 1, 2))})
    site = render(cases.report())
    text = site.text("calibrations/cam/bias/")
    assert "fail 2 of 2 verdicts fail on 2026-07-01" in text
    assert "Last date 2026-07-02" in text
    assert "Last verdicts 2026-07-01: newer files have none" in text
    assert "verdicts of 2026-07-01" in state(site)


def test_exposures_of_files_per_exposure_are_counted_once() -> None:
    """An exposure and its detectors are one verdict; one of two that fails is one of two."""
    cases = Cases()
    for exposure_id, passed in (("2026070100013", False), ("2026070100014", True)):
        row = {"exposure": exposure_id, "level": "exposure", "job": exposure_id}
        cases.verdicts += [
            summary("SUCCESS", passed=passed, **row),
            summary("SUCCESS", passed=passed, detector="0", **row),
        ]
    site = render(cases.report())
    assert "fail 1 of 2 verdicts fail on 2026-07-01" in state(site)
    assert site.pages[1].description.startswith("1 of 2 exposures is not successful")


def test_a_file_of_an_unknown_exposure_is_not_one_more() -> None:
    """A file per exposure whose name does not say which one is not added to those of the run."""
    cases = Cases()
    cases.verdicts = [
        summary("SUCCESS", passed=False, exposure="2026070100013", job="run"),
        summary("NOISE", passed=False, exposure="2026070100013", detector="0", job="run"),
        summary("SUCCESS", passed=True, exposure="2026070100014", job="run"),
        summary("SUCCESS", passed=True, level="exposure", job="exposure"),
    ]
    site = render(cases.report())
    assert "fail 1 of 2 verdicts fail on 2026-07-01" in state(site)
    assert site.pages[1].description.startswith("1 of 2 exposures is not successful")
