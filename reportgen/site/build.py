"""From the docs folder to the finished site: built aside, trimmed, checked, then swapped in."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from reportgen.errors import SiteError
from reportgen.site.fingerprint import depends_on_files_only, fingerprint
from reportgen.site.links import LinkProblem, check_links, summary
from reportgen.site.mkdocs import MkDocsBuild, edition_url, run_mkdocs
from reportgen.site.resources import place_theme
from reportgen.site.trim import add_local_search, trim_assets, trim_scripts


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReport:
    """What became of a site."""

    site_dir: Path
    rebuilt: bool
    """False where nothing had changed since the last time."""
    pages: int
    files: int
    size: int
    """Bytes."""
    warnings: Sequence[str] = ()
    """What MkDocs complained about."""
    problems: Sequence[LinkProblem] = ()
    """Addresses that lead nowhere."""


def build_site(
    mkdocs_yml: Path,
    docs_dir: Path,
    site_dir: Path,
    *,
    strict: bool = False,
    site_url: str | None = None,
    edition: str = "main",
    epoch: int | None = None,
    cache_dir: Path | None = None,
) -> SiteReport:
    """Build the site of one edition; where nothing has changed, only say so.

    ``site_url`` is the address of the whole site, below which the edition will stand at
    ``v/<edition>/``; without one, ``mkdocs.yml`` decides. ``epoch`` (seconds since 1970) stands
    for the day of the build in the sitemap, unless ``SOURCE_DATE_EPOCH`` is set. People's own
    theme (``custom_dir``) goes before the one of reportgen. Compiled templates of the theme stay
    in ``cache_dir``.

    Raises
    ------
    SiteError
        If MkDocs cannot build, or in strict mode if anything is wrong with the site. The site
        that was there before stays.
    """
    theme = place_theme(mkdocs_yml, docs_dir)
    address = edition_url(site_url, edition) if site_url else None
    stamp = docs_dir.with_name(f"{docs_dir.name}.built.json")
    inputs = fingerprint([mkdocs_yml], [docs_dir, *theme.folders], [str(site_dir), address, epoch])
    report = _known(stamp, inputs, site_dir) if depends_on_files_only(mkdocs_yml) else None
    if report is None:
        aside = site_dir.with_name(f".{site_dir.name}.{os.getpid()}.new")
        job = MkDocsBuild(
            config_file=mkdocs_yml,
            docs_dir=docs_dir,
            site_dir=aside,
            theme_dir=theme.ours,
            site_url=address,
            epoch=epoch,
            cache_dir=cache_dir,
        )
        try:
            report = _build(job, root_url=site_url, site_dir=site_dir)
            _refuse(report, strict=strict)
            _swap(aside, site_dir)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        _remember(stamp, inputs, report)
    _refuse(report, strict=strict)
    return report


def _build(job: MkDocsBuild, *, root_url: str | None, site_dir: Path) -> SiteReport:
    result = run_mkdocs(job)
    trim_assets(job.site_dir, result.languages)
    trim_scripts(job.site_dir, job.theme_dir)
    add_local_search(job.site_dir)
    base = urlsplit(result.site_url).path
    root = urlsplit(root_url).path if root_url else base
    problems = check_links(job.site_dir, base_path=base, root_path=root)
    files = [path for path in job.site_dir.rglob("*") if path.is_file()]
    return SiteReport(
        site_dir=site_dir,
        rebuilt=True,
        pages=sum(path.suffix == ".html" for path in files),
        files=len(files),
        size=sum(path.stat().st_size for path in files),
        warnings=result.warnings,
        problems=problems,
    )


def _refuse(report: SiteReport, *, strict: bool) -> None:
    if strict and (report.problems or report.warnings):
        found = [*report.warnings[:5], *([summary(report.problems)] if report.problems else [])]
        raise SiteError(f"The site has problems: {'; '.join(found)}")


def _swap(new: Path, site_dir: Path) -> None:
    """Put the new site in place of the old one, which is never half there."""
    old = new.with_suffix(".old")
    if site_dir.exists():
        site_dir.rename(old)
    try:
        new.rename(site_dir)
    except OSError:
        old.rename(site_dir)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _known(stamp: Path, inputs: str, site_dir: Path) -> SiteReport | None:
    """Return the last report if it was made from the same inputs and its site is untouched."""
    try:
        data = json.loads(stamp.read_bytes())
        same = data["inputs"] == inputs and data["site"] == fingerprint([], [site_dir], None)
        report = data["report"]
        problems = [LinkProblem(**problem) for problem in report.pop("problems")]
        known = SiteReport(
            **{**report, "problems": problems, "site_dir": site_dir, "rebuilt": False}
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return known if same else None


def _remember(stamp: Path, inputs: str, report: SiteReport) -> None:
    data = {
        "inputs": inputs,
        "site": fingerprint([], [report.site_dir], None),
        "report": asdict(report),
    }
    temporary = stamp.with_name(f"{stamp.name}.tmp")
    temporary.write_text(json.dumps(data, default=str), encoding="utf-8")
    temporary.replace(stamp)
