"""One page of every type of a small site in the browser: readable by all, fit for paper."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest

from reportgen import pipeline
from reportgen.config import load_config
from tests.site.browsing import DESK, PHONE, needs_browser, settle, soon, sync_api
from tests.test_build import DEMO, write_demo

axe = pytest.importorskip("axe_playwright_python", reason="axe-core is not installed")

pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")

pytestmark = needs_browser

TYPES = [
    "",
    "runs/",
    "runs/*/w_2021_04/",
    "compare/",
    "compare/*/*/",
    "metrics/",
    "metrics/pkg.PA1/",
    "runs/*/*/pkg.PA1/",
    "calibrations/",
    "calibrations/*/*/",
    "calibrations/*/*/*/",
    "requirements/",
    "notes/",
    "notes/*/",
    "data/",
]


ALL_FIGURES = """() => {
    const image = document.querySelector("img[data-inline]");
    if (image) image.scrollIntoView();
    return !image;
}"""
"""Scrolls to figures until all of them are in the page."""

UNTOLD = """() => {
    const native = {
        TABLE: "table", THEAD: "table-header-group", TBODY: "table-row-group",
        TR: "table-row", TH: "table-cell", TD: "table-cell",
    };
    const parts = [...document.querySelectorAll(".rg-report :is(table, thead, tbody, tr, th, td)")];
    const role = (part) => ({
        TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell",
        TH: part.scope === "col" ? "columnheader" : "rowheader",
    })[part.tagName];
    return parts
        .filter(part => getComputedStyle(part).display !== native[part.tagName])
        .filter(part => part.getAttribute("role") !== role(part))
        .map(part => part.outerHTML.slice(0, 80));
}"""
"""Parts of tables that are laid out as something else and do not say what they are."""

TOO_WIDE = """() => {
    const boxes = [...document.querySelectorAll(".rg-scroll")];
    return [document.documentElement, ...boxes]
        .filter(one => one.scrollWidth > one.clientWidth + 1)
        .map(one => `${one.className} ${one.scrollWidth}: ${one.innerText.slice(0, 60)}`);
}"""
"""What scrolls sideways."""


CAMERA = """
[[source]]
name = "camera"
type = "cp-verify"
location = "camera/*.yaml"
pattern = '(?P<stage>bias)Det_(?P<date>\\d{4}-\\d{2}-\\d{2})_(?P<detector>\\d)'
dataset = "Camera calibrations"
release = "daily"
instrument = "LSSTComCam"
exposure = 2021052500016
"""
DETECTOR = """
AMP:
  C00: {MEAN: 0.1, NOISE: 7.5}
VERIFY:
  AMP:
    C00: {MEAN: true, NOISE: false, SUCCESS: false}
SUCCESS: false
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """Return a site as `reportgen build` makes it: with members, a camera and a note."""
    root = tmp_path_factory.mktemp("site")
    (root / "reportgen.toml").write_text(DEMO + CAMERA, encoding="utf-8")
    write_demo(root)
    write_members(root / "archive" / "w_2021_04", {"9615": 4.5, "9697": 6.5, "9813": None})
    (root / "camera").mkdir()
    for detector in range(3):
        (root / "camera" / f"biasDet_2021-05-25_{detector}.yaml").write_text(DETECTOR)
    (root / "notes").mkdir()
    (root / "notes" / "2021-05-01-why.md").write_text(
        "---\ntitle: Why\ndate: 2021-05-01\nmetric: pkg.PA1\n---\n\nThe *seeing* was bad.\n"
    )
    pipeline.build(load_config(root), today=date(2021, 6, 1))
    return root / "site"


def write_members(folder: Path, values: dict[str, float | None]) -> None:
    """Write a job for each tract."""
    for tract, value in values.items():
        measured = {"metric": "pkg.PA1", "value": value, "unit": "mmag", "identifier": tract}
        meta = {"ci_label": "w_2021_04", "filter_name": "i", "instrument": "HSC", "tract": tract}
        job = {"measurements": [measured | {"blob_refs": []}], "blobs": [], "meta": meta}
        (folder / f"i-{tract}.verify.json").write_text(json.dumps(job))


def page_of(site: Path, kind: str) -> str:
    """Return the first page of a type."""
    found = next(iter(sorted(site.glob(f"{kind}index.html"))), None)
    assert found, f"no page {kind}"
    return found.relative_to(site).as_posix().removesuffix("index.html")


@pytest.fixture(scope="module")
def script() -> str:
    """Return axe-core."""
    (file,) = Path(axe.__file__).parent.rglob("axe.min.js")
    return file.read_text()


@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(visit, site, script, scheme, window) -> None:
    """No serious or critical finding of axe-core on any type of page, with all boxes open."""
    found = {}
    page = visit("", color_scheme=scheme, viewport=window)
    base = page.url
    for kind in TYPES:
        path = page_of(site, kind)
        page.goto(base + path)
        page.evaluate("for (const box of document.querySelectorAll('details')) box.open = true")
        page.wait_for_function(ALL_FIGURES)
        settle(page)
        page.evaluate(script)
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        for one in result["violations"]:
            if one["impact"] in {"serious", "critical"}:
                found[path, one["id"]] = [node["html"][:200] for node in one["nodes"][:3]]
    assert found == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_scrolls_sideways_on_a_phone(visit, site, scheme) -> None:
    """Neither a page nor a table in it is wider than a phone, on any type of page."""
    page = visit("", color_scheme=scheme, viewport=PHONE)
    base, wide = page.url, {}
    for kind in TYPES:
        page.goto(base + page_of(site, kind))
        page.evaluate("for (const box of document.querySelectorAll('details')) box.open = true")
        settle(page)
        found = page.evaluate(TOO_WIDE)
        if found:
            wide[kind] = found
    assert wide == {}


