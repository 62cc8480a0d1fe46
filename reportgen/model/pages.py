"""A page and a document as the pages layer yields them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Crumb:
    """One step of the path to a page: its title and its URL path from the edition's root."""

    title: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """An entry of the table of contents: an anchor on the page and its text."""

    id: str
    title: str
    level: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBadge:
    """A badge that others can show: its file, from the edition's root, and what it says."""

    path: str
    text: str
    leads: str = ""
    """Where it leads, from the edition's root; empty for the page on which it is offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One HTML page: ``view`` is all that the template ``pages/<template>.html.jinja`` gets."""

    path: str
    """From the edition's root, with a slash at its end; empty for the home page."""
    title: str
    description: str
    """One sentence in plain text: search result, link preview."""
    template: str
    view: Any
    crumbs: Sequence[Crumb] = ()
    toc: Sequence[Heading] = ()
    searchable: Sequence[str] = ()
    """Words under which search finds the page beside title and description."""
    image: str = ""
    """Picture for a link preview, from the edition's root; empty for none."""
    badges: Sequence[PageBadge] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One downloadable file: JSON (``data``) or text such as CSV (``text``)."""

    path: str
    data: Any = None
    text: str | None = None
