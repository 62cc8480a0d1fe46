"""The published site in a real browser: selector, banner, permalinks, page not found."""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from reportgen.publish import publish_folder
from reportgen.site import build_site
from tests.publish.sample import index, write

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = next(
    filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None
)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
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
OLD, NEW = "rc2/w_2021_34", "rc2/w_2021_36"

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder as GitHub Pages does, with its page for what is not found."""

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def send_error(self, code: int, *_arguments: object) -> None:
        """Answer with ``404.html``."""
        page = (Path(self.directory) / "metrics" / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page)


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
    handler = functools.partial(Quiet, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        url = f"http://127.0.0.1:{server.server_port}/metrics/"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for name, runs in (("w_2021_34", [OLD, NEW]), ("main", [NEW])):
            site = build(folder / name, name, runs, url)
            publish_folder(site, root / "metrics", edition=name, url=url)
            publish_folder(site, folder / "alone", edition=name, self_contained=True)
        (root / "plain").symlink_to(folder / "main" / "site")
        yield url
        server.shutdown()


@pytest.fixture
def complaints(page: sync_api.Page) -> Iterator[list[str]]:
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
    yield found
    page.remove_listener("console", note)
    page.remove_listener("response", answered)


@pytest.fixture(scope="module")
def page() -> Iterator[sync_api.Page]:
    """Give a page in Chromium without a window."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page()
        page.set_default_timeout(5000)
        yield page
        browser.close()


def test_a_permalink_arrives_with_query_and_fragment(page: sync_api.Page, address: str) -> None:
    """The stub leads on at once, and the reader lands at the row that was linked."""
    page.goto(f"{address}runs/{NEW}/?status=fail#last")
    page.wait_for_url(f"{address}v/main/runs/{NEW}/?status=fail#last")
    assert page.locator("h1").inner_text().startswith(f"Page runs/{NEW}/ of main")


def test_figures_and_styles_are_loaded_from_the_root(page: sync_api.Page, address: str) -> None:
    """What editions share is found from deep pages."""
    answers = []
    page.on("response", lambda one: answers.append((one.status, one.url)))
    page.goto(f"{address}v/w_2021_34/runs/{NEW}/", wait_until="networkidle")
    assert page.evaluate("document.images[0].naturalWidth") > 0
    assert "/metrics/figures/" in page.evaluate("document.images[0].src")
    sheets = page.evaluate("[...document.styleSheets].map(one => one.href)")
    assert all(f"{address}assets/" in sheet for sheet in sheets if sheet)
    assert [answer for answer in answers if answer[0] >= 400] == []


def test_the_selector_stays_on_the_page(page: sync_api.Page, address: str) -> None:
    """Choosing another edition leads to the same page there."""
    page.goto(f"{address}v/w_2021_34/runs/{NEW}/")
    page.locator(".md-version__current").wait_for()
    page.locator(".md-version").hover()
    links = [text.strip() for text in page.locator(".md-version__link").all_inner_texts()]
    assert links == ["main", "w_2021_34"]
    page.locator(".md-version__link").first.click()
    page.wait_for_url(f"{address}v/main/runs/{NEW}/")


def test_an_older_edition_leads_to_the_newest(page: sync_api.Page, address: str) -> None:
    """The banner leads to the same page, at the same place, and the newest edition has none."""
    page.goto(f"{address}v/w_2021_34/runs/{NEW}/#last")
    banner = page.get_by_role("complementary", name="Older edition")
    banner.get_by_role("link", name="This page in main").click()
    page.wait_for_url(f"{address}v/main/runs/{NEW}/#last")
    page.wait_for_load_state("networkidle")
    assert banner.count() == 0


def test_an_older_edition_is_honest(page: sync_api.Page, address: str) -> None:
    """Where the newest edition has no such page, the banner says so."""
    page.goto(f"{address}v/w_2021_34/runs/{OLD}/")
    banner = page.get_by_role("complementary", name="Older edition")
    assert "The newest edition, main, does not hold this page." in banner.inner_text()


def test_a_page_that_is_not_there(page: sync_api.Page, address: str) -> None:
    """Of a dropped edition: the permalink; without an edition: the default one."""
    page.goto(f"{address}v/w_2019_01/runs/{OLD}/")
    page.get_by_role("link", name="Its newest state").click()
    page.wait_for_url(f"{address}v/w_2021_34/runs/{OLD}/")
    page.goto(f"{address}notes/?status=fail#top")
    page.wait_for_url(f"{address}v/main/notes/?status=fail#top")
    page.goto(f"{address}nowhere/at/all/")
    page.get_by_role("link", name="All published editions").click()
    page.wait_for_url(f"{address}v/")
    assert page.locator("tbody th").all_inner_texts() == ["main", "w_2021_34"]


def test_a_site_that_is_not_published(
    page: sync_api.Page, address: str, folder: Path, complaints: list[str]
) -> None:
    """As it was built, served or from a disk, it has no selector and asks for no versions."""
    for base in (
        address.replace("/metrics/", "/plain/"),
        (folder / "main" / "site").as_uri() + "/",
    ):
        page.goto(f"{base}runs/{NEW}/index.html", wait_until="networkidle")
        assert page.locator("h1").inner_text().startswith(f"Page runs/{NEW}/ of main")
        assert page.locator(".md-version").count() == 0
    assert complaints == []


def test_published_pages_ask_for_nothing_in_vain(
    page: sync_api.Page, address: str, complaints: list[str]
) -> None:
    """Every request of a page of the newest edition, and of an older one, is answered."""
    for name in ("main", "w_2021_34"):
        page.goto(f"{address}v/{name}/runs/{NEW}/", wait_until="networkidle")
        page.locator(".md-version__current").wait_for()
    page.goto(f"{address}v/", wait_until="networkidle")
    assert complaints == []


def test_a_self_contained_edition_from_a_disk(
    page: sync_api.Page, address: str, folder: Path, complaints: list[str]
) -> None:
    """Taken along without the rest, its figures, links and search work, and it has no selector."""
    assert address
    edition = shutil.copytree(folder / "alone" / "v" / "main", folder / "handed" / "main")
    page.goto(f"{edition.as_uri()}/index.html", wait_until="networkidle")
    assert page.evaluate("document.images[0].naturalWidth") > 0
    page.locator("input[name=query]").click()
    page.locator("input[name=query]").press_sequentially("notes")
    page.locator(".md-search-result__link").first.click()
    page.wait_for_url(f"{edition.as_uri()}/notes/index.html*")
    assert page.evaluate("document.images[0].naturalWidth") > 0
    assert page.locator(".md-version").count() == 0
    page.locator("a.md-logo").first.click()
    page.wait_for_url(f"{edition.as_uri()}/index.html")
    assert complaints == []
