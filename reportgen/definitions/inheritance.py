"""Inheritance between documents, as lsst.verify defines it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportgen.definitions.documents import Document
from reportgen.definitions.fields import tags
from reportgen.definitions.files import MOST_KEYS
from reportgen.definitions.problems import ContentError, Problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A document with everything it inherits."""

    name: str
    """Of the specification, or of the partial."""
    document: Document
    fields: Mapping[str, Any]


def resolve(documents: Iterable[Document], problems: Problems) -> list[Resolved]:
    """Return the specifications with what they inherit, in the order in which they resolve.

    A document waits until its bases are there. One that waits for ever is added to
    ``problems``; everything else is still usable.
    """
    resolved: list[Resolved] = []
    known: dict[str, Mapping[str, Any]] = {}
    waiting = list(documents)
    while True:
        left = []
        for document in waiting:
            if any(base not in known for base in document.bases):
                left.append(document)
                continue
            with problems.noted(document.file, document.place):
                found = _inherit(document, known)
                if document.partial is None:
                    resolved.append(found)
                elif known.get(found.name, found.fields) != found.fields:
                    problem = "it replaces another partial of this name."
                    problems.add(document.file, document.place, problem)
                known[found.name] = found.fields
        if len(left) == len(waiting):
            _explain(left, known, problems)
            return resolved
        waiting = left


def merge(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Merge fields: mappings key by key, lists appended, of anything else the later wins."""
    merged = dict(base)
    for key, value in own.items():
        before = merged.get(key)
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            merged[key] = merge(before, value)
        elif isinstance(before, list) and isinstance(value, list):
            if len(before) + len(value) > MOST_KEYS:  # bases that double what they inherit
                raise ContentError(f"it inherits too many {key}.")
            merged[key] = [*before, *value]
        else:
            merged[key] = value
    return merged


def _inherit(document: Document, known: Mapping[str, Mapping[str, Any]]) -> Resolved:
    """Merge the bases first to last, then the document's own fields over them."""
    fields: dict[str, Any] = {}
    for base in document.bases:
        fields = merge(fields, known[base])
    fields = merge(fields, document.fields)
    if document.partial is not None:
        return Resolved(name=document.partial, document=document, fields=_heritage(fields))
    name = document.name_with(fields.get("metric"))
    # A specification hands on its tags as a list (and so appends to it), however they were
    # written; a partial hands them on as written. Upstream does the same.
    own = {"metric": name.split(".")[1], "tags": list(tags(fields.get("tags")))}
    return Resolved(name=name, document=document, fields=_heritage(fields | own))


def _heritage(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != "name"}


def _explain(stuck: Sequence[Document], known: Mapping[str, Any], problems: Problems) -> None:
    """Say of each document that waits for ever which base is missing."""
    targets = {document.target: document for document in stuck if document.target}
    for document in stuck:
        trail: list[str] = []
        base: str | None = _missing(document, known)
        while base in targets and base not in trail:
            trail.append(base)
            base = _missing(targets[base], known)
        if base in trail:
            circle = [*trail[trail.index(base) :], base]
            problem = f"it inherits in a circle: {' → '.join(circle)}."
        elif trail:
            problem = f"its base {trail[0]!r} needs {base!r}, which does not exist."
        else:
            problem = f"its base {base!r} does not exist."
        remedy = "Correct `base`, or the document that should define it."
        problems.add(document.file, document.place, problem, remedy)


def _missing(document: Document, known: Mapping[str, Any]) -> str:
    return next(base for base in document.bases if base not in known)
