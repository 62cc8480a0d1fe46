"""The site in a real browser: what it does, and that it asks no other host for anything."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from tests.site import sample
from tests.site.browsing import DESK, PHONE, needs_browser, settle, soon, sync_api
from tests.site.conftest import build

pytestmark = needs_browser

expect = sync_api.expect


def shown(page: sync_api.Page) -> list[str]:
    """Return the metrics of the rows that are visible, in order."""
    rows = page.locator("#requirements-table tbody tr:visible th")
    return [text.removeprefix("validate_drp.").removesuffix("#") for text in rows.all_inner_texts()]


def shows(page: sync_api.Page, *metrics: str) -> None:
    """Wait until these are the rows that are visible, in this order."""
    soon(page, lambda: shown(page), list(metrics))


def asks(page: sync_api.Page, query: str) -> None:
    """Wait until this is the query of the address."""
    page.wait_for_function("query => location.search === query", arg=query)


ALL = [f"PA{n}" for n in range(60)]
"""The metrics of the sample, in the order of the page."""


def test_filter_by_status(visit) -> None:
    """A status is chosen by a button, shown in the address and counted aloud."""
    page = visit()
    form = page.get_by_role("search", name="Filter Requirements, worst first")
    assert form.get_by_role("button").all_inner_texts()[:3] == [
        "fail 2",
        "not measured 1",
        "pass 57",
    ]
    form.get_by_role("button", name="fail 2").click()
    shows(page, "PA0", "PA1")
    asks(page, "?status=fail")
    expect(form.locator("output")).to_have_text("2 of 60 rows")
    assert form.locator("output").get_attribute("aria-live") == "polite"
    form.get_by_role("button", name="not measured").click()
    shows(page, "PA0", "PA1", "PA2")
    form.get_by_role("button", name="Clear filters").click()
    shows(page, *ALL)
    asks(page, "")


def test_filters_combine(visit) -> None:
    """Band, package and words are all to hold."""
    page = visit()
    page.get_by_role("button", name="g 12").click()
    page.get_by_role("button", name="faro 30").click()
    page.get_by_role("searchbox", name="Filter by text").fill("pa1 PASS")
    shows(page, "PA10")
    asks(page, "?band=g&package=faro&q=pa1+PASS")


def test_filtered_rows_as_csv(visit) -> None:
    """What is shown can be taken along: the rows of the filter, with their heads."""
    page = visit(f"{sample.RUN}?status=fail")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").first.click()
    assert waiting.value.suggested_filename.endswith(".csv")
    text = Path(waiting.value.path()).read_text(encoding="utf-8")
    head, *rows = list(csv.reader(text.splitlines()))
    assert [row[0] for row in rows] == ["validate_drp.PA0", "validate_drp.PA1"]
    assert head[:4] == ["Metric", "Band", "Status", "Value"]
    assert all(len(row) == len(head) for row in rows)


@pytest.mark.parametrize("search", ["?status=not_measured", "?status=not+measured&sort=3d"])
def test_linked_view(visit, search) -> None:
    """The address alone brings a filtered view back, by the words of page or JSON."""
    page = visit(sample.RUN + search)
    shows(page, "PA2")
    button = page.get_by_role("button", name="not measured 1")
    expect(button).to_have_attribute("aria-pressed", "true")


def test_unknown_filter_hides_nothing(visit) -> None:
    """A link to a state that the page does not have shows everything."""
    page = visit(f"{sample.RUN}?status=gone&band=x&sort=99")
    page.get_by_role("searchbox", name="Filter by text").wait_for()
    shows(page, *ALL)


def test_sort(visit) -> None:
    """A column sorts up, down and back to the order of the page; missing values stay last."""
    page = visit()
    head = page.locator("#requirements-table th", has_text="Value")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert (shown(page)[0], shown(page)[-2:]) == ("PA59", ["PA0", "PA2"])
    asks(page, "?sort=3")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    assert (shown(page)[:2], shown(page)[-1]) == (["PA0", "PA1"], "PA2")
    head.get_by_role("button").click()
    expect(head).not_to_have_attribute("aria-sort", re.compile(""))
    shows(page, *ALL)
    asks(page, "")


def test_sort_text_and_status(visit) -> None:
    """Names sort by their numbers, states from worst to best."""
    page = visit(f"{sample.RUN}?sort=0d")
    soon(page, lambda: shown(page)[:2], ["PA59", "PA58"])
    page.locator("#requirements-table th", has_text="Status").get_by_role("button").click()
    soon(page, lambda: shown(page)[:4], ["PA0", "PA1", "PA2", "PA3"])


def test_keyboard(visit) -> None:
    """Filter and sort work without a pointer, and the first stop skips to the content."""
    page = visit()
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#report")).to_be_focused()
    page.get_by_role("button", name="fail 2").focus()
    page.keyboard.press("Space")
    shows(page, "PA0", "PA1")
    page.locator("#requirements-table th", has_text="Value").get_by_role("button").focus()
    page.keyboard.press("Enter")
    shows(page, "PA1", "PA0")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"


def test_copy_row_link(visit) -> None:
    """A row under pointer or focus offers its link, with the filters that are set."""
    page = visit(f"{sample.RUN}?status=fail", permissions=["clipboard-read", "clipboard-write"])
    page.locator("#PA1-r a").focus()
    page.get_by_role("button", name="Copy the link to this row").click()
    page.get_by_text("Link copied").wait_for(state="attached")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(f"/{sample.RUN}?status=fail#PA1-r")
    assert page.get_by_role("button", name="Copy the link to this row").count() == 1


def test_linked_row(visit) -> None:
    """A linked row is shown even where a filter or a closed box would hide it."""
    page = visit(f"{sample.RUN}?status=fail#PA2-i")
    shows(page, "PA0", "PA1", "PA2")
    page = visit(f"{sample.RUN}#job-1")
    page.wait_for_selector("#job-1", state="visible")


def test_long_table(visit, tmp_path_factory) -> None:
    """Rows far down wait for the page to be set up, and are there for who links to them."""
    project = sample.write_project(tmp_path_factory.mktemp("long"), number=300)
    build(project)
    site = project / "site"
    for script in (True, False):
        page = visit(
            f"{sample.RUN}index.html#PA250-g", base=f"{site.as_uri()}/", java_script_enabled=script
        )
        rows = page.locator("#requirements-table tbody tr:visible")
        soon(page, rows.count, 300)
        row = page.locator("#PA250-g")
        soon(page, lambda row=row: 0 < row.bounding_box()["y"] < DESK["height"], wanted=True)


def test_sticky_head(visit) -> None:
    """The head of a table that fits stays in sight below the header of the page."""
    page = visit()
    page.locator(".rg-scroll--fits #requirements-table").wait_for()
    page.locator("#PA40-g").scroll_into_view_if_needed()
    settle(page)
    head = page.locator("#requirements-table thead th").first.bounding_box()
    header = page.locator(".md-header").bounding_box()
    assert abs(head["y"] - (header["y"] + header["height"])) <= 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", sample.RUN, "runs/", "notes/"])
def test_phone(visit, path, scheme) -> None:
    """At the width of a phone no page scrolls sideways; wide tables do, by keyboard too."""
    page = visit(path, viewport=PHONE, color_scheme=scheme)
    soon(page, page.locator(".rg-scroll:not(.rg-scroll--fits, .rg-scroll--wide)").count, 0)
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    for box in page.locator(".rg-scroll").all():
        wide = box.evaluate("box => box.scrollWidth > box.clientWidth + 1")
        assert (box.get_attribute("tabindex") == "0") == wide


def contrast(page: sync_api.Page, selector: str) -> float:
    """Return the contrast of an element's text with the page, as WCAG 2.1 defines it."""
    colours = page.locator(selector).first.evaluate(
        "element => [getComputedStyle(element).color,"
        " getComputedStyle(document.body).backgroundColor]"
    )
    light, dark = sorted(map(luminance, colours), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of ``rgb(r, g, b)``."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(visit, scheme) -> None:
    """States, links and quiet text are readable in both schemes."""
    page = visit(color_scheme=scheme)
    wanted = {"light": "default", "dark": "slate"}[scheme]
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", wanted)
    settle(page)
    for selector in (".rg-pass", ".rg-fail", ".rg-missing", ".rg-none", "p a", "th", "h1"):
        assert contrast(page, f".rg-report {selector}") >= 4.5


def test_figure_is_inlined(visit) -> None:
    """A figure becomes part of the page, without any script of its own, and says what it is."""
    page = visit(f"{sample.RUN}#history")
    figure = page.locator("figure svg")
    figure.wait_for()
    assert figure.get_attribute("aria-label").startswith("PA1 in two bands over three runs.")
    assert page.locator("figure svg script, figure svg [onclick], figure img").count() == 0
    figure.locator("path").first.click(force=True)
    assert page.evaluate("window.stolen") is None


def test_figure_follows_the_scheme(visit) -> None:
    """The colours of a figure are those of the page, light and dark."""
    strokes = set()
    for scheme in ("light", "dark"):
        page = visit(f"{sample.RUN}#history", color_scheme=scheme)
        path = page.locator("figure svg path").first
        path.wait_for()
        strokes.add(path.evaluate("path => getComputedStyle(path).stroke"))
    assert len(strokes) == 2


def hover(page: sync_api.Page, x: float, y: float) -> None:
    """Point at a place in the figure, in its own coordinates."""
    figure = page.locator("figure svg")
    figure.wait_for()
    figure.scroll_into_view_if_needed()
    settle(page)
    box = figure.bounding_box()
    scale = box["width"] / 720
    page.mouse.move(box["x"] + x * scale, box["y"] + y * scale)


def test_figure_hover(visit) -> None:
    """The point nearest to the pointer says run, value with unit and details, as text."""
    page = visit(f"{sample.RUN}#history")
    tip = page.locator(".rg-tip")
    for place, words in {
        (105, 95): "w_2026_44\ng: 12.35 mmag",
        (505, 165): "w_2026_46\nr: 12.5 mmag\n<b>DM-1</b>\n+1 mmag against w_2026_44",
        (301, 238): "w_2026_45\nr\nnot measured: NaN",
        (401, 120): "new definition",
    }.items():
        hover(page, *place)
        soon(page, tip.inner_text, words)
    hover(page, 600, 30)
    expect(tip).to_be_hidden()


def test_figure_leads_to_the_run(visit) -> None:
    """A click on a point opens its run; an address that is no page is no link."""
    page = visit(f"{sample.RUN}#history")
    hover(page, 100, 200)
    page.locator(".rg-tip").wait_for()
    assert page.locator("figure svg a").get_attribute("href") is None
    hover(page, 500, 160)
    page.get_by_text("w_2026_46", exact=True).and_(page.locator(".rg-tip b")).wait_for()
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url(f"**/{sample.RUN}")


def test_figure_by_keyboard(visit) -> None:
    """Arrow keys go from point to point, along a series and between series, and read them."""
    page = visit(f"{sample.RUN}#history")
    page.locator("figure svg").wait_for()
    page.locator("figure svg").focus()
    settle(page)
    tip = page.locator(".rg-tip")
    for key, words in (
        ("ArrowUp", "w_2026_46 r: 12.5 mmag <b>DM-1</b> +1 mmag against w_2026_44"),
        ("ArrowLeft", "w_2026_45 r not measured: NaN"),
        ("ArrowUp", "w_2026_44 g: 12.35 mmag"),
        ("ArrowDown", "w_2026_44 r: 11.5 mmag"),
        ("ArrowDown", "new definition"),
    ):
        page.keyboard.press(key)
        soon(page, lambda: tip.inner_text().replace("\n", " "), words)
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()


def test_without_script(visit) -> None:
    """Without JavaScript everything is there: rows, figure, statuses, closed boxes that open."""
    page = visit(java_script_enabled=False)
    assert page.locator("#requirements-table tbody tr").count() == 60
    expect(page.locator("figure img")).to_be_visible()
    page.locator("summary").click()
    expect(page.locator("#job-1")).to_be_visible()


def test_from_a_disk(visit, site) -> None:
    """Opened as a file, links to folders still lead to pages, and the search finds them."""
    page = visit(f"{sample.RUN}index.html", base=f"{site.as_uri()}/")
    page.get_by_role("link", name="metrics", exact=True).click()
    page.wait_for_url("**/metrics/index.html")
    expect(page.locator("h1")).to_have_text("Metrics")
    page.get_by_role("textbox", name="Search").click()
    page.keyboard.type("DM-48123")
    page.locator(".md-search-result__item a").first.wait_for()


def test_print(visit) -> None:
    """On paper the frame is gone, closed boxes are open, and links stand as footnotes."""
    page = visit()
    page.locator(".rg-plot").scroll_into_view_if_needed()
    page.locator(".rg-plot svg").wait_for()
    page.emulate_media(media="print")
    expect(page.locator(".md-header")).to_be_hidden()
    expect(page.locator(".rg-filter").first).to_be_hidden()
    settle(page)
    before = page.locator(".rg-report").inner_html()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#job-1").is_visible()
    notes = page.locator(".rg-footnotes li").all_inner_texts()
    assert notes[0].endswith("/metrics/v/main/metrics/")
    assert page.locator(".rg-footref").first.inner_text() == "[1]"
    # Chromium does not print buttons in the head of a table that it repeats on each page.
    assert page.locator("thead button").count() == 0
    display = "head => getComputedStyle(head).display"
    head = page.locator("#requirements-table thead")
    assert head.evaluate(display) == "table-header-group"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".rg-report").inner_html() == before
    assert page.pdf().startswith(b"%PDF")


def test_search_finds_the_run(visit) -> None:
    """The search finds a run by its ticket, and titles with markup stay text."""
    page = visit("")
    page.get_by_role("textbox", name="Search").click()
    page.keyboard.type("DM-48123")
    result = page.locator(".md-search-result__item a").first
    result.wait_for()
    assert "w_2026_46" in result.inner_text()
    assert result.get_attribute("href").split("?")[0].endswith(sample.RUN)
    assert page.locator(".md-search-result__item b").count() == 0
