"""Pages are written once, escaped, and refused where they cannot be."""

from __future__ import annotations

import html
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import yaml

from reportgen.errors import SiteError
from reportgen.model.pages import Page, PageBadge
from reportgen.render import SiteContext, render_pages
from reportgen.render.environment import make_environment
from reportgen.render.filters import FILTERS

SHARED_TEMPLATES = Path(__file__).resolve().parents[2] / "site_templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the test page shows."""

    name: str


@pytest.fixture
def templates(tmp_path) -> Path:
    """Folder with one page type."""
    folder = tmp_path / "templates"
    (folder / "pages").mkdir(parents=True)
    (folder / "pages" / "run.html.jinja").write_text(
        "{% if view.name %}\n<h1>{{ view.name }}</h1>\n{% endif %}\n"
        '<a href="{{ root }}runs/">Runs</a>\n'
    )
    return folder


def page(path: str = "runs/a/b/", name: str = "Run") -> Page:
    """Return a page; what a test does not name is plain."""
    return Page(path=path, title="T", description="D", template="run", view=View(name=name))


def body(docs: Path, path: str) -> str:
    """Return the body of a written page."""
    text = (docs / path / "index.md").read_text()
    return text.partition("body: |1-\n")[2].partition("\n---\n")[0]


def test_page(tmp_path, templates) -> None:
    """The template gets its view, escaped, and the way to the root; blocks leave no blank lines."""
    docs = tmp_path / "docs"
    report = render_pages([page(name="<b>&"), page("")], docs, templates)
    assert report.written == ["runs/a/b/index.md", "index.md"]
    assert body(docs, "runs/a/b") == (
        ' <h1>&lt;b&gt;&amp;</h1>\n <a href="../../../runs/">Runs</a>'
    )
    assert body(docs, "") == ' <h1>Run</h1>\n <a href="./runs/">Runs</a>'


def test_again(tmp_path, templates) -> None:
    """A second time nothing is written; a page that is gone is removed."""
    docs = tmp_path / "docs"
    render_pages([page("a/"), page("b/")], docs, templates)
    assert not render_pages([page("a/"), page("b/")], docs, templates).written
    render_pages([page("a/")], docs, templates)
    assert [path.parent.name for path in docs.rglob("index.md")] == ["a"]


def test_compiled_templates_are_kept(tmp_path, templates) -> None:
    """A second process finds the compiled template, and a changed template is compiled anew."""
    cache = tmp_path / "cache"
    render_pages([page()], tmp_path / "docs", templates, cache_dir=cache)
    kept = {path: path.read_bytes() for path in cache.iterdir()}
    assert len(kept) == 1
    (templates / "pages" / "run.html.jinja").write_text("new")
    render_pages([page()], tmp_path / "docs", templates, cache_dir=cache)
    assert body(tmp_path / "docs", "runs/a/b") == " new"


@pytest.mark.parametrize(
    "path", ["runs/a", "/runs/a/", "a/../b/", "a//", "a b/", "a#/", "é/", ".a/"]
)
def test_paths_that_are_refused(tmp_path, templates, path) -> None:
    """No link to a page ever needs quoting, and no page leaves the folder."""
    with pytest.raises(SiteError, match="cannot be the"):
        render_pages([page(path)], tmp_path / "docs", templates)


def test_two_pages_of_one_address(tmp_path, templates) -> None:
    """Two pages that would overwrite each other are an error."""
    with pytest.raises(SiteError, match=r"runs/a/b/index\.md"):
        render_pages([page(), page(name="Other")], tmp_path / "docs", templates)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{{ view.nam }}", "cannot show runs/a/b/: .*nam"),
        ("{{ other }}", "'other' is undefined"),
        ("{% if %}", "line 1"),
        ("{{ view.name | nofilter }}", "nofilter"),
        ('{% include "pages/gone.html.jinja" %}', "gone"),
    ],
)
def test_wrong_templates(tmp_path, templates, source, message) -> None:
    """A template that asks for what is not there is named, never rendered as nothing."""
    (templates / "pages" / "run.html.jinja").write_text(source)
    with pytest.raises(SiteError, match=message) as caught:
        render_pages([page()], tmp_path / "docs", templates)
    assert "run.html.jinja" in str(caught.value)


