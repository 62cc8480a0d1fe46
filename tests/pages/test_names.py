"""Names of pages, as the list that readers jump by has them."""

from __future__ import annotations

import json

from reportgen.model.pages import Heading, Page
from reportgen.pages.names import PATH, PageNames


def make_page(path: str, title: str, **more: object) -> Page:
    """Return a page without content."""
    fields = {"description": "", "template": "run", "view": None} | more
    return Page(path=path, title=title, **fields)


def test_names_are_a_script() -> None:
    """Pages pass through; title, path and what else they are found by are kept, as ASCII."""
    pages = [
        make_page("runs/a/b/", "A </script>\u2028 b", searchable=["b", "DM-7", "DM-7"]),
        make_page("metrics/PA1/", "PA1 \ud800"),
        make_page("requirements/", "Requirements", toc=[Heading(id="pa1", title="PA1")]),
    ]
    names = PageNames()
    assert list(names.watch(pages)) == pages
    document = names.document()
    assert document.path == PATH
    assert document.text.isascii()
    assert "<" not in document.text
    found = json.loads(document.text.removeprefix("reportgenNames=").removesuffix(";\n"))
    assert found == [
        ["A </script>\u2028 b", "runs/a/b/", "DM-7"],
        ["PA1 \ud800", "metrics/PA1/"],
        ["Requirements", "requirements/"],
        ["PA1", "requirements/#pa1"],
    ]


def test_names_stay_small() -> None:
    """The names of 500 metrics with long lists of words are below 200 kB."""
    words = [f"LPM-17, section {n}" for n in range(100)]
    names = PageNames()
    list(names.watch(make_page(f"metrics/m{n}/", f"m{n}", searchable=words) for n in range(500)))
    assert len(names.document().text) < 200_000
