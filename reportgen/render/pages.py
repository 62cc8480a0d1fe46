"""Pages into the docs folder: each template rendered, wrapped in front matter, written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from reportgen.errors import SiteError
from reportgen.model.editions import MAIN, has_permalink
from reportgen.model.pages import Page, PageBadge
from reportgen.render.environment import make_environment, page_template
from reportgen.render.frontmatter import as_html, relative, write_markdown
from reportgen.render.outputs import Outputs, RenderReport
from reportgen.render.roles import with_roles

_PATH = re.compile(r"([A-Za-z0-9._~+-]+/)*")
"""So that no link to a page ever needs quoting."""
_SIGNS = re.compile(r"[!-/:-@\[-`{-~]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteContext:
    """Where the edition that is rendered will be published."""

    url: str = ""
    """Address of the whole site, above its editions; empty where nobody has said it."""
    edition: str = MAIN

    def addresses(self, page: Page) -> dict[str, str]:
        """Return front matter with the addresses under which others may link to a page."""
        if not self.url:
            return {}
        base = self.url.rstrip("/") + "/"
        frozen = f"{base}v/{self.edition}/{page.path}"
        lasting = f"{base}{page.path}" if has_permalink(page.path) else frozen
        return {"permalink": lasting, "snapshot": frozen}

    def sharing(self, page: Page) -> dict[str, Any]:
        """Return front matter with the picture of link previews and the badges of a page.

        Both need whole addresses: nobody else can follow a relative one.
        """
        base = f"{self.url.rstrip('/')}/v/{self.edition}/" if self.url else ""
        found: dict[str, Any] = {"image": base + page.image} if base and page.image else {}
        if page.badges:
            found["badges"] = [self._offer(page, badge, base) for badge in page.badges]
        return found

    def _offer(self, page: Page, badge: PageBadge, base: str) -> dict[str, str]:
        source = relative(page.path, badge.path)
        found = {"src": source, "text": as_html(badge.text)}
        if base:
            target = base + badge.leads if badge.leads else self.addresses(page)["permalink"]
            picture = f"![{_escaped(badge.text)}]({base}{badge.path})"
            found["markdown"] = as_html(f"[{picture}]({target})")
        return found


def _escaped(text: str) -> str:
    """Return text as Markdown in which every sign stands for itself."""
    return _SIGNS.sub(r"\\\g<0>", text)


def render_pages(
    pages: Iterable[Page],
    docs_dir: Path,
    templates_dir: Path,
    *,
    site_context: SiteContext = SiteContext(),
    cache_dir: Path | None = None,
) -> RenderReport:
    """Write ``<path>/index.md`` for each page, and remove pages that are no longer made.

    A template ``pages/<template>.html.jinja`` gets ``view`` and ``root``, the relative way from
    the page to the edition's root. Files whose bytes would stay the same are not touched;
    Markdown that people wrote is left alone. Compiled templates are kept in ``cache_dir``.

    Raises
    ------
    SiteError
        If a template is missing or wrong, or two pages have one address.
    """
    environment = make_environment(templates_dir, cache_dir)
    templates: dict[str, jinja2.Template] = {}
    with Outputs.open(docs_dir, "pages") as outputs:
        for page in pages:
            if page.template not in templates:
                templates[page.template] = page_template(environment, page.template)
            body = _render(templates[page.template], page)
            extra = site_context.addresses(page) | site_context.sharing(page)
            text = write_markdown(page, body, extra)
            outputs.write(f"{page.path}index.md", text.encode())
    return outputs.report


def _render(template: jinja2.Template, page: Page) -> str:
    if not _PATH.fullmatch(page.path):
        raise SiteError(
            f"{page.path!r} cannot be the path of a page: each part ends with a slash and is made"
            " of letters, digits and ._~+-"
        )
    try:
        return with_roles(template.render(view=page.view, root=relative(page.path, "")))
    except jinja2.TemplateError as error:
        raise SiteError(
            f"{template.filename or template.name} cannot show {page.path or 'the home page'}:"
            f" {error}"
        ) from error
