"""Addresses of what editions share."""

from __future__ import annotations

import pytest

from reportgen.publish.rewrite import Rewriter

MOVED = {"figures/a.svg": "figures/0a.svg", "assets/x.css": "assets/ff/x.css"}
SHARING = Rewriter(edition="w_2021_34", moved=MOVED)


@pytest.mark.parametrize(
    ("page", "before", "after"),
    [
        ("index.html", 'src="figures/a.svg"', 'src="../../figures/0a.svg"'),
        ("index.html", 'src="./figures/a.svg"', 'src="../../figures/0a.svg"'),
        ("a/index.html", "src='../figures/a.svg'", "src='../../../figures/0a.svg'"),
        ("a/index.html", "src=../figures/a.svg>", "src=../../../figures/0a.svg>"),
        ("a/index.html", "url(../figures/a.svg)", "url(../../../figures/0a.svg)"),
        ("a/index.html", '"../figures/a.svg#b"', '"../../../figures/0a.svg#b"'),
        (
            "a/index.html",
            'srcset="../figures/a.svg 1x, ../figures/a.svg 2x"',
            'srcset="../../../figures/0a.svg 1x, ../../../figures/0a.svg 2x"',
        ),
        ("a/index.html", '{"search": "../assets/x.css"}', '{"search": "../../../assets/ff/x.css"}'),
        ("404.html", '"/m/v/w_2021_34/assets/x.css"', '"/m/assets/ff/x.css"'),
        (
            "a/index.html",
            '"https://x.org/m/v/w_2021_34/figures/a.svg"',
            '"https://x.org/m/figures/0a.svg"',
        ),
    ],
)
def test_addresses_lead_to_the_root(page: str, before: str, after: str) -> None:
    """Relative addresses stay relative; absolute ones stay below the same address."""
    assert SHARING.page(page, before.encode()).decode() == after


@pytest.mark.parametrize(
    "text",
    [
        '"../../figures/a.svg"',
        '"../figures/b.svg"',
        '"../myfigures/a.svg"',
        '"figures/a.svg"',
        '"/m/v/w_2021_36/figures/a.svg"',
        "<p>v/w_2021_34/figures/a.svg</p>",
        'href="../runs/"',
    ],
)
def test_other_addresses_stay(text: str) -> None:
    """What does not lead to a shared file of this edition is left alone."""
    assert SHARING.page("a/index.html", text.encode()).decode() == text


def test_the_canonical_address_becomes_the_permalink() -> None:
    """Only of pages that have one, and only their own address."""
    link = '<link rel="canonical" href="https://x.org/m/v/w_2021_34/{}">'
    lasting = SHARING.page("runs/a/b/index.html", link.format("runs/a/b/").encode()).decode()
    assert lasting == '<link rel="canonical" href="https://x.org/m/runs/a/b/">'
    for page in ("calibrations/latiss/bias/", "notes/", ""):
        text = link.format(page)
        assert SHARING.page(f"{page}index.html", text.encode()).decode() == text
    other = link.format("runs/c/d/")
    assert SHARING.page("runs/a/b/index.html", other.encode()).decode() == other


def test_search_engines_know_a_page_once() -> None:
    """By its permalink, or in the default edition where it has none."""
    old = Rewriter(edition="w_2021_34", moved={}, indexed=False)
    text = b'<head><meta charset="utf-8"><title>x</title>'
    hidden = b'<head><meta charset="utf-8"><meta name="robots" content="noindex"><title>x</title>'
    for page in ("index.html", "notes/index.html", "search.html"):
        assert old.page(page, text) == hidden
        assert SHARING.page(page, text) == text
    assert old.page("runs/a/b/index.html", text) == text


@pytest.mark.parametrize(
    ("moved", "way"),
    [({}, "../assets/e.js"), ({"assets/e.js": "assets/ff/e.js"}, "../../../assets/ff/e.js")],
)
def test_published_pages_load_one_script_more(moved: dict[str, str], way: str) -> None:
    """The script for editions stands right behind the settings that it changes; once."""
    settings = '<script id="__config" type="application/json">{"version": null}</script>'
    page = Rewriter(edition="main", moved=moved, script="assets/e.js").page
    text = f'{settings}<script src="bundle.js"></script>'
    expected = f'{settings}<script src="{way}"></script><script src="bundle.js"></script>'
    assert page("a/index.html", text.encode()).decode() == expected
    assert page("a/index.html", b"<p>no settings</p>") == b"<p>no settings</p>"
