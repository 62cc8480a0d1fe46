"""The names of all pages, for readers who jump to one by a few letters."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from reportgen.model.pages import Document, Page

PATH = "api/v1/names.js"
"""A script and not JSON: a page that was opened from a disk may read no other file."""

_LONGEST = 160
"""Characters of further words under which a page is found."""
_IN_PARTS = ("requirements/",)
"""Pages whose sections have names of their own."""


class PageNames:
    """Collects the names of pages on their way to the renderer."""

    def __init__(self) -> None:
        self._entries: list[list[str]] = []

    def watch(self, pages: Iterable[Page]) -> Iterator[Page]:
        """Hand on each page and remember its name."""
        for page in pages:
            self._entries += entries(page)
            yield page

    def document(self) -> Document:
        """Return the names of the pages that were handed on, as a script."""
        # ASCII: a script from a disk has no header that states its encoding.
        text = json.dumps(self._entries, separators=(",", ":")).replace("<", "\\u003c")
        return Document(path=PATH, text=f"reportgenNames={text};\n")


def entries(page: Page) -> Iterator[list[str]]:
    """Yield title, path and further words of a page, and of its sections if they have names."""
    words = dict.fromkeys(word for word in page.searchable if word and word not in page.title)
    more = " ".join(words)[:_LONGEST]
    yield [page.title, page.path, *([more] if more else [])]
    if page.path in _IN_PARTS:
        for heading in page.toc:
            yield [heading.title, f"{page.path}#{heading.id}"]
