"""The Markdown file of a page: YAML front matter that carries the finished HTML.

Nothing that a page shows may break out of the front matter, so all texts are cleaned of the
characters that YAML does not allow, written as double-quoted scalars, and the body as a literal
block whose every line is indented. Texts in the front matter are HTML: the theme of Material
places titles and descriptions as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from reportgen.model.pages import Heading, Page

_LINE_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_NOT_IN_YAML = re.compile(
    "[^\\t\\n\\x20-\\x7e\\xa0-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]"
)
"""Also the byte order mark, which YAML allows but loaders treat each in their own way."""
_PLAIN = bytes([*b"\t\n", *range(0x20, 0x7F)])
"""Most of every text, in which nothing has to be looked for."""
_SPACE = re.compile(r"\s+")
_OWN_KEYS = frozenset(
    {"title", "description", "template", "crumbs", "headings", "body", "image", "badge"}
)


def write_markdown(page: Page, body: str, extra: Mapping[str, Any]) -> str:
    """Return the whole file for a page whose template gave ``body``.

    ``extra`` is more front matter, from the renderer. Below the front matter stands, unseen on
    the page, what search finds it under.
    """
    meta = {
        "title": as_html(page.title),
        "description": as_html(page.description),
        "template": "report.html",
        **extra,
        "crumbs": [
            {"title": as_html(crumb.title), "href": relative(page.path, crumb.path)}
            for crumb in page.crumbs
        ],
        "headings": _nested(page.toc),
    }
    lines = "".join(f"{_key(key)}: {_flow(value)}\n" for key, value in meta.items())
    return f"---\n{lines}body: |1-\n {_block(body)}\n---\n{_search_words(page)}"


def relative(path: str, target: str) -> str:
    """Return the link from one page to another, both given from the edition's root."""
    return "../" * path.count("/") + target or "./"


def clean(text: str) -> str:
    r"""Return text with ``\n`` as its only line break and without what YAML does not allow."""
    rest = text.encode(errors="surrogatepass").translate(None, _PLAIN)
    if not rest:
        return text
    special = rest.decode(errors="surrogatepass")
    if not _LINE_BREAKS.search(special) and not _NOT_IN_YAML.search(special):
        return text
    return _NOT_IN_YAML.sub("\ufffd", _LINE_BREAKS.sub("\n", text))


def as_html(text: str) -> str:
    """Return a one-line text as HTML, also fit for an attribute."""
    return escape(_SPACE.sub(" ", clean(text)).strip())


def _block(body: str) -> str:
    return clean(body).rstrip("\n").replace("\n", "\n ")


def _key(text: str) -> str:
    return text if text in _OWN_KEYS else _scalar(text)


def _scalar(text: str) -> str:
    """Return a double-quoted YAML scalar, which JSON is once no character needs an escape."""
    return json.dumps(clean(text), ensure_ascii=False)


def _flow(value: Any) -> str:
    """Return a value as YAML in one line."""
    return _scalar(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _nested(headings: Iterable[Heading]) -> list[dict[str, Any]]:
    """Return the table of contents, headings of level 3 and deeper below those of level 2."""
    top: list[dict[str, Any]] = []
    for heading in headings:
        entry = {"id": as_html(heading.id), "title": as_html(heading.title), "children": []}
        siblings: Sequence[Any] = top[-1]["children"] if top and heading.level > 2 else top
        siblings.append(entry)  # type: ignore[attr-defined]
    return top


def _search_words(page: Page) -> str:
    """Return the only Markdown of a page: one paragraph for the search index."""
    words = " ".join([page.description, *page.searchable])
    return f"\n<p>{as_html(words)}</p>\n"
