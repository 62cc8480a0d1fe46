"""The docs folder into a finished site."""

from reportgen.site.build import SiteReport, build_site
from reportgen.site.links import LinkProblem, check_links, summary
from reportgen.site.resources import find_settings, templates_dir, theme_dir

__all__ = [
    "LinkProblem",
    "SiteReport",
    "build_site",
    "check_links",
    "find_settings",
    "summary",
    "templates_dir",
    "theme_dir",
]
