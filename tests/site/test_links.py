"""Every address is checked, and what only looks like one is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.site.links import LinkProblem, check_links, summary

GOOD = """
<a href="../runs/a/">run</a> <a href="../runs/a/#PA1-g">row</a> <a href="#here">x</a> <h2 id="here">
<a href="">self</a> <a href="?status=fail#here">filtered</a> <a href="#top">top</a>
<a href="#">top</a>
<a href="../runs/a/?q=1#caf%C3%A9">quoted</a> <a href="..">home</a> <a href="../">home</a>
<a href="/v/main/runs/a/#old">absolute</a> <a href="/v/w_2026_45/runs/a/">other edition</a>
<a href="../runs/a/#:~:text=some">text</a> <a href="../figures/f.svg#only-light">figure</a>
<a href="../data/a%20b.csv">space</a> <a href='../data/a b.csv'>single quotes</a>
<a href=../runs/a/>bare</a> <a href="../data/?a=1&amp;b=2">ampersand</a>
<a href="https://other.org/x">other host</a> <a href="//other.org/x">other host</a>
<a href="mailto:a@b.c">mail</a> <a href="javascript:void 0">script</a> <a href="data:,x">data</a>
<link rel="canonical" href="https://example.org/"><link rel="stylesheet" href="../assets/a.css">
<img src="../figures/f.svg" srcset="../figures/f.svg 1x, ../figures/f.svg 2x"><img src="data:,x">
<svg><use xlink:href="#here"/></svg> <p>Write href="gone/" and src='https://cdn.org/x.js' in it.</p>
<!-- <a href="gone/">comment</a> --><div style="background:url(../figures/f.svg)"></div>
<script>const a = '<a href="gone/">';</script><style>b { background: url("#here") }</style>
"""


@pytest.fixture
def site(tmp_path) -> Path:
    """Return a small site without problems."""
    write(tmp_path, "index.html", "<h1 id=x>Home</h1>")
    write(tmp_path, "runs/a/index.html", '<p id="PA1-g"></p><p id="café"></p><a name="old"></a>')
    write(tmp_path, "figures/f.svg", "<svg/>")
    write(tmp_path, "data/a b.csv", "")
    write(tmp_path, "data/index.html", "")
    write(tmp_path, "assets/a.css", "/* url(gone.png) */ a { background: url('../figures/f.svg') }")
    return tmp_path


def write(site: Path, path: str, text: str) -> None:
    """Write one file of the site."""
    (site / path).parent.mkdir(parents=True, exist_ok=True)
    (site / path).write_text(text)


def check(site: Path) -> list[LinkProblem]:
    """Check the site as the edition ``main``."""
    return check_links(site, base_path="/v/main/", root_path="/")


def test_good_links(site) -> None:
    """Links of every form that work are no problem, nor is text that looks like one."""
    write(site, "page/index.html", GOOD)
    assert check(site) == []


GONE = "leads to gone/index.html, which is not there"
HERE = "leads to page/x.png, which is not there"
OTHER_HOST = "would be loaded from another host"
NO_ANCHOR = "names an anchor that page/index.html does not have"


@pytest.mark.parametrize(
    ("html", "link", "why"),
    [
        ('<a href="../gone/">', "../gone/", GONE),
        ("<a href='../gone/'>", "../gone/", GONE),
        ("<a href=../gone/>", "../gone/", GONE),
        ('<a\nhref="../gone/#x">', "../gone/#x", GONE),
        ('<form action="../gone/">', "../gone/", GONE),
        ('<a href="/v/main/gone/">', "/v/main/gone/", GONE),
        ('<a href="../a&amp;b/">', "../a&b/", "leads to a&b/index.html, which is not there"),
        ('<a href="../runs/a">', "../runs/a", "names a folder without the slash at its end"),
        ('<a href="../../x/">', "../../x/", "leads out of the site"),
        ('<a href="#gone">', "#gone", NO_ANCHOR),
        ('<a href="../page/#gone">', "../page/#gone", NO_ANCHOR),
        ('<img src="x.png">', "x.png", HERE),
        ('<img srcset="y.png 1x, x.png 2x">', "x.png", HERE),
        ('<video poster="x.png">', "x.png", HERE),
        ('<object data="x.png">', "x.png", HERE),
        ('<link rel="icon" href="x.png">', "x.png", HERE),
        ('<svg><use xlink:href="x.png#a"/>', "x.png#a", HERE),
        ('<div style="background:url(x.png)">', "x.png", HERE),
        ("<style>@import 'x.png'</style>", "x.png", HERE),
        ('<script src="https://cdn.org/x.js">', "https://cdn.org/x.js", OTHER_HOST),
        ('<img src="//cdn.org/x.png">', "//cdn.org/x.png", OTHER_HOST),
        ('<link rel="stylesheet" href="https://cdn.org/x">', "https://cdn.org/x", OTHER_HOST),
        ('<link href="https://cdn.org" rel="preconnect">', "https://cdn.org", OTHER_HOST),
        ('<svg><image href="https://cdn.org/x.png"/>', "https://cdn.org/x.png", OTHER_HOST),
        ("<style>a{background:url(https://cdn.org/x)}</style>", "https://cdn.org/x", OTHER_HOST),
    ],
)
def test_problems(site, html, link, why) -> None:
    """Each kind of wrong address is found once, with its page and the reason."""
    write(site, "page/index.html", html + "</a>" + html)
    problems = [problem for problem in check(site) if problem.link == link]
    assert problems == [LinkProblem(page="page/index.html", link=link, why=why)]


def test_style_sheets(site) -> None:
    """What a style sheet loads is checked from where the style sheet lies."""
    write(site, "assets/a.css", "a{background:url(x.png)} @import url('https://cdn.org/x.css');")
    assert [(problem.page, problem.link) for problem in check(site)] == [
        ("assets/a.css", "https://cdn.org/x.css"),
        ("assets/a.css", "x.png"),
    ]


def test_absolute_address_above_the_site(site) -> None:
    """An absolute address outside the whole site is wrong wherever the site stands."""
    write(site, "page/index.html", '<a href="/elsewhere/">')
    assert check_links(site, base_path="/metrics/v/main/", root_path="/metrics") == [
        LinkProblem(page="page/index.html", link="/elsewhere/", why="leads out of the site")
    ]


def test_summary() -> None:
    """Many problems are cut short, and say how many there are more."""
    problems = [LinkProblem(page="p", link=str(n), why="w") for n in range(12)]
    assert summary(problems[:2]) == "p: 0 w; p: 1 w"
    assert summary(problems).endswith("p: 9 w; and 2 more")
