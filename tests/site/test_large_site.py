"""A site of 500 metrics in five bands: its budgets, and the table of 2,500 rows at work.

How long pages take is measured by ``benchmarks/browser_pages.py``.
"""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.site import large
from tests.site.browsing import DESK, PHONE, needs_browser, soon

pytestmark = needs_browser

ROWS = "#table-requirements tbody tr"
ELEMENTS = "document.querySelectorAll('*').length"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """Folder of the site."""
    return large.built(tmp_path_factory.getbasetemp())


def loaded(visit, site: Path, path: str) -> tuple[int, int, int]:
    """Return what a page costs at rest: gzipped bytes, its own scripts as sent, elements."""
    asked: list[str] = []
    page = visit("notes/")
    base = page.url.removesuffix("notes/")
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.goto(base + path)
    page.wait_for_load_state("networkidle")
    files = [site / unquote(urlsplit(url).path.removeprefix(urlsplit(base).path)) for url in asked]
    files = [file / "index.html" if file.is_dir() else file for file in files]
    sent = {file: file.read_bytes() for file in files}
    scripts = [text for file, text in sent.items() if file.match("assets/*.js")]
    return (
        sum(len(gzip.compress(text)) for text in sent.values()),
        sum(map(len, scripts)),
        page.evaluate(ELEMENTS),
    )


def test_first_screen(visit, site) -> None:
    """The first page is below 200 kB gzipped, all that it loads included, and 5,000 elements."""
    sent, scripts, elements = loaded(visit, site, "")
    assert 20_000 < sent < 200_000
    assert 0 < scripts < 30_000
    assert 200 < elements < 5_000


def test_search_index(site) -> None:
    """Generated tables are not in the index of the search, which stays below 1 MB."""
    assert 1_000 < (site / "search" / "search_index.json").stat().st_size < 1_000_000


def test_page_of_a_run(visit, site) -> None:
    """A row is a handful of elements, and the page of 2,500 is below half a megabyte gzipped."""
    sent, scripts, elements = loaded(visit, site, large.PAGE)
    assert large.ROWS < elements < 16 * large.ROWS
    assert sent < 500_000
    assert 0 < scripts < 30_000


@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
def test_rows_out_of_sight_are_not_laid_out(visit, window) -> None:
    """Only groups of rows near the window are made, and each row is found all the same."""
    page = visit(large.PAGE, viewport=window)
    made = "rows => rows.filter(row => row.checkVisibility({contentVisibilityAuto: true})).length"
    rows = page.locator(ROWS)
    assert rows.count() == large.ROWS
    assert 0 < rows.evaluate_all(made) < 500
    assert page.evaluate("window.find('M0123')")


def test_semantics_of_a_table(visit) -> None:
    """Laid out as it is, it is a table for screen readers: named, with heads, rows and cells."""
    page = visit(large.PAGE)
    table = page.get_by_role("table", name="Requirements")
    assert table.get_by_role("columnheader").all_inner_texts()[:4] == [
        "Metric",
        "Band",
        "State",
        "Value",
    ]
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in tree if not node["ignored"]]
    assert {"table", "rowgroup", "row", "rowheader", "columnheader", "cell"} <= set(roles)


def test_sort_and_filter_over_groups(visit) -> None:
    """Sorting goes over all groups as one; groups without a row that is shown are gone."""
    page = visit(f"{large.PAGE}?sort=metric&band=r")
    rows = page.locator(f"{ROWS}:not([hidden])")
    names = rows.locator("th").all_text_contents()
    assert names == [f"M{number:04}" for number in range(large.METRICS)]
    page.get_by_role("searchbox", name="Filter by text").first.fill("m0499")
    page.wait_for_function("location.search.includes('q=m0499')")
    assert rows.count() == 1
    assert page.locator("#table-requirements tbody:not([hidden])").count() == 1
    page.get_by_role("button", name="Value", exact=True).click()
    page.wait_for_function("location.search.includes('sort=value')")
    assert rows.first.is_visible()


def test_csv_of_all_rows(visit) -> None:
    """All rows come as CSV, also those that were never in sight, each cell with its words."""
    page = visit(large.PAGE)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").first.click()
    head, *rows = csv.reader(Path(waiting.value.path()).read_text("utf-8").splitlines())
    assert len(rows) == large.ROWS
    assert {len(row) for row in rows} == {len(head)}
    assert rows[0][2] == "fail"
    assert rows[0][head.index("Design")].startswith("fail ≤ ")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("anchor", ["M0123-z", "missing"])
def test_linked_places_are_in_sight(visit, anchor, window, script) -> None:
    """A link to a row far down, or to what follows the table, leads there."""
    page = visit(f"{large.PAGE}#{anchor}", viewport=window, java_script_enabled=script)
    place = page.locator(f"[id='{anchor}']")
    halves = "one => Math.floor(2 * (one.getBoundingClientRect().top + 1) / innerHeight)"
    soon(page, lambda: place.evaluate(halves), 0)


def test_phone(visit) -> None:
    """A row is a card whose cells have their labels; nothing scrolls sideways."""
    page = visit(large.PAGE, viewport=PHONE)
    wide = "boxes => boxes.filter(box => box.scrollWidth > box.clientWidth + 1).length"
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert page.locator(".rg-scroll:visible").evaluate_all(wide) == 0
    row = page.locator(ROWS).first
    label = "(cell, side) => getComputedStyle(cell, side).content"
    cells = row.locator("td").all()
    before = [cell.evaluate(label, "::before") for cell in cells]
    assert [before[0], before[2]] == ['"Band"', '"Value"']
    # A state, which stands beside the name, and a margin need none: they are icon or bar and word.
    assert before[1].startswith('"✕"')
    assert before[3] == '""'
    assert [cell.evaluate(label, "::after") for cell in cells[:4]] == ["none"] * 4
    name, state = row.locator("th a").first.bounding_box(), cells[1].bounding_box()
    assert abs(name["y"] - state["y"]) < name["height"] / 2
    assert name["x"] + name["width"] <= state["x"]
    tops = [cell.bounding_box()["y"] for cell in cells[:1] + cells[2:]]
    assert len({round(top) for top in tops}) == 4
    assert row.bounding_box()["height"] < 180
