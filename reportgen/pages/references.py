"""Where something is defined: the document, the place in it, and every web address given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.model.definitions import Reference, Specification

_NUMBERED = re.compile(r"\b[A-Z]{2,5}-(?:REQ-)?\d+\b")
"""``LSR-REQ-0093``, ``DM-20000``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document or address that a reader can look up."""

    text: str
    url: str | None


def describe_reference(reference: Reference) -> str:
    """Return document and place in words."""
    return ", ".join([*reference.docs, *_place(reference)])


def link_reference(reference: Reference) -> tuple[Source, ...]:
    """Return document and place with their web addresses; nothing else may become a link.

    As many addresses as documents belong to one each. Otherwise the first is that of the place,
    and each further one is shown as it is.
    """
    urls = list(dict.fromkeys(u for u in reference.urls if u.startswith(("https://", "http://"))))
    if len(urls) == len(reference.docs) > 1:
        texts = [*reference.docs[:-1], ", ".join([reference.docs[-1], *_place(reference)])]
        return _sources(texts, urls)
    words = describe_reference(reference)
    if not urls:
        return _sources([words], [None]) if words else ()
    return _sources([words or urls[0], *urls[1:]], urls)


def documents_of(reference: Reference, specifications: Sequence[Specification]) -> tuple[str, ...]:
    """Return what a reader may look for: documents, sections, numbers of requirements, tickets."""
    references = [reference, *(spec.reference for spec in specifications)]
    places = [place for one in references for place in (*one.docs, one.section or "")]
    texts = " ".join(spec.correction or "" for spec in specifications)
    return tuple(dict.fromkeys([*filter(None, places), *_NUMBERED.findall(texts)]))


def _place(reference: Reference) -> list[str]:
    page = f"page {reference.page}" if reference.page else ""
    return [part for part in (reference.section or "", page) if part]


def _sources(texts: Sequence[str], urls: Sequence[str | None]) -> tuple[Source, ...]:
    return tuple(Source(text=text, url=url) for text, url in zip(texts, urls, strict=True))
