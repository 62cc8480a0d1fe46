"""CPU time of one report page: rendered, built by MkDocs, and its links checked.

Run it as ``python benchmarks/site_pages.py [PAGES ...]``; each page has a table of 60 rows with
values, statuses and sparklines.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reportgen.model.pages import Crumb, Heading, Page
from reportgen.render import render_pages
from reportgen.site.resources import theme_dir

ROWS = 60
SECTIONS = ("", "runs/", "metrics/", "compare/", "calibrations/", "requirements/", "notes/", "data/")

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
    print(f"{'pages':>6} {'render':>8} {'mkdocs':>8} {'links':>8} {'again':>8}   ms CPU a page")
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), count)


def measure(folder: Path, count: int) -> None:
    """Build a site of so many pages in an empty folder."""
    templates = folder / "templates"
    (templates / "pages").mkdir(parents=True)
    (templates / "pages" / "run.html.jinja").write_text(TEMPLATE)
    docs = folder / "build" / "docs"
    pages = list(make_pages(count))
    start = time.process_time()
    render_pages(pages, docs, templates)
    rendered = time.process_time() - start
    print(f"{count:>6} {1000 * rendered / count:>8.2f}")


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
