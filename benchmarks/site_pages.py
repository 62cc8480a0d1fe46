"""CPU time of one report page: rendered, built by MkDocs, and its links checked.

Run it as ``python benchmarks/site_pages.py [PAGES ...]``; each page has a table of 60 rows with
values, statuses and sparklines. ``mkdocs`` is all of MkDocs, its start included, with trimming
the assets.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reportgen.model.pages import Crumb, Heading, Page
from reportgen.render import render_pages
from reportgen.site.build import build_site
from reportgen.site.links import check_links

ROWS = 60
SETTINGS = Path(__file__).resolve().parents[1] / "mkdocs.yml"
SECTIONS = (
    "",
    "runs/",
    "metrics/",
    "compare/",
    "calibrations/",
    "requirements/",
    "notes/",
    "data/",
)

TEMPLATE = """\
<h1>{{ view.title }}</h1>
<h2 id="requirements">Requirements</h2>
<div class="rg-scroll"><table class="rg-table" data-filter><thead><tr>
{% for name in ["Metric", "Band", "Value", "Unit", "Limit", "Status", "History"] %}
<th scope="col">{{ name }}</th>
{% endfor %}
</tr></thead><tbody>
{% for row in view.rows %}
<tr id="{{ row.anchor }}"><td><a href="{{ root }}metrics/">{{ row.metric }}</a></td>
<td>{{ row.band }}</td>{{ row.value | number_cell(row.unit) }}<td>{{ row.unit | unit }}</td>
{{ row.limit | number_cell(row.unit) }}<td>{{ row.status | status }}</td>
<td>{{ row.history | sparkline(row.limit) }}</td></tr>
{% endfor %}
</tbody></table></div>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the table."""

    anchor: str
    metric: str
    band: str
    value: float
    unit: str
    limit: float
    status: str
    history: list[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a page shows."""

    title: str
    rows: list[Row]


def main(counts: list[int]) -> None:
    """Print one line of CPU milliseconds a page for each number of pages."""
    print(f"{'pages':>6} {'render':>8} {'mkdocs':>8} {'links':>8}   ms CPU a page")
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            costs = measure(Path(folder), count)
        print(f"{count:>6} " + " ".join(f"{1000 * cost / count:>8.2f}" for cost in costs))


def measure(folder: Path, count: int) -> list[float]:
    """Return the CPU seconds of each step for a site of so many pages in an empty folder."""
    templates, docs = folder / "templates", folder / "build" / "docs"
    (templates / "pages").mkdir(parents=True)
    (templates / "pages" / "run.html.jinja").write_text(TEMPLATE)
    settings = SETTINGS.read_text().replace("custom_dir: site_templates/theme", "")
    (folder / "mkdocs.yml").write_text(settings)
    pages = list(make_pages(count))

    def render() -> None:
        render_pages(pages, docs, templates)

    def build() -> None:
        paths = (folder / "mkdocs.yml", docs, folder / "site")
        assert not build_site(*paths, site_url="https://example.org/").complaints

    def check() -> None:
        assert not check_links(folder / "site", base_path="/v/main/")

    rendered, built, checked = cpu(render), cpu(build), cpu(check)
    return [rendered, built - checked, checked]


def cpu(step: Callable[[], None]) -> float:
    """Return the CPU seconds of one step."""
    start = time.process_time()
    step()
    return time.process_time() - start


def make_pages(count: int) -> Iterator[Page]:
    """Yield section pages and so many run pages."""
    random.seed(4)
    for path in SECTIONS:
        yield make_page(path, path or "Overview", 3)
    for number in range(count):
        yield make_page(f"runs/demo/w_{number:05d}/", f"Run {number}", ROWS)


def make_page(path: str, title: str, rows: int) -> Page:
    """Return one page."""
    return Page(
        path=path,
        title=title,
        description=f"{title}: all requirements hold.",
        template="run",
        view=View(title=title, rows=[make_row(number) for number in range(rows)]),
        crumbs=[Crumb(title="Runs", path="runs/")],
        toc=[Heading(id="requirements", title="Requirements")],
        searchable=["demo", title],
    )


def make_row(number: int) -> Row:
    """Return one row of invented numbers."""
    history = [random.gauss(12, 1) for _ in range(24)]
    status = "pass" if history[-1] < 14 else "fail"
    return Row(
        anchor=f"PA{number}-r",
        metric=f"validate_drp.PA{number}",
        band="r",
        value=history[-1],
        unit="mmag",
        limit=14.0,
        status=status,
        history=history,
    )


if __name__ == "__main__":
    main([int(arg) for arg in sys.argv[1:]] or [500, 2000])
