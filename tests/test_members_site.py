"""Members and comparisons from stored files to the page in Chromium."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen import pipeline, questions
from reportgen.config import load_config
from reportgen.errors import ReportgenError, UnknownNameError
from reportgen.model.numbers import format_number
from reportgen.pages.comparison.api import describe
from tests.site.browsing import (
    PHONE,
    Visit,
    chromium,
    needs_browser,
    served,
    settle,
    soon,
    sync_api,
)
from tests.test_build import MKDOCS, TODAY

CONFIG = """
[site]
name = "Test"
[definitions]
packages = ["definitions"]
[[source]]
name = "tables"
type = "table"
location = "tables/*.csv"
pattern = 'tables/(?P<dataset>[a-z]+)_(?P<release>\\w+)\\.csv'
columns = { metric = "metric", band = "band", tract = "tract", value = "value", unit = "unit", producer = "producer" }
[[source]]
name = "jobs"
type = "verify-json"
location = "jobs/*.json"
dataset = "here"
release = "w_2026_02"
"""  # noqa: E501 - as people write it
RNG = np.random.default_rng(17)
LEVEL = RNG.normal(6, 1, 420)
"""Of 420 tracts: more than a page lists."""


def write_table(root: Path, dataset: str, release: str, shift: float, tracts: int) -> None:
    """Write one run as a table: a metric of many tracts, one by two producers, one number."""
    lines = ["metric,band,tract,value,unit,producer"]
    values = LEVEL[:tracts] + RNG.normal(0, 0.05, tracts) + shift
    for at, value in enumerate(values):
        missing = at % 40 == 7
        lines.append(f"p.many,g,{at},{'' if missing else value},mmag,faro")
    for at in range(12):
        lines.append(f"p.two,r,{at},{10 + at + shift},mmag,faro")
        lines.append(f"p.two,r,{at},{10.5 + at + shift},mmag,tools")
    lines.append(f"p.one,i,,{3 + shift},mmag,faro")
    path = root / "tables" / f"{dataset}_{release}.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_job(root: Path) -> None:
    """Write a job with a curve beside its value."""
    radius = [float(at) for at in range(1, 41)]
    datum = {"label": None, "description": ""}
    blob = {
        "identifier": "b1",
        "name": "p.TE",
        "data": {
            "radius": datum | {"value": radius, "unit": "arcmin"},
            "xip": datum | {"value": [1e-5 / r for r in radius], "unit": ""},
            "m5": datum | {"value": 24.4, "unit": "mag", "description": "Depth of <b>one</b>"},
        },
    }
    measurement = {
        "identifier": "m1", "metric": "p.TE", "value": 2e-5, "unit": "", "blob_refs": ["b1"],
    }  # fmt: skip
    job = {"measurements": [measurement], "blobs": [blob], "metrics": [], "specs": [], "meta": {}}
    (root / "jobs").mkdir()
    (root / "jobs" / "te.json").write_text(json.dumps(job), encoding="utf-8")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a built site: two releases here, the newer one also elsewhere."""
    root = tmp_path_factory.mktemp("members")
    (root / "reportgen.toml").write_text(CONFIG, encoding="utf-8")
    (root / "mkdocs.yml").write_text(MKDOCS, encoding="utf-8")
    metrics, specs = root / "definitions/metrics", root / "definitions/specs/p"
    metrics.mkdir(parents=True)
    specs.mkdir(parents=True)
    (metrics / "p.yaml").write_text(
        "many: {unit: mmag, description: Scatter.}\ntwo: {unit: mmag, description: Scatter.}\n"
        "one: {unit: mmag, description: Scatter.}\nTE: {unit: '', description: Shape.}\n"
    )
    (specs / "many.yaml").write_text(
        "name: design\nmetric: many\nthreshold: {operator: '<=', value: 8.0, unit: mmag}\n"
    )
    write_table(root, "here", "w_2026_01", 0.0, 420)
    write_table(root, "here", "w_2026_02", 0.4, 420)
    write_table(root, "there", "w_2026_02", 0.1, 400)
    write_job(root)
    pipeline.build(load_config(root), today=TODAY, strict=True)
    return root


