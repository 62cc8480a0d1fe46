"""Documents of specification files: what each is called, and what it inherits from.

A base is a specification (``PA1.design_gri``, ``validate_drp.PA1.design_gri``) or a partial
(``#id`` in the same file, ``path/without/extension#id``, ``package:path#id``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.definitions.problems import ContentError, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document of a specification file, with fully qualified references."""

    file: str
    number: int
    """Counted from 1."""
    package: str
    partial: str | None
    """``package:path#id`` if it is a partial, there to be inherited from only."""
    metric: str | None
    """The metric that it names itself, without package; None: inherited."""
    bases: tuple[str, ...]
    fields: Mapping[str, Any]
    """As written, without ``id`` and ``base``."""

    @property
    def place(self) -> str:
        """Where it stands in its file."""
        return f"document {self.number} ({self.partial or self.fields.get('name')})"

    @property
    def target(self) -> str | None:
        """The name others inherit by; None while that depends on what it inherits itself."""
        if self.partial is None and self.metric is not None:
            return self.name_with(self.metric)
        return self.partial

    def name_with(self, metric: Any) -> str:
        """Return ``package.metric.spec``, where ``metric`` is the inherited one if need be.

        Raises
        ------
        ContentError
            If there is no metric, or it belongs to another package.
        """
        known = self.metric or _metric_in(metric, self.package)
        if known is None:
            raise ContentError("it names no metric and inherits none; add `metric`.")
        return f"{self.package}.{known}.{self.fields['name'].rpartition('.')[2]}"


def make_document(fields: Any, *, file: str, number: int, package: str, path: str) -> Document:
    """Return the document with its names made fully qualified.

    Parameters
    ----------
    fields
        The document as read.
    file, number
        Where it stands, for messages.
    package, path
        The package it is filed under, and the path of the file below that package's folder,
        without extension: partials are named by it.

    Raises
    ------
    ContentError
        If it is not a mapping, has neither name nor id, or its names contradict each other.
    """
    if not isinstance(fields, dict):
        raise ContentError("it is not a mapping; write `name:` or `id:`, `metric:`, `threshold:`.")
    identifier = fields.get("id")
    named = fields.get("name") if identifier is None else identifier
    if not isinstance(named, str) or not named:
        raise ContentError(f"its name or id is {shown(named)}; give it a name in quotes.")
    return Document(
        file=file,
        number=number,
        package=package,
        partial=None if identifier is None else _partial(f"#{identifier}", package, path),
        metric=_own_metric(fields, package) if identifier is None else None,
        bases=tuple(_bases(fields.get("base"), package, path)),
        fields={key: value for key, value in fields.items() if key not in ("id", "base")},
    )


def _partial(reference: str, package: str, path: str) -> str:
    """Return ``package:path#id`` for a reference that may leave out package and path."""
    place, _, identifier = reference.rpartition("#")
    given_package, _, given_path = place.rpartition(":")
    return f"{given_package or package}:{given_path or path}#{identifier}"


def _bases(base: Any, package: str, path: str) -> Iterator[str]:
    found = [base] if isinstance(base, str) else base or []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ContentError(f"base is {shown(base)}; it has to be a name or a list of names.")
    for one in found:
        if "#" in one:
            yield _partial(one, package, path)
        elif one.count(".") in (1, 2):
            yield one if one.count(".") == 2 else f"{package}.{one}"
        else:
            raise ContentError(
                f"base {shown(one)} is neither a specification (metric.spec or package.metric.spec)"
                " nor a partial (#id, path#id or package:path#id)."
            )


def _own_metric(fields: Mapping[str, Any], package: str) -> str | None:
    """Return the metric in ``metric`` or in the name; they must not contradict each other."""
    stated = _metric_in(fields.get("metric"), package)
    in_name = _metric_in(fields["name"].rpartition(".")[0] or None, package)
    if stated and in_name and stated != in_name:
        raise ContentError(f"its metric is {stated}, but its name says {in_name}.")
    return stated or in_name


def _metric_in(name: Any, package: str) -> str | None:
    """Return a metric's name without its package, which has to be the document's."""
    if name is None:
        return None
    if not isinstance(name, str) or not name:
        raise ContentError(f"metric is {shown(name)}; it has to be a name in quotes.")
    given, dot, metric = name.rpartition(".")
    if dot and given != package:
        raise ContentError(f"metric {shown(name)} is not of {package}, where it is filed.")
    return metric
