"""A page on a phone is as long as what fails; what passes is one touch, search or address away."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.site import demo
from tests.site.browsing import DESK, PHONE, needs_browser, settle, soon, sync_api

pytestmark = needs_browser

RUN = "runs/hsc-rc2-weekly-demonstration/w_2021_44/"
STAGE = "calibrations/lsstcomcam/bias/"
HEIGHTS = {
    "": 7000,
    "runs/": 5500,
    RUN: 7500,
    "requirements/": 5500,
    STAGE: 6000,
    "compare/hsc-rc2-weekly-demonstration/w_2021_43...w_2021_44/": 6000,
}
"""What a reader scrolls over at most; most of these pages were twice as long."""
ROWS = "#table-requirements tbody tr"
PASSING = f"{ROWS}:has(> td.rg-badge.rg-pass)"
FAILING = f"{ROWS}:has(> td.rg-badge.rg-fail)"
MORE = "#requirements ~ button.rg-more >> nth=0"
SEEN = "rows => rows.filter(row => row.checkVisibility({contentVisibilityAuto: false})).length"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """Folder of the site of this repository's report."""
    return demo.built(tmp_path_factory.getbasetemp())


def seen(page, rows: str) -> int:
    """Count the rows that are not put away."""
    return page.locator(rows).evaluate_all(SEEN)


@pytest.mark.parametrize("path", HEIGHTS)
def test_pages_are_short(visit, path) -> None:
    """The longest page of each type, with all its rows made."""
    page = visit(path, viewport=PHONE)
    settle(page)
    assert page.evaluate("document.documentElement.scrollHeight") < HEIGHTS[path]


def test_what_passes_waits_behind_a_button(visit) -> None:
    """What fails is in sight; the button counts the rest, shows it and goes to its first row."""
    page = visit(RUN, viewport=PHONE)
    button, passing = page.locator(MORE), page.locator(PASSING)
    count, failing = passing.count(), page.locator(FAILING).count()
    sync_api.expect(button).to_have_accessible_name(f"Show {count} rows that pass")
    buttons = page.locator("button.rg-more").count()
    assert button.inner_text().strip() == f"{count} rows pass"
    assert (seen(page, PASSING), seen(page, FAILING)) == (0, failing)
    button.press("Enter")
    soon(page, lambda: seen(page, PASSING), count)
    sync_api.expect(passing.first.locator("a").first).to_be_focused()
    sync_api.expect(page.locator("button.rg-more")).to_have_count(buttons - 1)


def test_a_search_in_the_page_finds_what_is_put_away(visit) -> None:
    """The browser opens what it finds a word in; so does the script then for the table."""
    page = visit(RUN, viewport=PHONE)
    page.locator(MORE).wait_for()
    body = page.locator("#table-requirements tbody[hidden]")
    assert body.evaluate("body => body.hidden") == "until-found"
    body.evaluate("body => body.dispatchEvent(new Event('beforematch', {bubbles: true}))")
    soon(page, lambda: seen(page, PASSING), page.locator(PASSING).count())


def test_an_address_leads_to_a_row_that_is_put_away(visit) -> None:
    """At the start, and from a link on the page."""
    page = visit(RUN, viewport=PHONE)
    page.locator(MORE).wait_for()
    row = page.locator(PASSING).last.get_attribute("id")
    page.evaluate("hash => { location.hash = hash; }", row)
    soon(page, lambda: seen(page, PASSING), page.locator(PASSING).count())
    sync_api.expect(page.locator(f"[id='{row}']")).to_be_in_viewport()
    page = visit(f"{RUN}#{row}", viewport=PHONE)
    sync_api.expect(page.locator(f"[id='{row}']")).to_be_in_viewport()


@pytest.mark.parametrize("how", ["filter", "sort", "link", "print", "turn"])
def test_who_asks_for_rows_sees_them(visit, how) -> None:
    """A filter, an order, an address with a filter, paper, and a window that becomes wide."""
    page = visit(f"{RUN}?status=pass" if how == "link" else RUN, viewport=PHONE)
    count = page.locator(PASSING).count()
    if how == "filter":
        page.get_by_role("button", name="pass 26").click()
    elif how == "sort":
        page.locator("#table-requirements thead button").first.click()
    elif how == "print":
        page.locator(MORE).wait_for()
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
    elif how == "turn":
        page.set_viewport_size(DESK)
    soon(page, lambda: seen(page, PASSING), count)
    ids = page.locator(ROWS).evaluate_all("rows => rows.map(row => row.id)")
    assert len(ids) == len(set(ids)) == page.locator(FAILING).count() + count


