from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from reportgen.analysis.calibrations import CalibrationRules
from reportgen.config import load_config
from reportgen.model.calibrations import StageReport
from reportgen.model.figures import FigureFile, FigureRequest, HistoryFigure, MapFigure
from reportgen.model.pages import Page
from reportgen.pages import calibrations
from reportgen.render.environment import make_environment, page_template
from tests.analysis.calibration_cases import (
    Cases,
    camera,
    exposure,
    nights,
    noise,
    pull,
    stored_reports,
)

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "site_templates"
TODAY = date(2026, 10, 10)
NIGHTS = 60


@dataclass
class Site:
    """The pages of some reports, rendered, and the figures that they asked for."""

    pages: list[Page] = field(default_factory=list)
    html: dict[str, str] = field(default_factory=dict)
    figures: list[FigureRequest] = field(default_factory=list)

    def figure(self, request: FigureRequest) -> FigureFile:
        """Give a figure its file."""
        self.figures.append(request)
        return FigureFile(
            name=f"{len(self.figures):020x}",
            width=680,
            height=300,
            alt=request.alt,
            caption=request.caption,
            title=request.title,
        )

    def text(self, path: str) -> str:
        """Return the text of a page without markup."""
        return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", self.html[path]))

    def named(self, title: str) -> FigureRequest:
        """Return the figure with a title."""
        (found,) = [figure for figure in self.figures if figure.title == title]
        return found


def render(*reports: StageReport) -> Site:
    """Render the pages of some reports."""
    site = Site()
    environment = make_environment(TEMPLATES)
    for page in calibrations.pages(reports, site.figure, today=TODAY):
        root = "../" * page.path.count("/")
        html = page_template(environment, page.template).render(view=page.view, root=root)
        site.pages.append(page)
        site.html[page.path] = html
    return site


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


@pytest.fixture(scope="module")
def small() -> Site:
    """Return the pages of a camera of three detectors in which something happens."""
    values = noise(NIGHTS, 3, 4, sigma=0.05) + 5
    values[:, 1, 2] += 0.5 * np.arange(NIGHTS) / 30
    values[55:, 2, 3] = math.nan
    passed = np.ones((NIGHTS, 3, 4), dtype=bool)
    passed[50:, 0, 1] = False
    cases = camera({"NOISE": values, "MEAN": values - 5}, passed={"NOISE": passed})
    rules = CalibrationRules(demonstration=lambda _: True)
    return render(cases.report(rules))


def test_there_is_a_page_for_each_stage_and_detector(small: Site) -> None:
    """The list, the stage, and the detectors of a camera have their pages below one another."""
    assert [page.path for page in small.pages] == [
        "calibrations/",
        "calibrations/cam/bias/",
        "calibrations/cam/bias/r22_s00/",
        "calibrations/cam/bias/r22_s01/",
        "calibrations/cam/bias/r22_s02/",
    ]


def test_one_detector_needs_no_page_of_its_own() -> None:
    """The amplifiers of a camera with one detector are on the page of the stage."""
    site = render(flipping(same=True))
    assert [page.path for page in site.pages] == ["calibrations/", "calibrations/cam/bias/"]
    assert 'id="value-0-C00"' in site.html["calibrations/cam/bias/"]


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
    assert "when NOISE changed by +12" in site.pages[1].description
    assert "what it is judged against changed" not in site.text("calibrations/cam/bias/")


def test_the_list_says_what_fails_what_drifts_and_how_old_it_is(small: Site) -> None:
    """A reader sees verdicts, drift, last date and its age in one row, each as icon and word."""
    text = small.text("calibrations/")
    assert "fail 1 of 12 verdicts fail at the last date" in text
    assert "drifting 1 of 12 places drift over 30 days" in text
    assert "2026-08-29 42 days ago" in text
    assert re.search(r'class="rg-badge rg-fail">fail<', small.html["calibrations/"])


def test_the_drifting_amplifier_is_named(small: Site) -> None:
    """The sentence names the statistics, the list below the amplifier and its slope."""
    stage = small.pages[1]
    assert "MEAN and NOISE drift over 30 days" in stage.description
    said = r"NOISE drifts over 30 days in 1 amplifier \(R22_S01 C02, \+0\.\d+ per 30 days\)"
    assert re.search(said, small.text(stage.path))


def test_missing_values_are_words(small: Site) -> None:
    """An amplifier that is no longer measured shows no number, and the list of changes says so."""
    text = small.text("calibrations/cam/bias/")
    assert "R22_S02 C03 – no value" in text
    assert "not measured had a value last month R22_S02 C03 NOISE" in text


def test_every_page_says_that_it_is_a_demonstration(small: Site) -> None:
    """Generated data are named as such on each page and in each figure."""
    for path, html in small.html.items():
        assert "Demonstration data: generated, not measured." in html, path
    assert all(figure.demonstration for figure in small.figures)


def test_ids_are_unique_and_rows_can_be_linked(small: Site) -> None:
    """Each table row, figure and section has an id of its own, and contents lead to them."""
    for page in small.pages:
        html = small.html[page.path]
        ids = Counter(re.findall(r'\bid="([^"]+)"', html))
        assert [name for name, n in ids.items() if n > 1] == []
        bodies = re.findall(r"<tbody>.*?</tbody>", html, re.DOTALL)
        assert [row for body in bodies for row in re.findall(r"<tr(?! id=)[^>]*>", body)] == []
        assert {heading.id for heading in page.toc} <= set(ids)


