"""A built site in Chromium: where it is served, and what a visit to a page brought to light."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

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
DESK = {"width": 1440, "height": 1000}
PHONE = {"width": 390, "height": 844}

needs_browser = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and keeps silent."""

    def log_message(self, *_args) -> None:
        """Say nothing."""


@contextmanager
def served(site: Path, root: Path) -> Iterator[str]:
    """Serve a site below a sub-path, as GitHub Pages does, and give its address."""
    (root / "metrics" / "v").mkdir(parents=True)
    (root / "metrics" / "v" / "main").symlink_to(site, target_is_directory=True)
    handler = functools.partial(Quiet, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/metrics/v/main/"
        server.shutdown()


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
        self.context = browser.new_context(**{"viewport": DESK, **options})
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
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
        """Open a page of the site."""
        self.page.goto(self.base + path)
        return self.page