@pytest.mark.parametrize("options", [{"viewport": DESK}, {"java_script_enabled": False}])
def test_nothing_is_put_away_elsewhere(visit, options) -> None:
    """On a desk, and on a phone without scripts, all rows and sections are there."""
    page = visit(RUN, **{"viewport": PHONE, **options})
    assert page.locator("button.rg-more").count() == 0
    rows = page.locator(ROWS)
    assert rows.evaluate_all("rows => rows.every(row => !row.closest('[hidden]'))")
    page = visit(STAGE, **{"viewport": PHONE, **options})
    assert (
        page.locator("details[data-wide]").count()
        == page.locator("details[data-wide][open]").count()
    )


def test_sections_with_room_are_closed_on_a_phone(visit) -> None:
    """Their heads say what fails in them, and an address within opens the one that holds it."""
    page = visit(STAGE, viewport=PHONE)
    soon(page, page.locator("details[data-wide][open]").count, 0)
    heads = page.locator("details[data-wide] > summary").all_inner_texts()
    assert all("fail" in head and " of " in head for head in heads)
    page = visit(f"{STAGE}#map-verdicts-2", viewport=PHONE)
    sync_api.expect(page.locator("#map-verdicts-2")).to_be_in_viewport()
    assert page.locator("details[data-wide][open]").count() == 1


def test_heads_to_sort_by_look_alike(visit) -> None:
    """Among cards there are no arrows, and no head is a link elsewhere; few rows have no heads."""
    page = visit("requirements/", viewport=PHONE)
    heads = page.locator("#quantities thead button")
    texts = [text.splitlines()[-1] for text in heads.all_inner_texts()]
    assert texts[0] == "Quantity"
    assert "HSC RC2 v25" in texts
    assert page.locator("#quantities thead a:visible").count() == 0
    page = visit("calibrations/", viewport=PHONE)
    assert page.locator("thead button").count() == 0


def test_requirements_that_no_run_has_are_apart(visit) -> None:
    """Each metric has one row; an address opens the box; what no run has says nothing of runs."""
    page = visit("requirements/", viewport=PHONE)
    absent = page.locator("#absent tbody tr")
    assert page.locator("#absent > summary").inner_text().startswith(f"{absent.count()} metrics")
    assert page.locator("#quantities tbody tr td:not(:has(.rg-states)) .rg-states").count() == 0
    assert absent.locator(".rg-states").count() == 0
    rows = page.locator("tbody tr").evaluate_all("rows => rows.map(row => row.id)")
    assert len(rows) == len(set(rows))
    row = absent.last.get_attribute("id")
    page = visit(f"requirements/#{row}", viewport=PHONE)
    sync_api.expect(page.locator(f"[id='{row}']")).to_be_in_viewport()


def test_older_runs_open_by_their_address(visit) -> None:
    """The box says how many there are."""
    page = visit("runs/", viewport=PHONE)
    older = page.locator("#hsc-rc2-weekly-demonstration ~ details").first
    count = older.locator("tbody tr").count()
    assert older.locator("summary").inner_text() == f"{count} older runs without a page here"
    row = older.locator("tbody tr").last.get_attribute("id")
    page = visit(f"runs/#{row}", viewport=PHONE)
    sync_api.expect(page.locator(f"[id='{row}']")).to_be_in_viewport()


def test_width_of_a_table_does_not_follow_from_itself(visit) -> None:
    """A table with long names neither flickers nor makes the page scroll sideways."""
    page = visit("data/", viewport=PHONE)
    widths = "tables => tables.map(table => table.offsetWidth)"
    boxes = page.locator(".rg-scroll")
    settle(page)
    found = []
    for fits in (True, False):
        boxes.evaluate_all(
            "(boxes, fits) => boxes.forEach(box => box.classList.toggle('rg-scroll--fits', fits))",
            fits,
        )
        found.append(page.locator(".rg-scroll table").evaluate_all(widths))
    assert found[0] == found[1]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