@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
def test_tables_that_are_laid_out_as_cards_stay_tables(visit, site, window) -> None:
    """What is displayed as a block has its role in words; readers find heads, rows and cells."""
    page = visit("", viewport=window)
    base, untold = page.url, {}
    for kind in TYPES:
        page.goto(base + page_of(site, kind))
        if found := page.evaluate(UNTOLD):
            untold[kind] = found
    assert untold == {}
    page.goto(base + page_of(site, "runs/*/w_2021_04/"))
    told = {node["role"]["value"] for node in tree_of(page) if not node.get("ignored")}
    assert {"table", "rowgroup", "row", "rowheader", "columnheader", "cell"} <= told
    added = "heads => heads.map(head => getComputedStyle(head, '::after').content)"
    assert set(page.locator(".rg-table th[role=columnheader]").evaluate_all(added)) == {"none"}


def tree_of(page) -> list:
    """Return the nodes that Chromium offers to a screen reader."""
    session = page.context.new_cdp_session(page)
    return session.send("Accessibility.getFullAXTree")["nodes"]


def printed(page) -> list[str]:
    """Return the words of each sheet that a page is printed on."""
    return [sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(page.pdf())).pages]


@pytest.mark.parametrize("kind", ["runs/*/w_2021_04/", "compare/*/*/", "metrics/pkg.PA1/"])
def test_paper(visit, site, kind) -> None:
    """What is folded is open, links are footnotes, nothing of the frame is printed."""
    page = visit(page_of(site, kind))
    title = page.locator("h1").inner_text()
    page.emulate_media(media="print")
    breaks = "boxes => boxes.map(box => getComputedStyle(box).breakInside)"
    soon(
        page, lambda: set(page.locator(".rg-report details").evaluate_all(breaks)) - {"auto"}, set()
    )
    folded = page.locator(".rg-report details:not(.rg-noprint, [open]) tbody th")
    inside = {text.strip() for text in folded.all_text_contents()}
    sheets = printed(page)
    text = "".join("".join(sheets).split())
    assert "".join(title.split()) in text
    assert "[1]" in text
    assert "1.http" in text
    for words in inside:
        assert "".join(words.split()) in text
    for words in ("Jump to", "Filter by", "Badges to show", "Skip to content", "Zoom in"):
        assert "".join(words.split()) not in text


def test_heads_of_tables_repeat_on_paper(visit, site) -> None:
    """A table longer than a sheet has its head on each; its rows are whole."""
    page = visit(page_of(site, "runs/*/w_2021_04/"))
    page.evaluate(
        "() => { const row = document.querySelector('.rg-table tbody tr');"
        " for (let n = 0; n < 120; n++) row.after(row.cloneNode(true)); }"
    )
    head = "".join(page.locator(".rg-table thead th").first.inner_text().split())
    with_rows = [sheet for sheet in printed(page) if sheet.count("PA1") > 10]
    assert len(with_rows) >= 2
    assert all(head in sheet for sheet in with_rows)


def test_figures_are_whole_on_paper(visit, site) -> None:
    """In light colours, no wider than the sheet, also on a page that is dark on the screen."""
    page = visit(page_of(site, "metrics/pkg.PA1/"), color_scheme="dark")
    page.locator(".rg-plot").first.scroll_into_view_if_needed()
    figure = page.locator(".rg-plot svg").first
    figure.wait_for()
    page.emulate_media(media="print", color_scheme="light")
    page.set_viewport_size({"width": 700, "height": 900})
    page.wait_for_function("innerWidth === 700")
    settle(page)
    assert figure.evaluate("e => getComputedStyle(e.closest('.rg-plot')).breakInside") == "avoid"
    assert figure.bounding_box()["width"] <= 700
    words, inks = figure.locator("text").last, {"rgb(0, 0, 0)", "rgb(68, 68, 68)"}
    soon(page, lambda: words.evaluate("e => getComputedStyle(e).fill") in inks, wanted=True)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_closed_section_opens_by_keyboard_and_by_address(visit, site, scripts) -> None:
    """Its head takes the focus; the address of a row within it opens it, without scripts too."""
    path = page_of(site, "calibrations/*/bias/")
    page = visit(path, viewport=PHONE, java_script_enabled=scripts)
    closed = page.locator("details.rg-part:not([open])")
    count = closed.count()
    assert count
    closed.first.locator("summary").focus()
    page.keyboard.press("Enter")
    sync_api.expect(closed).to_have_count(count - 1)
    row = page.locator("details.rg-part").last.locator("tbody tr[id]").first.get_attribute("id")
    # Opened anew: on a reload a browser may go back to where it was, not to the address.
    page = visit(f"{path}#{row}", viewport=PHONE, java_script_enabled=scripts)
    sync_api.expect(page.locator(f'[id="{row}"]')).to_be_visible()
