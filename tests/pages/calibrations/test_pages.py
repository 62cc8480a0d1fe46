from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest

from reportgen.analysis.calibrations.report import CalibrationRules
from reportgen.model.figures import HistoryFigure, MapFigure
from reportgen.pages.calibrations.overview import by_instrument
from tests.analysis.calibrations.cases import (
    camera,
    noise,
)
from tests.pages.calibrations.rendered import TODAY, Site, render

NIGHTS = 60


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
    site = render(camera({"NOISE": np.ones((3, 1, 2))}).report())
    assert [page.path for page in site.pages] == ["calibrations/", "calibrations/cam/bias/"]
    assert 'id="value-R22_S00-C00"' in site.html["calibrations/cam/bias/"]


def test_the_list_says_what_fails_what_drifts_and_how_old_it_is(small: Site) -> None:
    """A reader sees verdicts, drift, last date and its age in one row, each as icon and word."""
    text = small.text("calibrations/")
    assert "fail 1 of 12 verdicts fail on 2026-08-29" in text
    assert "drifting 1 of 12 places drift over 30 days" in text
    assert "2026-08-29 42 days ago" in text
    assert re.search(r'class="rg-badge rg-fail">fail<', small.html["calibrations/"])


def test_the_drifting_amplifier_is_named(small: Site) -> None:
    """The sentence names the statistics, the list below the amplifier and its slope."""
    stage = small.pages[1]
    assert "MEAN and NOISE drift over 30 days" in stage.description
    drift = r"NOISE drifts over 30 days in 1 amplifier \(R22_S01 C02, \+0\.\d+ per 30 days"
    said = rf"{drift}, unit not stated\)"
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


def test_sections_say_in_their_heads_how_they_stand(small: Site) -> None:
    """Closed, a statistic still tells how many fail and drift; the most telling one is open."""
    html = small.html["calibrations/cam/bias/"]
    heads = re.findall(
        r'<details class="rg-part"( open data-wide)?>\s*<summary>(.*?)</summary>', html, re.DOTALL
    )
    said = [(bool(o), " ".join(re.sub(r"<[^>]*>", " ", text).split())) for o, text in heads]
    assert said == [
        (True, "NOISE unit not stated fail 1 of 12, 1 of 12 drift over 30 days"),
        (False, "MEAN unit not stated drifting 1 of 12 drift over 30 days"),
    ]
    assert all('<h2 id="' in text for _, text in heads)


def test_of_a_long_table_only_the_head_is_in_sight() -> None:
    """One detector of 16 amplifiers: each table of them is closed, a short one is not."""
    passed = np.ones((3, 1, 16), dtype=bool)
    passed[:, :, :3] = False
    report = camera({"NOISE": np.ones((3, 1, 16))}, passed={"NOISE": passed}).report()
    html = render(report).html["calibrations/cam/bias/"]
    assert "<summary>All 16 amplifiers" in html
    assert re.search(r"All 16 amplifiers .*fail.*<small>3 of 16</small></summary>", html)
    in_sight = re.sub(r"<details>.*?</details>", "", html, flags=re.DOTALL)
    assert max(table.count("<tr id=") for table in in_sight.split("<table")) <= 8


def test_on_the_first_page_a_count_goes_with_its_state() -> None:
    """Beside *pass* stands how many pass: ``0 of 12`` would be read as none of them."""
    verdicts = {"NOISE": np.ones((3, 3, 4), dtype=bool)}
    found = []
    for _ in range(2):
        report = camera({"NOISE": np.ones((3, 3, 4))}, passed=verdicts).report()
        ((row,),) = [one.rows for one in by_instrument([report], TODAY)]
        found.append((row.state, row.count))
        verdicts["NOISE"][-1, 0, 0] = False
    assert found == [("pass", "all 12"), ("fail", "1 of 12")]
