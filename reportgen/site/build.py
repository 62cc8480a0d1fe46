"""From the docs folder to the finished site: built aside, trimmed, checked, then put in place."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from reportgen.site.finish import add_local_search, trim_assets, trim_scripts
from reportgen.site.links import LinkProblem, check_links, summary
from reportgen.site.mkdocs import MkDocsBuild, edition_url, run_mkdocs
from reportgen.site.resources import place_theme


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReport:
    """What is wrong with a site."""

    warnings: Sequence[str] = ()
    """What MkDocs complained about."""
    problems: Sequence[LinkProblem] = ()
    """Addresses that lead nowhere."""

    @property
    def complaints(self) -> list[str]:
        """Both, in sentences."""
        return [*self.warnings, *([summary(self.problems)] if self.problems else [])]


def build_site(
    mkdocs_yml: Path,
    docs_dir: Path,
    site_dir: Path,
    *,
    site_url: str | None = None,
    edition: str = "main",
    epoch: int | None = None,
    cache_dir: Path | None = None,
) -> SiteReport:
    """Build the site of one edition in a folder that nobody reads yet.

    ``site_url`` is the address of the whole site, below which the edition will stand at
    ``v/<edition>/``; without one, ``mkdocs.yml`` decides. ``epoch`` (seconds since 1970) stands
    for the day of the build in the sitemap, unless ``SOURCE_DATE_EPOCH`` is set. People's own
    theme (``custom_dir``) goes before the one of reportgen. Compiled templates of the theme stay
    in ``cache_dir``.

    Raises
    ------
    SiteError
        If MkDocs cannot build.
    """
    shutil.rmtree(site_dir, ignore_errors=True)
    job = MkDocsBuild(
        config_file=mkdocs_yml,
        docs_dir=docs_dir,
        site_dir=site_dir,
        theme_dir=place_theme(mkdocs_yml, docs_dir),
        site_url=edition_url(site_url, edition) if site_url else None,
        epoch=epoch,
        cache_dir=cache_dir,
    )
    result = run_mkdocs(job)
    trim_assets(site_dir, result.languages)
    trim_scripts(site_dir, job.theme_dir)
    add_local_search(site_dir)
    base = urlsplit(result.site_url).path
    root = urlsplit(site_url).path if site_url else base
    problems = check_links(site_dir, base_path=base, root_path=root)
    return SiteReport(warnings=result.warnings, problems=problems)
