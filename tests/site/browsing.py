"""A built site in Chromium: where it is served, and what a visit to a page brought to light.

A browser answers when it comes to it, and on a busy machine that is late: what follows an action is
waited for, by a locator, by `soon` or by `settle`, never read at once.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.serving import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = next(
    filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 120.0
"""Seconds in which what a test waits for has to come; a test that passes waits no longer than it
takes."""
DESK = {"width": 1440, "height": 1000}
PHONE = {"width": 390, "height": 844}

sync_api.expect.set_options(timeout=PATIENCE * 1000)

needs_browser = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")


AT_REST = """() => new Promise((done) => {
  let before = "", same = 0;
  const look = () => {
    const { scrollWidth, scrollHeight } = document.documentElement;
    const moving = document.getAnimations().some((one) => one.playState === "running");
    const now = JSON.stringify([scrollX, scrollY, scrollWidth, scrollHeight]);
    same = now === before && !moving ? same + 1 : 0;
    before = now;
    if (same < 4) requestAnimationFrame(look);
    else done(true);
  };
  look();
})"""
"""Over four frames nothing has been scrolled, laid out anew or animated."""

PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def settle(page: sync_api.Page) -> None:
    """Wait until the page stands still: a place in the window is then where it was read."""
    page.wait_for_function(AT_REST)


def soon(page: sync_api.Page, read: Callable[[], Any], wanted: Any) -> None:
    """Wait until what is read is what is wanted; else show both."""
    deadline = time.monotonic() + PATIENCE
    while read() != wanted and time.monotonic() < deadline:
        page.wait_for_timeout(20)
    assert read() == wanted


@contextmanager
def served(site: Path, root: Path) -> Iterator[str]:
    """Serve a site below a sub-path, as GitHub Pages does, and give its address."""
    (root / "metrics" / "v").mkdir(parents=True)
    (root / "metrics" / "v" / "main").symlink_to(site, target_is_directory=True)
    with serving(root) as address:
        yield f"{address}metrics/v/main/"


@contextmanager
def chromium() -> Iterator[sync_api.Browser]:
    """Give Chromium without a window."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Visit:
    """One page in the browser, with what it asked for and complained about."""

    def __init__(self, browser: sync_api.Browser, base: str, **options) -> None:
        # Pages that move gently are somewhere else in each moment.
        given = {"viewport": DESK, "reduced_motion": "reduce", **options}
        self.scripts = given.get("java_script_enabled", True)
        self.context = browser.new_context(**given)
        self.context.set_default_timeout(PATIENCE * 1000)
        self.page = self.context.new_page()
        self.base = base
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._watch)

    def _note(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(text)

    def _watch(self, request: sync_api.Request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:", "file:")):
            self.complaints.append(f"request to {request.url}")

    def go(self, path: str) -> sync_api.Page:
        """Open a page of the site and wait until it is painted: Chromium drops earlier keys."""
        self.page.goto(self.base + path)
        if self.scripts:
            self.page.evaluate(PAINTED)
        return self.page
