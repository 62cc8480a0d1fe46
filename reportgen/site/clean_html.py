"""What people write in Markdown reaches the page as text and harmless markup only.

A Markdown extension: raw HTML, attribute lists and addresses pass a list of what is allowed after
everything else has run. What is not allowed is shown as the text it was, so that its author sees
it; no script, handler, frame, form or request to another host can come out of a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor

VOID = frozenset({"br", "hr", "img", "wbr"})
_BLOCKS = """
    article aside blockquote caption dd del details div dl dt figcaption figure h1 h2 h3 h4 h5 h6
    li ol p pre section summary table tbody td tfoot th thead tr ul
"""
_WORDS = """
    a abbr b cite code dfn em i ins kbd mark q s samp small span strong sub sup tt u var
"""
TAGS = VOID | frozenset(f"{_BLOCKS} {_WORDS}".split())
_NAMES = """
    id class title lang dir alt width height colspan rowspan scope open start reversed role loading
    href src style
"""
ATTRIBUTES = frozenset(_NAMES.split())
_SCHEME = re.compile(r"[\s\x00-\x20]*([a-zA-Z][a-zA-Z0-9+.\-\s\x00-\x20]*):")
_ALIGNED = re.compile(r"text-align: ?(left|right|center);?")
_SAFE_SCHEMES = frozenset({"http", "https", "mailto"})
LAST = -1000
"""Priority of what runs after everything else."""


def clean(text: str) -> str:
    """Return HTML in which only the allowed tags, attributes and addresses are left."""
    cleaner = _Cleaner()
    cleaner.feed(text)
    cleaner.close()
    return cleaner.result()


class _Cleaner(HTMLParser):
    """Writes anew what is allowed, and everything else as text; what it opens it closes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._parts: list[str] = []
        self._open: list[str] = []

    def set_cdata_mode(self, *_args: Any, **_options: Any) -> None:
        """Parse what stands in a script or a style too: their tags come out as text."""

    def result(self) -> str:
        """Return what was written, with everything closed."""
        return "".join([*self._parts, *(f"</{tag}>" for tag in reversed(self._open))])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write an allowed tag, with the attributes that are allowed."""
        if tag not in TAGS:
            self._parts.append(escape(self.get_starttag_text() or f"<{tag}>", quote=False))
            return
        given = dict(attrs)
        if tag == "img" and not _is_relative(given.get("src") or ""):
            self._link_image(given)
            return
        self._parts.append(f"<{tag}{''.join(_attributes(attrs))}>")
        if tag not in VOID:
            self._open.append(tag)

    def _link_image(self, given: dict[str, str | None]) -> None:
        """Link a picture of another host, which is not to be asked for anything."""
        address, words = given.get("src") or "", given.get("alt") or "picture"
        href = f' href="{escape(address)}"' if _is_safe(address) else ""
        self._parts.append(f"<a{href}>{escape(words)}</a>")

    def handle_endtag(self, tag: str) -> None:
        """Close a tag that is open, and those within it; nothing else can be closed."""
        if tag not in self._open:
            if tag not in TAGS:
                self._parts.append(f"&lt;/{escape(tag)}&gt;")
            return
        while self._open:
            inner = self._open.pop()
            self._parts.append(f"</{inner}>")
            if inner == tag:
                return

    def handle_data(self, data: str) -> None:
        """Write text."""
        self._parts.append(escape(data, quote=False))

    def handle_entityref(self, name: str) -> None:
        """Write a character that has a name; an unknown one as it was written."""
        text = f"&{name};"
        self._parts.append(text if unescape(text) != text else escape(text))

    def handle_charref(self, name: str) -> None:
        """Write a character given by its number."""
        self._parts.append(escape(unescape(f"&#{name};"), quote=False))

    def handle_comment(self, data: str) -> None:
        """Leave comments out."""

    def handle_decl(self, decl: str) -> None:
        """Leave declarations out."""

    def handle_pi(self, data: str) -> None:
        """Leave processing instructions out."""

    def unknown_decl(self, data: str) -> None:
        """Leave everything else out."""


def _attributes(attrs: Sequence[tuple[str, str | None]]) -> Iterator[str]:
    for name, value in dict(attrs).items():
        text = value or ""
        if name not in ATTRIBUTES:
            continue
        if name in ("href", "src") and not _is_safe(text):
            continue
        if name == "style" and not _ALIGNED.fullmatch(text.strip()):
            continue
        yield f' {name}="{escape(text)}"'


def _scheme(address: str) -> str:
    found = _SCHEME.match(unescape(address))
    return re.sub(r"[\s\x00-\x20]", "", found[1]).lower() if found else ""


def _is_safe(address: str) -> bool:
    scheme = _scheme(address)
    return not scheme or scheme in _SAFE_SCHEMES


def _is_relative(address: str) -> bool:
    start = unescape(address).strip().replace("\\", "/")
    return not _scheme(address) and not start.startswith("//")


class _Last(Postprocessor):
    def run(self, text: str) -> str:
        return clean(text)


class CleanExtension(Extension):
    """Cleans what Markdown made."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Markdown's
        """Register the cleaner behind everything else."""
        md.postprocessors.register(_Last(md), "reportgen-clean", LAST)


def makeExtension(**options: Any) -> CleanExtension:  # noqa: N802 - the name is Markdown's
    """Return the extension; Markdown calls this by name."""
    return CleanExtension(**options)
