"""The docs folder into a finished site; each part is loaded when somebody asks for it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reportgen.site.build import SiteReport, build_site
    from reportgen.site.links import check_links, summary
    from reportgen.site.resources import find_settings, templates_dir
else:
    _HOME = {
        "SiteReport": "build",
        "build_site": "build",
        "check_links": "links",
        "find_settings": "resources",
        "summary": "links",
        "templates_dir": "resources",
    }

    def __getattr__(name: str) -> Any:
        """Import a part; a build without news asks for one of them only."""
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


__all__ = [
    "SiteReport",
    "build_site",
    "check_links",
    "find_settings",
    "summary",
    "templates_dir",
]