def test_links_stay_within_the_pages(small: Site) -> None:
    """Each link to a page of calibrations leads to one that is made."""
    paths = {page.path for page in small.pages}
    for page in small.pages:
        root = "../" * page.path.count("/")
        linked = re.findall(
            rf'href="{re.escape(root)}(calibrations/[^"#]*)"', small.html[page.path]
        )
        assert set(linked) <= paths


def test_units_that_nobody_states_are_said_to_be_unstated(small: Site) -> None:
    """Neither page nor figure takes an unknown unit for dimensionless."""
    text = small.text("calibrations/cam/bias/")
    assert "NOISE unit not stated" in text
    assert "dimensionless" not in text
    assert small.named("Cam bias NOISE").unit == "unit not stated"


def test_maps_show_verdicts_values_and_slopes(small: Site) -> None:
    """The pass map has the failing amplifier, the map of slopes the drifting one."""
    passes = next(f for f in small.figures if isinstance(f, MapFigure) and f.states)
    assert (passes.rows, passes.columns) == (("R22_S00", "R22_S01", "R22_S02"),
                                             ("C00", "C01", "C02", "C03"))  # fmt: skip
    assert passes.values[0] == (1.0, 0.0, 1.0, 1.0)
    slopes = small.named("Cam bias NOISE: change per 30 days")
    assert isinstance(slopes, MapFigure)
    assert np.nanargmax(np.array(slopes.values)) == 6
    last = small.named("Cam bias NOISE, values of 2026-08-29")
    assert isinstance(last, MapFigure)
    assert math.isnan(last.values[2][3])


def test_history_of_a_camera_has_a_curve_per_detector(small: Site) -> None:
    """The stage shows detectors and their median, a detector's page its amplifiers."""
    stage, detector = small.named("Cam bias NOISE"), small.named("Cam bias R22_S01 NOISE")
    assert isinstance(stage, HistoryFigure)
    assert isinstance(detector, HistoryFigure)
    labels = [[one.label for one in figure.series] for figure in (stage, detector)]
    assert labels == [
        ["median", "R22_S00", "R22_S01", "R22_S02"],
        ["median", "C00", "C01", "C02", "C03"],
    ]
    assert len(detector.limits) == 2


def test_too_few_nights_are_no_verdict() -> None:
    """Where nothing can be told of drift, the tile says so and no state claims stability."""
    site = render(camera({"NOISE": noise(5, 1, 3) + 5}).report())
    assert "drift over 30 days: too few nights to tell" in site.text("calibrations/cam/bias/")
    assert site.pages[1].description.endswith(
        "too few nights in the last 30 days to tell whether anything drifts."
    )


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


def test_a_large_camera_keeps_its_pages_small() -> None:
    """Of many amplifiers the stage shows detectors; amplifiers are on the detectors' pages."""
    values = noise(8, 40, 16) + 5
    passed = np.ones(values.shape, dtype=bool)
    passed[:, 7, 3] = False
    report = camera({"NOISE": values, "MEAN": values}, passed={"NOISE": passed}).report()
    site = render(report)
    stage = site.html["calibrations/cam/bias/"]
    assert stage.count("<tr") < 1500
    assert "value-R22_S07-C03" not in stage
    assert 'id="detector-R22_S07"' in stage
    assert "value-R22_S07-C03" in site.html["calibrations/cam/bias/r22_s07/"]
    drawn = {f.title for f in site.figures if "R22_" in f.title}
    assert drawn == {"Cam bias R22_S07 NOISE", "Cam bias R22_S07 MEAN",
                     "Cam bias R22_S07 NOISE: failing amplifiers"}  # fmt: skip


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
    assert "0 of 1 verdicts fail at the last date" in text


def test_names_from_outside_stay_text() -> None:
    """Markup in names of detectors, amplifiers, tests and statistics is shown and never obeyed."""
    evil = '"><script>alert(1)</script>'
    cases = camera({f"X{evil}": np.ones((2, 2, 1))}, passed={f"T{evil}": np.ones((2, 2, 1))})
    for row in (*cases.values, *cases.verdicts):
        row["detector"] += evil
        row["amplifier"] += evil
        row["instrument"] = f"Cam{evil}"
        row["stage"] = "bias"
    site = render(cases.report())
    for path, html in site.html.items():
        assert re.fullmatch(r"[a-z0-9._/-]+", path)
        assert "<script" not in html


def test_nothing_to_report_is_a_page_that_says_so() -> None:
    """A site without calibrations has a list that says there are none."""
    site = render()
    assert "No calibrations." in site.text("calibrations/")


def test_stage_pages_have_crumbs(small: Site) -> None:
    """The way up leads over the instrument to the list."""
    crumbs: Sequence[str] = [crumb.path for crumb in small.pages[2].crumbs]
    assert crumbs == ["calibrations/", "calibrations/#cam", "calibrations/cam/bias/"]
