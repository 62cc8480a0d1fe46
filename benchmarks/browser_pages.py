"""Main-thread seconds of pages in Chromium, beside a naive page with the same rows.

    python benchmarks/browser_pages.py                   # 500 metrics x 5 bands, 3 runs
    python benchmarks/browser_pages.py --site FOLDER     # a site that is built already

For the first page, the newest run's and a naive page (one plain HTML table, no style, no script,
with the words of that run's rows): seconds of the main thread until the page is at rest, of which
script, style and layout; bytes as sent, gzipped; elements. Each is the median of several visits
with an empty cache, the pages in turn, so that a busy machine slows all alike: compare the ratio.
Needs playwright and an installed Chromium.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import html
import http.server
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from urllib.parse import unquote, urlsplit

from build_site import make_series, write_reportgen
from playwright.sync_api import Browser, sync_playwright

PARTS = ("TaskDuration", "ScriptDuration", "RecalcStyleDuration", "LayoutDuration")
WORDS = """rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"""
NAIVE = "naive.html"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and keeps silent."""

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


def build(folder: Path, metrics: int, runs: int) -> Path:
    """Build a site in a folder and return where it lies."""
    write_reportgen(folder, make_series(metrics, max(runs, 6)), runs)
    subprocess.run([sys.executable, "-m", "reportgen", "build"], cwd=folder, check=True)
    return folder / "site"


def measure(browser: Browser, site: Path, address: str) -> list[float]:
    """Return the seconds of one visit, then kilobytes sent and elements."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Performance.enable")
    asked: list[str] = []
    page.on("requestfinished", lambda request: asked.append(urlsplit(request.url).path))
    page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(800)
    found = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    elements = page.evaluate("document.querySelectorAll('*').length")
    context.close()
    files = [site / unquote(path).lstrip("/") for path in asked]
    files = [file / "index.html" if file.is_dir() else file for file in files]
    sent = sum(len(gzip.compress(file.read_bytes())) for file in files if file.is_file())
    return [*(found[part] for part in PARTS), sent / 1000, elements]


def write_naive(browser: Browser, address: str, path: Path) -> int:
    """Write the rows of a run's page as a plain table, and return how many there are."""
    page = browser.new_page()
    page.goto(address)
    rows = page.locator("#table-requirements tr").evaluate_all(WORDS)
    page.close()
    lines = "\n".join(
        "<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in row) + "</tr>" for row in rows
    )
    path.write_text(
        f"<!doctype html><meta charset=utf-8><title>naive</title><table>{lines}</table>"
    )
    return len(rows) - 1


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path, help="a built site to measure")
    parser.add_argument("--metrics", type=int, default=500)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--visits", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = options.site or build(Path(folder) / "report", options.metrics, options.runs)
        handler = functools.partial(Quiet, directory=str(site))
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            compare(playwright.chromium, site, f"http://127.0.0.1:{server.server_port}/", options)
            server.shutdown()


def compare(chromium: object, site: Path, base: str, options: argparse.Namespace) -> None:
    """Visit the pages in turn and print their medians and the ratio to the naive page."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    browser = chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])  # type: ignore[attr-defined]
    newest = max(site.glob("runs/*/*/index.html"), key=lambda one: one.parent.name)
    run = newest.parent.relative_to(site).as_posix() + "/"
    rows = write_naive(browser, base + run, site / NAIVE)
    pages = {"first page": "", f"run, {rows} rows": run, "naive, same rows": NAIVE}
    visits: dict[str, list[list[float]]] = {name: [] for name in pages}
    for _ in range(options.visits):
        for name, page in pages.items():
            visits[name].append(measure(browser, site, base + page))
    (site / NAIVE).unlink()
    browser.close()
    medians = {
        name: [statistics.median(column) for column in zip(*found, strict=True)]
        for name, found in visits.items()
    }
    print(
        f"{'':20} {'main':>7} {'script':>7} {'style':>7} {'layout':>7} {'kB gz':>7} {'elements':>9}"
    )
    for name, (*seconds, sent, elements) in medians.items():
        print(
            f"{name:20} "
            + " ".join(f"{s:>7.2f}" for s in seconds)
            + f" {sent:>7.0f} {elements:>9.0f}"
        )
    _, ours, naive = medians.values()
    print(f"run / naive {ours[0] / naive[0]:.2f}")


if __name__ == "__main__":
    main()
