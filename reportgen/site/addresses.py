"""The addresses in a page or style sheet: quickly by pattern, exactly by parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

_VALUE = r"""=(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
# One pattern each: one that begins with a fixed word is searched for ten times as fast.
_ID = re.compile(f"id{_VALUE}")
_HREF = re.compile(f"href{_VALUE}")
_SOURCES = tuple(re.compile(name + _VALUE) for name in ("src", "poster", "data", "action"))
_SRCSET = re.compile(f"srcset{_VALUE}")
_OUTWARD = re.compile(r"href=[\"']?(?:https?:)?//")
_HARMLESS = re.compile(r"<(?:a|area)\s|<link rel=\"(?:canonical|alternate|prev|next)\"")
_STYLE = re.compile(r"<style[^>]*>(.*?)</style>|\sstyle=\"([^\"]*)\"", re.DOTALL)
_CSS_URL = re.compile(
    r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]*))\s*\)|@import\s+["']([^"']+)"""
)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_LOADING_RELS = frozenset(
    {
        "dns-prefetch",
        "icon",
        "manifest",
        "modulepreload",
        "preconnect",
        "prefetch",
        "preload",
        "stylesheet",
    }
)


def likely_ids(text: str) -> set[str]:
    """Return all ids, and perhaps a few values that only look like one."""
    return {_value(found) for found in _ID.findall(text)}


def likely_links(text: str) -> set[str]:
    """Return what looks like the address of a link or a style sheet."""
    return {_value(found) for found in set(_HREF.findall(text))}


def likely_sources(text: str) -> set[str]:
    """Return what looks like the address of something that the page loads."""
    sources = {_value(found) for pattern in _SOURCES for found in set(pattern.findall(text))}
    return sources.union(*(_candidates(_value(found)) for found in _SRCSET.findall(text)))


def leaves_by_links_only(text: str) -> bool:
    """Tell quickly whether each ``href`` to another host is a link that a reader may follow."""
    places = (found.start() for found in _OUTWARD.finditer(text))
    return all(_HARMLESS.match(text, text.rfind("<", 0, place)) for place in places)


def style_addresses(text: str) -> Iterator[str]:
    """Yield what the styles within a page load."""
    if "url(" in text or "@import" in text:
        for styles in _STYLE.findall(text):
            yield from css_addresses(unescape("".join(styles)))


def css_addresses(styles: str) -> Iterator[str]:
    """Yield what a style sheet loads, but for data that it holds itself."""
    for groups in _CSS_URL.findall(_COMMENT.sub("", styles)):
        link = "".join(groups)
        if link and not link.startswith(("data:", "#")):
            yield link


class Addresses(HTMLParser):
    """What a page really loads, links to, and names: exact, and twenty times as slow."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.loaded: set[str] = set()
        self.followed: set[str] = set()
        self.names: set[str] = set()
        """Anchors, the old form ``<a name>`` among them."""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Sort the addresses of one element."""
        values = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.names.add(values.get("name", ""))
        rels = set(values.get("rel", "").lower().split())
        for name, value in values.items():
            if name == "id":
                self.names.add(value)
            elif name in {"href", "xlink:href"}:
                loads = rels & _LOADING_RELS if tag == "link" else tag not in {"a", "area"}
                (self.loaded if loads else self.followed).add(value)
            elif name in {"src", "poster", "data"}:
                self.loaded.add(value)
            elif name == "action":
                self.followed.add(value)
            elif name == "srcset":
                self.loaded |= _candidates(value)


def _value(found: tuple[str, str, str]) -> str:
    value = found[0] or found[1] or found[2]
    return unescape(value) if "&" in value else value


def _candidates(srcset: str) -> set[str]:
    return {part.split()[0] for part in srcset.split(",") if part.strip()}
