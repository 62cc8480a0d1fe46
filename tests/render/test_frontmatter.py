"""Front matter survives any text."""

from __future__ import annotations

from html import escape, unescape

from hypothesis import example, given
from hypothesis import strategies as st
from mkdocs.utils import meta

from reportgen.model.pages import Crumb, Heading, Page
from reportgen.render.frontmatter import clean, relative, write_markdown

HOSTILE = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from(
            "-.:#|>'\"\t\n\r\x00\x0b\x0c\x1c\x7f\x85\u2028\u2029\ufeff\ufffe\ud800 {}&*!%@`"
        ),
    ),
    max_size=80,
)
LINES = st.lists(st.one_of(HOSTILE, st.sampled_from(["---", "...", "--- ", "\t---", "  x", ""])))


def read(text: str):
    """Parse a page file as MkDocs does, which opens it with universal line breaks."""
    decoded = text.encode().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    return meta.get_data(decoded)


def page(**kwargs) -> Page:
    """Return a page; what a test does not name is plain."""
    wanted = {"path": "runs/a/b/", "title": "Run", "description": "A run.", "template": "run"}
    return Page(**{**wanted, "view": None, **kwargs})


@given(lines=LINES)
@example(lines=["---", "title: other", "---", "<b>"])
@example(lines=["\t", "", " a", "\u2028---", "\x85...", "x\r---\ry"])
@example(lines=["", "", "    deep first line"])
@example(lines=[])
def test_body_comes_back(lines) -> None:
    """Any body comes back from the front matter, only cleaned and without breaks at its end."""
    body = "\n".join(lines)
    markdown, data = read(write_markdown(page(), body, {}))
    assert data["body"] == clean(body).rstrip("\n")
    assert data["template"] == "report.html"
    assert markdown == "<p>A run.</p>\n"


@given(text=HOSTILE)
@example(text='"\\ \u2028: #{[')
def test_texts_come_back_as_html(text) -> None:
    """Title, description, crumbs and headings come back as HTML of one line."""
    given_page = page(
        title=text,
        description=text,
        crumbs=[Crumb(title=text, path="runs/")],
        toc=[Heading(id="x", title=text), Heading(id="y", title=text, level=3)],
        searchable=[text],
    )
    markdown, data = read(write_markdown(given_page, "<p>", {}))
    html = escape(" ".join(clean(text).split()))
    assert (data["title"], data["description"]) == (html, html)
    assert data["crumbs"] == [{"title": html, "href": "../../../runs/"}]
    inner = {"id": "y", "title": html, "children": []}
    assert data["headings"] == [{"id": "x", "title": html, "children": [inner]}]
    assert "\n" not in markdown.strip("\n")
    assert unescape(markdown.strip("\n")[3:-4]).split() == (clean(text) + " " + clean(text)).split()


@given(text=st.text())
def test_clean_keeps_what_yaml_allows(text) -> None:
    """Cleaning twice is cleaning once, and each character stays one character."""
    assert clean(clean(text)) == clean(text)
    assert len(clean(text)) == len(text.replace("\r\n", "\n"))


def test_whole_file() -> None:
    """The file is readable: one line for each key, then the body."""
    given_page = page(
        title="w_2021_34 & <b>",
        crumbs=[Crumb(title="Runs", path="runs/"), Crumb(title="Home", path="")],
        toc=[Heading(id="requirements", title="Requirements")],
        searchable=["PA1", "DM-1"],
    )
    assert write_markdown(given_page, "<h1>\n\tx</h1>\n", {"permalink": "https://e.org/"}) == (
        "---\n"
        'title: "w_2021_34 &amp; &lt;b&gt;"\n'
        'description: "A run."\n'
        'template: "report.html"\n'
        '"permalink": "https://e.org/"\n'
        'crumbs: [{"title": "Runs", "href": "../../../runs/"},'
        ' {"title": "Home", "href": "../../../"}]\n'
        'headings: [{"id": "requirements", "title": "Requirements", "children": []}]\n'
        "body: |1-\n"
        " <h1>\n"
        " \tx</h1>\n"
        "---\n"
        "\n"
        "<p>A run. PA1 DM-1</p>\n"
    )


def test_relative() -> None:
    """Links lead from any depth to any page, and never are empty."""
    assert relative("", "") == "./"
    assert relative("", "runs/") == "runs/"
    assert relative("runs/a/b/", "") == "../../../"
    assert relative("runs/", "metrics/x/") == "../metrics/x/"
