"""A small site with all that the theme has to place: tables, a figure, notes, hostile text."""

from __future__ import annotations

import json
import math
import shutil
from dataclasses import dataclass
from pathlib import Path

from reportgen.figures import draw_figures, plan_figure
from reportgen.model.figures import Annotation, FigureFile, HistoryFigure, Limit, Series
from reportgen.model.pages import Crumb, Heading, Page
from reportgen.pages.names import PageNames
from reportgen.render import SiteContext, copy_folder, render_pages, write_documents
from reportgen.site.resources import templates_dir

ROOT = Path(__file__).resolve().parents[2]
RUN = "runs/demo/w_2026_46/"
URL = "https://example.org/metrics/"
EPOCH = 1_795_305_600
HOSTILE = 'w_2026_46 "<b>&'

TEMPLATE = """\
{% import "pages/_parts.html.jinja" as parts %}
<h1>{{ view.title }}</h1>
{{ parts.demonstration() }}
<p class="rg-lead">Two of sixty fail; see the <a href="{{ root }}metrics/">metrics</a>.</p>
<ul class="rg-tiles">
{% for tile in view.tiles %}
<li><a href="{{ tile.href }}"><b>{{ tile.count }}</b>{{ tile.status | status }}</a></li>
{% endfor %}
</ul>
{{ parts.heading("requirements", "Requirements") }}
{% set columns = [{"title": "Metric"}, {"title": "Band", "filter": "band"},
  {"title": "Status", "filter": "status"}, {"title": "Value", "kind": "n"}, {"title": "History"}] %}
{% call parts.table("requirements", "Requirements, worst first", columns, "status band package") %}
{% for row in view.rows %}
<tr id="{{ row.anchor }}" data-package="{{ row.package }}">
<th scope="row"><a href="{{ root }}metrics/">{{ row.metric }}</a></th><td>{{ row.band }}</td>
<td>{{ row.status | status(row.reason) }}</td>{{ row.value | number_cell("mmag") }}
<td>{{ row.history | sparkline(14) }}</td></tr>
{% endfor %}
{% endcall %}
{% if view.figure %}
{{ parts.heading("history", "History") }}
{{ parts.figure(view.figure, root, "figures/" ~ view.figure.name ~ ".svg", "figure") }}
{% endif %}
<details><summary>More</summary>
<table class="rg-table" id="more"><thead><tr><th scope="col">Job</th></tr></thead>
<tbody><tr id="job-1"><td>one</td></tr></tbody></table></details>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the table."""

    anchor: str
    metric: str
    package: str
    band: str
    status: str
    reason: str | None
    value: float | None
    history: list[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A count that leads to its rows."""

    count: int
    status: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a page of the sample shows."""

    title: str
    rows: list[Row]
    tiles: list[Tile]
    figure: FigureFile | None = None


def rows(number: int) -> list[Row]:
    """Return rows: the first two fail, the third is not measured, the others pass."""
    return [row(at) for at in range(number)]


def row(at: int) -> Row:
    """Return one row; values fall, so that sorting by value turns the order around."""
    status = "fail" if at < 2 else "not_measured" if at == 2 else "pass"
    band = "grizy"[at % 5]
    value = None if at == 2 else 100.0 - at
    return Row(
        anchor=f"PA{at}-{band}",
        metric=f"validate_drp.PA{at}",
        package="validate_drp" if at % 2 else "faro",
        band=band,
        status=status,
        reason="nan" if at == 2 else None,
        value=value,
        history=[12.0, 13.0, None, 12.5, value],
    )


FIGURE = FigureFile(
    name="0123abcd",
    width=720,
    height=300,
    alt="PA1 in two bands over three runs.",
    caption="PA1 over the last runs.",
    title="PA1",
)

RELEASES = [f"w_2024_{week:02}" for week in range(1, 41)]
HISTORY = HistoryFigure(
    title="AM1, forty runs",
    unit="marcsec",
    labels=RELEASES,
    series=[
        Series(
            label="g",
            values=[math.nan if at == 6 else 5 + at / 10 for at in range(40)],
            reasons=["absent" if at == 6 else "" for at in range(40)],
            links=[f"../../{RUN}" if at >= 38 else "" for at in range(40)],
            breaks=[20],
        ),
        Series(label="r", values=[12 - at / 10 for at in range(40)]),
    ],
    limits=[
        Limit(label="design", value=10, operator="<="),
        Limit(label="minimum (r)", value=20, operator="<=", series=["r"]),
    ],
    annotations=[
        Annotation(position=20, text="new definition"),
        Annotation(position=30, text="step: g +1 marcsec", kind="step", since=28),
    ],
    remarks=[f"DM-{1000 + at}" for at in range(40)],
    alt="AM1 in two bands over forty runs.",
    caption="AM1 over forty runs.",
)
"""Drawn by reportgen, as the figures of a real site are."""
LONG = "metrics/long/"

POINTS = {
    "kind": "history",
    "unit": "mmag",
    "box": [50, 20, 700, 250],
    "labels": ["w_2026_44", "w_2026_45", "w_2026_46"],
    "links": ["../w_2026_46/", "javascript:alert(1)"],
    "x": [100, 300, 500],
    "series": [
        {"label": "g", "y": [100, None, 60], "value": [12.3456, None, 13.5], "href": [-1, -1, 0]},
        {
            "label": "r",
            "y": [200, 240, 160],
            "value": [11.5, None, 12.5],
            "text": ["", "not measured: NaN", "<b>DM-1</b>"],
            "href": [1, -1, 0],
        },
    ],
    "marks": [{"x": 400, "text": "new definition"}],
}


def svg() -> str:
    """Return a figure file with points, as `reportgen.figures` writes them, and a script."""
    points = json.dumps(POINTS).replace("<", "\\u003c").replace(">", "\\u003e")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="rg-figure" width="720" height="300"'
        ' viewBox="0 0 720 300" role="img" aria-labelledby="f-t"><title id="f-t">PA1</title>'
        f'<metadata class="rg-points">{points}</metadata>'
        "<script>window.stolen = true</script>"
        '<path d="M100 100L500 60" stroke="var(--rg-ink)" onclick="window.stolen = true"/></svg>'
    )


