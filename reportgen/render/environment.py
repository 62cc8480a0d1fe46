"""The Jinja2 environment of the page templates."""

from __future__ import annotations

from pathlib import Path

import jinja2

from reportgen.errors import SiteError
from reportgen.render.filters import FILTERS

SUFFIX = ".html.jinja"


def make_environment(templates_dir: Path, cache_dir: Path | None = None) -> jinja2.Environment:
    """Return an environment that escapes everything and refuses undefined names.

    Templates are found from ``templates_dir``, so that a page template imports the shared
    macros as ``pages/_parts.html.jinja``. Compiled templates are kept in ``cache_dir``.
    """
    if cache_dir is not None:
        cache_dir.mkdir(parents=True, exist_ok=True)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates_dir),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=jinja2.FileSystemBytecodeCache(str(cache_dir)) if cache_dir else None,
    )
    environment.policies["json.dumps_kwargs"] = {"allow_nan": False, "separators": (",", ":")}
    environment.filters.update(FILTERS)
    return environment


def page_template(environment: jinja2.Environment, name: str) -> jinja2.Template:
    """Return the template of one page type.

    Raises
    ------
    SiteError
        If there is none, or it does not compile.
    """
    try:
        return environment.get_template(f"pages/{name}{SUFFIX}")
    except jinja2.TemplateNotFound as error:
        raise SiteError(
            f"No template {error.name} for pages of type {name!r}. Add it to site_templates."
        ) from error
    except jinja2.TemplateSyntaxError as error:
        raise SiteError(f"{error.filename or error.name}, line {error.lineno}: {error}") from error
