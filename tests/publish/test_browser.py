"""The published site in a real browser: selector, banner, permalinks, page not found."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from reportgen.publish import Wish, publish_folder
from reportgen.site.build import build_site
from tests.publish.sample import index, write
from tests.serving import Pages, serving
from tests.site.browsing import PATIENCE, chromium, needs_browser, settle, soon, sync_api

expect = sync_api.expect
SETTINGS = """\
site_name: Metrics
docs_dir: build/docs
theme:
  name: material
  font: false
extra_javascript:
  - assets/reportgen.js
plugins:
  - search
"""
OLD, LATER, NEW = "rc2/w_2021_34", "rc2/w_2021_35", "rc2/w_2021_36"
"""Runs: of the oldest edition alone, not of the newest, of all."""

pytestmark = needs_browser


def build(folder: Path, edition: str, runs: list[str], url: str) -> Path:
    """Build a small site with Material, as `reportgen build` would."""
    write(folder / "mkdocs.yml", SETTINGS)
    docs = folder / "build" / "docs"
    for page in ("", "runs/", "notes/", *(f"runs/{run}/" for run in runs)):
        up = "../" * page.count("/")
        write(
            docs / page / "index.md",
            f"# Page {page or 'home'} of {edition}\n\n![f]({up}figures/f.svg)\n\n## Last\n",
        )
    write(docs / "figures" / "f.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="9"/>')
    site = folder / "site"
    build_site(folder / "mkdocs.yml", docs, site, site_url=url, edition=edition)
    write(site / "api" / "v1" / "index.json", json.dumps(index(edition, runs, [], [])))
    return site


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of everything."""
    return tmp_path_factory.mktemp("published")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Publish two editions below a sub-path, serve them, and give the address."""
    root = folder / "root"
    (root / "metrics").mkdir(parents=True)
    with serving(root, Pages) as place:
        url = f"{place}metrics/"
        for name, runs in (("w_2021_34", [OLD, NEW]), ("w_2021_36", [LATER, NEW]), ("main", [NEW])):
            shown = [*runs, LATER] if name == "w_2021_34" else runs
            site = build(folder / name, name, shown, url)
            publish_folder(site, root / "metrics", edition=name, wish=Wish(url=url))
            publish_folder(site, folder / "alone", edition=name, self_contained=True)
        (root / "plain").symlink_to(folder / "main" / "site")
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    """Give Chromium without a window."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: sync_api.Browser) -> Iterator[sync_api.Page]:
    """Give a page of its own to each test."""
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(PATIENCE * 1000)
    yield context.new_page()
    context.close()