def pages(number: int = 60) -> list[Page]:
    """Return the pages of the sample."""
    tiles = [Tile(count=2, status="fail", href="?status=fail#requirements")]
    run = Page(
        path=RUN,
        title=HOSTILE,
        description=f"Two fail in {HOSTILE}.",
        template="sample",
        view=View(title=HOSTILE, rows=rows(number), tiles=tiles, figure=FIGURE),
        crumbs=[Crumb(title="Runs", path="runs/"), Crumb(title="Demo & co", path="runs/#PA0-g")],
        toc=[
            Heading(id="requirements", title="Requirements & more"),
            Heading(id="history", title="History", level=3),
        ],
        searchable=["DM-48123"],
    )
    sections = [
        Page(
            path=path,
            title=title,
            description=f"{title} of the sample.",
            template="sample",
            view=View(title=title, rows=rows(3), tiles=[]),
        )
        for path, title in [("", "Overview"), ("runs/", "Runs"), ("metrics/", "Metrics")]
    ]
    history = Page(
        path=LONG,
        title="A long history",
        description="Forty runs.",
        template="sample",
        view=View(title="A long history", rows=rows(3), tiles=[], figure=plan_figure(HISTORY)),
    )
    return [*sections, history, run]


def write_project(folder: Path, *, number: int = 60) -> Path:
    """Write ``mkdocs.yml`` and the docs folder of the sample; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = (ROOT / "mkdocs.yml").read_text()
    theme = "custom_dir: site_templates/theme"
    assert theme in settings
    (folder / "mkdocs.yml").write_text(settings.replace(theme, "custom_dir: build/theme"))
    templates = folder / "templates"
    (templates / "pages").mkdir(parents=True)
    shutil.copy(templates_dir() / "pages" / "_parts.html.jinja", templates / "pages")
    (templates / "pages" / "sample.html.jinja").write_text(TEMPLATE)
    docs = folder / "build" / "docs"
    names = PageNames()
    render_pages(names.watch(pages(number)), docs, templates, site_context=SiteContext(url=URL))
    write_documents([names.document()], docs)
    draw_figures([HISTORY], docs / "figures")
    (docs / "figures" / f"{FIGURE.name}.svg").write_text(svg())
    (docs / "figures" / f"{FIGURE.name}.png").write_bytes(b"\x89PNG")
    notes = folder / "notes"
    notes.mkdir()
    (notes / "index.md").write_text(
        "# Notes\n\nWhat *people* write.\n\n## Why\n\n[Runs](../runs/index.md)\n"
    )
    copy_folder(notes, docs / "notes")
    return folder
