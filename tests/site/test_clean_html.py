"""What people write cannot bring a script, a handler or a request onto a page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from markdown import markdown

from reportgen.site.clean_html import TAGS, clean

EXTENSIONS = ["admonition", "attr_list", "footnotes", "tables", "toc", "pymdownx.details"]
HOSTILE = [
    "<script>alert(1)</script>",
    "text <SCRIPT\nsrc=x>alert(1)</SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    '[x](a.md){ onclick="alert(1)" }',
    '# x { onmouseover="alert(1)" }',
    "![x](https://elsewhere.example/x.png)",
    "![x](//elsewhere.example/x.png)",
    '<p style="background:url(https://elsewhere.example/x.png)">x</p>',
    "</article></div><script>alert(1)</script>",
    "<textarea></textarea><script>alert(1)</script>",
    "<title><img src=x onerror=alert(1)></title>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form action=https://elsewhere.example><button>x</button></form>",
    "<meta http-equiv=refresh content='0;url=https://elsewhere.example'>",
    "<base href=https://elsewhere.example>",
    "<link rel=stylesheet href=https://elsewhere.example/x.css>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?x <script>alert(1)</script> ?>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<a title='\"><script>alert(1)</script>'>x</a>",
]


class Seen(HTMLParser):
    """Collects what a browser would get."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.depth = 0

    def handle_starttag(self, tag, attrs):
        """Count a tag that opens."""
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.depth += tag not in ("br", "hr", "img", "wbr")

    def handle_endtag(self, tag):
        """Count a tag that closes."""
        self.depth -= tag not in ("br", "hr", "img", "wbr")
        assert self.depth >= 0


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_comes_out_harmless(text: str) -> None:
    """Only allowed tags, no handler, no scheme but the safe ones, nothing from another host."""
    seen = Seen()
    seen.feed(clean(markdown(text, extensions=EXTENSIONS)))
    seen.close()
    assert seen.tags <= TAGS
    assert seen.depth == 0
    for tag, name, value in seen.attributes:
        assert not name.startswith("on")
        assert name not in ("action", "srcdoc", "formaction")
        assert "script:" not in re.sub(r"[\s\x00-\x20]", "", value).lower() or name == "title"
        if tag == "img" and name == "src":
            assert "elsewhere" not in value
        assert name != "style"


def test_what_is_not_allowed_is_shown() -> None:
    """The author sees what did not get through."""
    assert clean("<p><script>alert(1)</script></p>") == (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
    )


def test_ordinary_markdown_stays_what_it_was() -> None:
    """Headings, tables with alignment, code, footnotes, boxes and links pass unchanged."""
    text = (
        "# Title\n\nA [link](other.md) & `<code>`, **bold** 5 &lt; 6 &mdash; x[^1].\n\n"
        "| a | b |\n|---|--:|\n| 1 | 2 |\n\n!!! note\n    box\n\n???+ note\n    more\n\n"
        "![plot](plot.png)\n\n    <b>block</b>\n\n[^1]: foot\n"
    )
    made = markdown(text, extensions=EXTENSIONS)
    seen, cleaned = Seen(), clean(made)
    seen.feed(cleaned)
    before = Seen()
    before.feed(made)
    assert seen.tags == before.tags
    assert seen.attributes == before.attributes
    assert "&lt;code&gt;" in cleaned
    assert "5 &lt; 6 &mdash; x" in cleaned