@pytest.fixture
def complaints(page: sync_api.Page) -> list[str]:
    """Collect what a page says goes wrong, and answers that are none."""
    found: list[str] = []

    def note(message: sync_api.ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            found.append(message.text)

    def answered(response: sync_api.Response) -> None:
        if response.status >= 400:
            found.append(response.url)

    page.on("console", note)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("response", answered)
    return found


def pictures(page: sync_api.Page) -> None:
    """Wait until the picture of the page is there."""
    page.wait_for_function("document.images[0].naturalWidth > 0")


def test_a_permalink_arrives_with_query_and_fragment(page: sync_api.Page, address: str) -> None:
    """The stub leads on at once, and the reader lands at the row that was linked."""
    page.goto(f"{address}runs/{NEW}/?status=fail#last", wait_until="commit")
    page.wait_for_url(f"{address}v/main/runs/{NEW}/?status=fail#last")
    expect(page.locator("h1")).to_contain_text(f"Page runs/{NEW}/ of main")


def test_figures_and_styles_are_loaded_from_the_root(
    page: sync_api.Page, address: str, complaints: list[str]
) -> None:
    """What editions share is found from deep pages."""
    page.goto(f"{address}v/w_2021_34/runs/{NEW}/")
    page.get_by_role("complementary", name="Older edition").wait_for()
    pictures(page)
    assert "/metrics/figures/" in page.evaluate("document.images[0].src")
    sheets = page.evaluate("[...document.styleSheets].map(one => one.href)")
    assert all(f"{address}assets/" in sheet for sheet in sheets if sheet)
    assert complaints == []


def test_the_selector_stays_on_the_page(page: sync_api.Page, address: str) -> None:
    """Choosing another edition leads to the same page there."""
    page.goto(f"{address}v/w_2021_34/runs/{NEW}/")
    page.locator(".md-version__current").wait_for()
    links = page.locator(".md-version__link")
    expect(links).to_have_text(["main", "w_2021_36", "w_2021_34"])
    page.locator(".md-version").hover()
    links.first.click()
    page.wait_for_url(f"{address}v/main/runs/{NEW}/")


def test_an_older_edition_leads_to_the_newest(page: sync_api.Page, address: str) -> None:
    """The banner leads to the same page, at the same place, and the newest edition has none."""
    page.goto(f"{address}v/w_2021_34/runs/{NEW}/#last")
    banner = page.get_by_role("complementary", name="Older edition")
    banner.get_by_role("link", name="This page in main").click()
    page.wait_for_url(f"{address}v/main/runs/{NEW}/#last")
    page.locator(".md-version__current").wait_for()
    settle(page)
    assert banner.count() == 0


def test_an_older_edition_is_honest(
    page: sync_api.Page, address: str, complaints: list[str]
) -> None:
    """Where the newest edition has no such page, the banner says so, and names one that has."""
    page.goto(f"{address}v/w_2021_34/runs/{OLD}/index.html")
    banner = page.get_by_role("complementary", name="Older edition")
    expect(banner).to_contain_text("The newest edition, main, does not hold this page. ·")
    page.goto(f"{address}v/w_2021_34/runs/{LATER}/")
    expect(banner).to_contain_text("The newest edition, main, does not hold this page.")
    banner.get_by_role("link", name="This page in w_2021_36").click()
    page.wait_for_url(f"{address}v/w_2021_36/runs/{LATER}/")
    expect(banner).to_contain_text("The newest edition, main, does not hold this page. ·")
    page.goto(f"{address}v/w_2021_34/notes/")
    banner.get_by_role("link", name="This page in main").click()
    page.wait_for_url(f"{address}v/main/notes/")
    assert complaints == []


def test_a_page_that_is_not_there(page: sync_api.Page, address: str) -> None:
    """Of a dropped edition: the permalink; without an edition: the default one."""
    page.goto(f"{address}v/w_2019_01/runs/{OLD}/")
    page.get_by_role("link", name="Its newest state").click()
    page.wait_for_url(f"{address}v/w_2021_34/runs/{OLD}/")
    page.goto(f"{address}notes/?status=fail#top", wait_until="commit")
    page.wait_for_url(f"{address}v/main/notes/?status=fail#top")
    page.goto(f"{address}nowhere/at/all/")
    page.get_by_role("link", name="All published editions").click()
    page.wait_for_url(f"{address}v/")
    expect(page.locator("tbody th")).to_have_text(["main", "w_2021_36", "w_2021_34"])


def test_a_site_that_is_not_published(
    page: sync_api.Page, address: str, folder: Path, complaints: list[str]
) -> None:
    """As it was built, served or from a disk, it has no selector and asks for no versions."""
    for base in (
        address.replace("/metrics/", "/plain/"),
        (folder / "main" / "site").as_uri() + "/",
    ):
        page.goto(f"{base}runs/{NEW}/index.html")
        expect(page.locator("h1")).to_contain_text(f"Page runs/{NEW}/ of main")
        page.wait_for_load_state("networkidle")
        assert page.locator(".md-version").count() == 0
    assert complaints == []


def test_published_pages_ask_for_nothing_in_vain(
    page: sync_api.Page, address: str, complaints: list[str]
) -> None:
    """Every request of a page of the newest edition, and of an older one, is answered."""
    for name in ("main", "w_2021_34"):
        page.goto(f"{address}v/{name}/runs/{NEW}/")
        page.locator(".md-version__current").wait_for()
        page.wait_for_load_state("networkidle")
    page.goto(f"{address}v/", wait_until="networkidle")
    assert complaints == []


def test_a_self_contained_edition_from_a_disk(
    page: sync_api.Page, address: str, folder: Path, complaints: list[str]
) -> None:
    """Taken along without the rest, its figures, links and search work, and it has no selector."""
    assert address
    edition = shutil.copytree(folder / "alone" / "v" / "main", folder / "handed" / "main")
    page.goto(f"{edition.as_uri()}/index.html")
    pictures(page)
    page.locator("input[name=query]").click()
    page.locator("input[name=query]").press_sequentially("notes")
    soon(
        page,
        lambda: (
            "/notes/" in (page.locator(".md-search-result__link").first.get_attribute("href") or "")
        ),
        wanted=True,
    )
    page.locator(".md-search-result__link").first.click()
    page.wait_for_url(f"{edition.as_uri()}/notes/index.html*")
    pictures(page)
    assert page.locator(".md-version").count() == 0
    page.locator("a.md-logo").first.click()
    page.wait_for_url(f"{edition.as_uri()}/index.html")
    assert complaints == []
