"""Small pages of the published site: redirects, tombstones, the list of editions, not found."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from reportgen.publish.manifest import Edition, Manifest, PageNote
from reportgen.publish.names import climb
from reportgen.publish.versions import Version, ordered


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One edition in the list of editions."""

    version: Version
    edition: Edition | None
    """None for one that reportgen has not published."""


def redirect_page(path: str, target: str) -> bytes:
    """Return a page at ``path`` that leads to ``target``, keeping query and fragment.

    Both are given from the root of the site; the way between them is relative, so that it
    works below any address.
    """
    way = posixpath.relpath(target, posixpath.dirname(path) or ".")
    address = quote(way + ("/" if target.endswith("/") else ""), safe="/~+")
    return _render("redirect.html", address=address, script=_script(address))


def tombstone_page(path: str, note: PageNote) -> bytes:
    """Return what stands at a permalink once no edition holds the page."""
    return _render("tombstone.html", note=note, root=climb(path))


def dropped_page(name: str) -> bytes:
    """Return what stands at the address of an edition that was dropped."""
    return _render("dropped.html", name=name)


def missing_page(default: str) -> bytes:
    """Return ``404.html``, which looks for the page in the default edition."""
    return _render("missing.html", default=_script(default))


def dashboard_page(versions: Mapping[str, Version], manifest: Manifest) -> bytes:
    """Return ``v/index.html``, the list of editions."""
    rows = [Row(version=one, edition=manifest.editions.get(one.name)) for one in ordered(versions)]
    return _render("editions.html", rows=rows, dropped=sorted(manifest.dropped))


def _script(text: str) -> Markup:
    """Return a text as a literal in a script, which it cannot end."""
    return Markup(json.dumps(text).replace("<", "\\u003c"))  # noqa: S704 - made safe just here


def _render(template: str, **values: object) -> bytes:
    return _templates().get_template(template).render(values).encode()


@cache
def _templates() -> jinja2.Environment:
    loader = jinja2.PackageLoader("reportgen.publish", "templates")
    return jinja2.Environment(
        loader=loader,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
