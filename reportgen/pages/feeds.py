"""Atom and JSON feeds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from reportgen.pages.plain_text import xml_text

_NAMESPACE = "http://www.w3.org/2005/Atom"
_NO_DAY = "1970-01-01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed."""

    name: str
    """What stays the same when everything else of the entry changes."""
    title: str
    link: str
    """Absolute."""
    day: str
    """ISO 8601."""
    lines: Sequence[str]
    """Its text, line by line."""
    tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed: entries newest first, all addresses absolute."""

    title: str
    home: str
    """The site the feed is of."""
    address: str
    """Where the feed itself lies."""
    entries: Sequence[Entry]

    @property
    def updated(self) -> str:
        """Moment of the newest entry."""
        return _moment(max((entry.day for entry in self.entries), default=_NO_DAY))

    def id_of(self, entry: Entry) -> str:
        """Return the id of an entry, the same in every feed that has it (RFC 4151)."""
        host = urlsplit(self.home).hostname or "localhost"
        return f"tag:{host},2021:{entry.name}"


def atom(feed: Feed) -> str:
    """Return a feed as Atom (RFC 4287)."""
    ET.register_namespace("", _NAMESPACE)
    root = ET.Element(_name("feed"))
    _add(root, "title", feed.title)
    _add(root, "id", feed.address)
    _add(root, "updated", feed.updated)
    _add(root, "link", rel="self", href=feed.address)
    _add(root, "link", rel="alternate", type="text/html", href=feed.home)
    _add(_add(root, "author"), "name", "reportgen")
    for entry in feed.entries:
        element = _add(root, "entry")
        _add(element, "title", entry.title)
        _add(element, "id", feed.id_of(entry))
        _add(element, "updated", _moment(entry.day))
        _add(element, "link", rel="alternate", type="text/html", href=entry.link)
        for tag in entry.tags:
            _add(element, "category", term=tag)
        _add(element, "content", "\n".join(entry.lines), type="text")
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def json_feed(feed: Feed) -> str:
    """Return a feed as JSON Feed, version 1.1."""
    found = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.address,
        "items": [
            {
                "id": feed.id_of(entry),
                "url": entry.link,
                "title": entry.title,
                "content_text": "\n".join(entry.lines) or entry.title,
                "date_published": _moment(entry.day),
                "tags": list(entry.tags),
            }
            for entry in feed.entries
        ],
    }
    return xml_text(json.dumps(found, ensure_ascii=False, indent=1)) + "\n"


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    cleaned = {key: xml_text(value) for key, value in attributes.items()}
    element = ET.SubElement(parent, _name(name), cleaned)
    if text is not None:
        element.text = xml_text(text)
    return element


def _name(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"


def _moment(day: str) -> str:
    return f"{day[:10]}T00:00:00Z"
