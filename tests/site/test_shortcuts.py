"""Shorter ways through MkDocs lead to the same place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mkdocs import utils
from mkdocs.utils import meta

from reportgen.model.pages import Crumb, Heading, Page
from reportgen.render.frontmatter import write_markdown
from reportgen.site.shortcuts import shortcuts, split_page

MORE = {"my key": "yes", "date": "2026-01-02"}


def page(title="PA1", body="<p>One</p>\n\n<p>two</p>"):
    """Return the file of a page."""
    view = Page(
        path="metrics/PA1/",
        title=title,
        template="metric",
        view=None,
        description="How far & why: \"quoted\" \\ 'so'",
        crumbs=[Crumb(title="Metrics", path="metrics/")],
        toc=[Heading(level=2, id="a", title="A")],
    )
    return write_markdown(view, body, {"source": "a/b.json", "n": 3, "null": None, **MORE})


def test_pages_are_read_as_mkdocs_reads_them():
    """Front matter, body and Markdown are those of the YAML."""
    text = page()
    assert split_page(text) == meta.get_data(text)
    assert split_page(text)[1]["date"] == "2026-01-02"


@given(st.text(), st.text())
def test_any_text_is_read_as_mkdocs_reads_it(title, body):
    """Whatever a title or a body holds."""
    text = page(title, body)
    assert split_page(text) == meta.get_data(text)


@pytest.mark.parametrize(
    "text",
    [
        "# A note\n",
        "---\ntitle: A note\n---\n\nText\n",
        "---\ntitle: &x [1]\nbody: |1-\n <p>\n---\n",
        '---\ntitle: "T"\nmore:\n  - 1\nbody: |1-\n <p>\n---\n',
        '---\ntitle: "T"\nbody: |1-\n <p>no end',
    ],
)
def test_what_people_write_is_for_mkdocs(text):
    """Only what has exactly our form takes the shorter way."""
    assert split_page(text) is None


def test_finished_files_are_shared_with_the_site(tmp_path):
    """A figure takes no second copy; scripts, which are shortened in the site, do."""
    docs, site = tmp_path / "docs", tmp_path / "site"
    docs.mkdir()
    site.mkdir()
    for name in ("a.svg", "a.js"):
        (docs / name).write_text(name)
    with shortcuts(str(docs)):
        for name in ("a.svg", "a.js"):
            utils.copy_file(str(docs / name), str(site / name))
    assert [(site / name).read_text() for name in ("a.svg", "a.js")] == ["a.svg", "a.js"]
    assert (docs / "a.svg").samefile(site / "a.svg")
    assert not (docs / "a.js").samefile(site / "a.js")


def test_mkdocs_is_left_as_it_was(tmp_path):
    """Also when the build fails."""
    before = meta.get_data, utils.copy_file
    with pytest.raises(ValueError, match="broken"), shortcuts(str(tmp_path)):
        raise ValueError("broken")
    assert (meta.get_data, utils.copy_file) == before
