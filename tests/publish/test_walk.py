"""Every address of a published site, asked for as a reader's browser does."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest

from reportgen import pipeline
from reportgen.config import load_config
from reportgen.publish import Wish, publish_folder
from tests.serving import Pages, serving
from tests.test_build import DEMO, write_demo

EDITIONS = ("w_2021_01", "w_2021_02", "main")


class Addresses(HTMLParser):
    """What a page loads and links to, and the places in it that can be linked to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.places: set[str] = set()
        self.robots = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note the addresses of one element."""
        given = {name: value or "" for name, value in attributes}
        self.links |= {given[name] for name in ("href", "src") if given.get(name)}
        self.places |= {given[name] for name in ("id", "name") if given.get(name)}
        if tag == "meta" and given.get("name") == "robots":
            self.robots = given["content"]


@dataclass
class Walk:
    """A walk over everything below an address."""

    base: str
    dead: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    pages: dict[str, Addresses] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)

    def start(self, *paths: str) -> None:
        """Follow links from some pages on until there is nothing new."""
        waiting = {(self.base + path, "the start") for path in paths}
        fragments = set()
        while waiting:
            address, source = waiting.pop()
            page, fragment = urldefrag(address)
            fragments.add((page, fragment, source))
            if page in self.pages or page in self.files:
                continue
            if not page.startswith(self.base):
                self.outside.add(page)
                continue
            waiting |= {(urljoin(page, link), page) for link in self.ask(page, source)}
        for page, fragment, source in fragments:
            if fragment and page in self.pages and fragment not in self.pages[page].places:
                self.dead.add(f"{source} -> {page}#{fragment}")

    def ask(self, page: str, source: str) -> set[str]:
        """Return the addresses in what a server answers."""
        try:
            with urllib.request.urlopen(page, timeout=60) as answer:
                text, kind = answer.read(), answer.headers.get_content_type()
                self.dead |= {f"{page} is {answer.url}"} if answer.url != page else set()
        except urllib.error.HTTPError as error:
            self.dead.add(f"{source} -> {page}: {error.code}")
            text, kind = b"", ""
        if kind == "text/html":
            self.pages[page] = Addresses(text.decode())
            return self.pages[page].links
        self.files.add(page)
        if kind == "text/css":
            found = re.findall(r"url\([\"']?([^)\"']+)", text.decode())
            return {one for one in found if not one.startswith(("data:", "#"))}
        return set()


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Walk, Path]:
    """Build and publish editions of two releases and of everything, and walk over all of it."""
    root = tmp_path_factory.mktemp("walk")
    to = root / "served" / "metrics"
    to.mkdir(parents=True)
    with serving(root / "served", Pages) as place:
        url = f"{place}metrics/"
        (root / "reportgen.toml").write_text(DEMO + f'[site]\nurl = "{url}"\n', encoding="utf-8")
        config = load_config(write_demo(root))
        for number, name in enumerate(EDITIONS):
            built = pipeline.build(
                config, edition=name, do_pull=not number, today=date(2021, 6, 1), aside=True
            )
            publish_folder(built.site, to, edition=name, wish=Wish(aliases=(f"a-{name}",), url=url))
        walk = Walk(base=url)
        walk.start("", "v/", *(f"v/{name}/" for name in EDITIONS))
    return walk, to


def test_every_address_is_answered(walked: tuple[Walk, Path]) -> None:
    """Nothing is missing, no fragment is dead, nothing leads to a redirect of the server."""
    walk, _ = walked
    assert walk.dead == set()
    assert all(one.startswith(("https://", "http://ls.st/", "data:")) for one in walk.outside)


def test_the_walk_came_to_every_edition(walked: tuple[Walk, Path]) -> None:
    """Each page of each edition is reached from its first page, and permalinks from pages."""
    walk, to = walked
    for name in EDITIONS:
        index = json.loads((to / "v" / name / "api/v1/index.json").read_text())
        for run in index["runs"]:
            if run["url"]:
                assert f"{walk.base}v/{name}/{run['url']}" in walk.pages
                assert f"{walk.base}{run['url']}" in walk.pages
    assert any(file.startswith(f"{walk.base}figures/") for file in walk.files)
    assert any(file.startswith(f"{walk.base}assets/") for file in walk.files)


def test_pages_of_old_editions_are_not_for_search_engines(walked: tuple[Walk, Path]) -> None:
    """Where they have no permalink, the default edition alone offers them."""
    walk, _ = walked
    for name in EDITIONS:
        for page in ("", "requirements/", "data/"):
            found = walk.pages[f"{walk.base}v/{name}/{page}"].robots
            assert found == ("" if name == "main" else "noindex")
    runs = [page for page in walk.pages if "/v/w_2021_01/runs/" in page]
    assert runs
    assert {walk.pages[page].robots for page in runs} == {""}