def test_missing_template(tmp_path) -> None:
    """A page type without a template is named."""
    with pytest.raises(SiteError, match="'run'"):
        render_pages([page()], tmp_path / "docs", tmp_path)


def test_addresses(tmp_path, templates) -> None:
    """Pages of runs, metrics and comparisons have a lasting address, others that of the edition."""
    context = SiteContext(url="https://example.org/metrics", edition="w_2026_46")
    render_pages([page(), page("runs/")], tmp_path, templates, site_context=context)
    run = (tmp_path / "runs/a/b/index.md").read_text()
    assert '"permalink": "https://example.org/metrics/runs/a/b/"\n' in run
    assert '"snapshot": "https://example.org/metrics/v/w_2026_46/runs/a/b/"\n' in run
    section = (tmp_path / "runs/index.md").read_text()
    assert '"permalink": "https://example.org/metrics/v/w_2026_46/runs/"\n' in section
    render_pages([page()], tmp_path, templates)
    assert "permalink" not in (tmp_path / "runs/a/b/index.md").read_text()


def test_every_filter_is_one_that_templates_can_call() -> None:
    """The environment knows all filters by the names of the table."""
    environment = make_environment(SHARED_TEMPLATES)
    assert FILTERS.items() <= environment.filters.items()


def test_every_template_compiles() -> None:
    """All templates of the repository are valid."""
    environment = make_environment(SHARED_TEMPLATES)
    names = environment.list_templates(filter_func=lambda name: name.endswith(".jinja"))
    assert "pages/_parts.html.jinja" in names
    for name in names:
        environment.get_template(name)


MACROS = """\
{% import "pages/_parts.html.jinja" as parts %}
{{ parts.heading("requirements", "A <b>") }}
{% set columns = [{"title": "Value", "kind": "n"}, {"title": "State", "filter": "status"}] %}
{% call parts.table("r", "All", columns, "status") %}
<tr>{{ 1.5 | number_cell }}<td>{{ "pass" | status }}</td></tr>
{% endcall %}
"""


def test_macros() -> None:
    """Shared blocks carry their anchors, captions and marks for filters."""
    html = make_environment(SHARED_TEMPLATES).from_string(MACROS).render(root="../")
    assert '<h2 id="requirements">A &lt;b&gt;<a class="headerlink" href="#requirements"' in html
    assert '<table class="rg-table" id="r-table" data-filter="status">' in html
    assert '<th scope="col" class="n">Value</th>' in html
    assert '<th scope="col" data-filter="status">State</th>' in html
    assert '<tr><td class="n" title="1.5">1.5</td><td><span class="rg-badge rg-pass">' in html


def test_picture_and_badge_have_whole_addresses(tmp_path, templates) -> None:
    """Others can show them; signs of Markdown in a name stay signs."""
    docs = tmp_path / "docs"
    badge = PageBadge(path="badges/runs/a/b.svg", text='A](x) "<b>: 1 fail')
    shared = replace(page(), image="figures/1.png", badges=[badge])
    render_pages([shared], docs, templates, site_context=SiteContext(url="https://a.org/m"))
    meta = yaml.safe_load((docs / "runs/a/b/index.md").read_text().split("---\n")[1])
    assert meta["image"] == "https://a.org/m/v/main/figures/1.png"
    assert meta["badges"][0]["src"] == "../../../badges/runs/a/b.svg"
    assert html.unescape(meta["badges"][0]["markdown"]) == (
        '[![A\\]\\(x\\) \\"\\<b\\>\\: 1 fail](https://a.org/m/v/main/badges/runs/a/b.svg)]'
        "(https://a.org/m/runs/a/b/)"
    )
    assert "<b>" not in str(meta["badges"])


def test_without_an_address_no_picture_is_promised(tmp_path, templates) -> None:
    """A relative address leads nowhere from a chat."""
    docs = tmp_path / "docs"
    badge = PageBadge(path="badges/runs/a/b.svg", text="A")
    render_pages([replace(page(), image="figures/1.png", badges=[badge])], docs, templates)
    meta = yaml.safe_load((docs / "runs/a/b/index.md").read_text().split("---\n")[1])
    assert "image" not in meta
    assert "markdown" not in meta["badges"][0]