@pytest.fixture(scope="module")
def visits(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Open pages in Chromium; nothing may complain or leave the site."""
    made: list[Visit] = []
    with served(root / "site", tmp_path_factory.mktemp("served")) as address, chromium() as browser:

        def open_page(path: str, **options: Any) -> Any:
            made.append(Visit(browser, address, **options))
            return made[-1].go(path)

        yield open_page
        for one in made:
            one.context.close()
    assert [complaint for one in made for complaint in one.complaints] == []


MANY = "runs/here/w_2026_02/p.many/"


def test_pages_lead_from_the_run_to_the_stored_file(root: Path) -> None:
    """Run, metric in that run, member, extras and record are one click apart, without a script."""
    site = root / "site"
    run = (site / "runs/here/w_2026_02/index.html").read_text()
    assert f'href="../../../{MANY}#many-g"' in run
    assert "median of 409 of 420, worst " in run
    assert "p.one/" not in run.replace("metrics/p.one/", "")
    page = (site / MANY / "index.html").read_text()
    assert "200 of 409 measured members and 11 of 11 without a value are listed" in page
    assert page.count('<tr id="many-g-tract-') == 211
    assert "tables/here_w_2026_02.csv" in page
    extras = (site / "runs/here/w_2026_02/p.TE/index.html").read_text()
    assert "Depth of &lt;b&gt;one&lt;/b&gt;" in extras
    assert "xip against radius" in extras
    (blob,) = (site / "api/v1/blobs/here/w_2026_02").glob("*.json")
    assert json.loads(blob.read_text())["data"]["m5"]["value"] == 24.4


@needs_browser
def test_all_members_are_loaded_when_asked_for(visits: Any) -> None:
    """One click adds what the page does not list, in order, and says that all are there."""
    page = visits(MANY)
    rows = page.locator("#many-g-table tbody tr")
    assert rows.count() == 211
    page.get_by_role("button", name="Load all here").click()
    page.get_by_text("All 420 members are listed").wait_for()
    soon(page, rows.count, 420)
    page.get_by_placeholder("Filter by text").fill("tract 258")
    page.get_by_text(" of 420 rows").wait_for()
    sync_api.expect(page.locator("#many-g-tract-258")).to_be_visible()
    assert page.locator("#many-g-table tbody tr:visible").count() < 20
    page.get_by_role("button", name="Clear filters").click()
    soon(page, page.locator("#many-g-table tbody tr:visible").count, 420)
    ids = rows.evaluate_all("rows => rows.map((row) => row.id)")
    assert len(set(ids)) == 420
    assert "not measured" in rows.last.inner_text()
    cells = rows.evaluate_all("rows => new Set(rows.map((row) => row.cells.length)).size")
    assert cells == 1
    last = rows.nth(408).inner_text()
    assert "mmag inside" in last.replace("\u00a0", " ")


@needs_browser
def test_members_fit_a_phone(visits: Any) -> None:
    """Nothing sticks out at the width of a phone."""
    page = visits(MANY, viewport=PHONE)
    settle(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


@needs_browser
@pytest.mark.parametrize(
    ("a", "b", "producers"),
    [
        ("here/w_2026_01", "here/w_2026_02", ()),
        ("here/w_2026_02", "there/w_2026_02", ()),
        ("here/w_2026_02", "here/w_2026_02", ("faro", "tools")),
    ],
)
def test_browser_and_command_line_agree(
    root: Path, visits: Any, a: str, b: str, producers: tuple[str, ...]
) -> None:
    """Any two runs, places or producers compared in Chromium show what the command says."""
    by = "".join(f"&{key}={name}" for key, name in zip(("pa", "pb"), producers, strict=False))
    page = visits(f"compare/?a={a}&b={b}{by}")
    page.locator("[data-compare] table").first.wait_for()
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    shown = {}
    for row in page.locator("[data-compare] tbody tr").all():
        cells = [text.replace("\u00a0", " ") for text in row.locator("th, td").all_inner_texts()]
        shown[cells[0], cells[1], cells[-1]] = (
            cells[2].split("\n")[0].strip(), cells[5].split(" ")[0].lstrip("+"), cells[8],
        )  # fmt: skip
    names = [
        f"{run}-by-{producer}" if producer else run
        for run, producer in zip((a, b), producers or ("", ""), strict=True)
    ]
    compared = describe(questions.compare(load_config(root), *names))
    wanted = {}
    for row in compared["rows"]:
        pair = dict.fromkeys(name or "" for name in (row["producer"], row["producer_b"]))
        key = (row["metric"].partition(".")[2], row["data_id"].get("band", ""), " → ".join(pair))
        change = "" if row["change"] is None else format_number(row["change"])
        members = f"{row['n']} of {row['of']}" if row["of"] > 1 else ""
        wanted[key] = (row["verdict"].replace("_", " "), change, members)
    assert shown == wanted
    assert any(verdict == "regressed" for verdict, *_ in wanted.values()) == ("01" in a)


def test_places_and_producers_have_pages(root: Path) -> None:
    """What was measured twice, or processed at two places, is compared in advance and linked."""
    site = root / "site"
    listed = (site / "compare/index.html").read_text()
    for path in (
        "here/w_2026_02-by-faro...w_2026_02-by-tools",
        "here/w_2026_02...there...w_2026_02",
    ):
        assert f'href="../compare/{path}/"' in listed
        assert (site / "compare" / path / "index.html").is_file()
    for place in ("here", "there"):
        page = (site / f"runs/{place}/w_2026_02/index.html").read_text()
        assert "compare/here/w_2026_02...there...w_2026_02/" in page


def test_a_producer_is_named_for_both_sides_and_exists(root: Path) -> None:
    """What cannot be compared is said in one line."""
    config = load_config(root)
    with pytest.raises(ReportgenError, match="for both or for neither"):
        questions.compare(config, "here/w_2026_02-by-faro", "here/w_2026_02")
    with pytest.raises(UnknownNameError, match="No producer named 'nobody'"):
        questions.compare(config, "here/w_2026_02-by-nobody", "here/w_2026_02-by-faro")


def test_a_comparison_shows_members_and_all_changes(root: Path) -> None:
    """Scatter and histogram of the members, and one picture of all metrics, are on the page."""
    page = (root / "site/compare/here/w_2026_01...w_2026_02/index.html").read_text()
    assert 'id="members-many-g-scatter"' in page
    assert 'id="members-many-g-differences"' in page
    assert 'id="all-changes"' in page


# Files of DP2 -------------------------------------------------------------------------------

DP2 = """
[site]
name = "DP2"
[[source]]
name = "DP2 data quality"
type = "json-map"
location = "*/*.json"
pattern = '(?P<release>\\w+)/(?P<kind>.+?)(?:-(?P<band>[ugrizy])(?=[-.])(?P<rest>[-\\w]*))?\\.json$'
metric = "{kind}{rest}"
package = "dp2"
dataset = "DP2"
"""


@pytest.fixture(scope="module")
def dp2(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site of some real files of DP2, and a copy in which one metric is larger."""
    root = tmp_path_factory.mktemp("dp2")
    (root / "reportgen.toml").write_text(DP2, encoding="utf-8")
    (root / "mkdocs.yml").write_text(MKDOCS, encoding="utf-8")
    names = ("astrom-repeat-AM20-g", "astrom-repeat-AM20-i", "detected-peaks", "e1-r-low-median")
    for release, shift in (("v30", 0.0), ("v31", 0.5)):
        (root / release).mkdir()
        for name in names:
            file = shared / "data/real/dp2_data_quality/metrics" / f"{name}.json"
            values = json.loads(file.read_text())
            if name.startswith("astrom"):
                values = {k: v if v is None else v + shift for k, v in values.items()}
            (root / release / f"{name}.json").write_text(json.dumps(values), encoding="utf-8")
    pipeline.build(load_config(root), today=TODAY)
    return root


def test_thousands_of_tracts_stay_usable(dp2: Path) -> None:
    """The page of 7809 tracts in two bands is small, says what it leaves out, and draws them."""
    page = (dp2 / "site/runs/dp2/v31/dp2.astrom-repeat-AM20/index.html").read_text()
    assert "200 of 3121 measured members and 20 of 4688 without a value are listed" in page
    assert "200 of 5519 measured members and 20 of 2290 without a value are listed" in page
    assert len(page.encode()) < 200_000
    assert page.count("<") / 2 < 5_000
    assert "3121 of 7809" in _figure(dp2 / "site", page)
    csv = (dp2 / "site/data/members/dp2/v31/dp2.astrom-repeat-AM20.csv").read_text()
    assert len(csv.splitlines()) == 1 + 2 * 7809


def _figure(site: Path, page: str) -> str:
    name = page.partition("figures/")[2].partition(".svg")[0]
    return (site / "figures" / f"{name}.svg").read_text()


def test_a_shift_of_thousands_of_tracts_is_found(dp2: Path) -> None:
    """Both bands changed by what was added, the others not at all; what they share is said."""
    path = dp2 / "site/api/v1/compare/dp2/v30...v31.json"
    compared = json.loads(path.read_text())
    rows = {(row["metric"], row["data_id"].get("band")): row for row in compared["rows"]}
    for band, n in (("g", 3121), ("i", 5519)):
        row = rows["dp2.astrom-repeat-AM20", band]
        assert row["change"] == pytest.approx(0.5)
        assert (row["basis"], row["n"], row["of"]) == ("paired", n, 7809)
        assert row["q_value"] < 1e-10
    assert rows["dp2.e1-low-median", "r"]["verdict"] == "unchanged"
    assert rows["dp2.detected-peaks", None]["change"] == 0
    page = (dp2 / "site/compare/dp2/v30...v31/index.html").read_text()
    assert page.count("-scatter") >= 2
