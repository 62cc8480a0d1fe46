"""A built site into its place among the published editions, as the configuration says."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from reportgen.building import editions, stamp
from reportgen.building.exclusive import exclusive
from reportgen.building.folders import folders
from reportgen.building.renames import renamed_pages
from reportgen.config import Config
from reportgen.definitions.catalogue import overrides_of
from reportgen.errors import PublishError
from reportgen.pipeline import Say, build
from reportgen.publish import (
    Branch,
    CheckReport,
    Keep,
    PublishReport,
    Wish,
    check_branch,
    check_folder,
    known_in_folder,
    known_on_branch,
    lasting_pages,
    linked_editions,
    prune_branch,
    prune_folder,
    publish_branch,
    publish_folder,
)
from reportgen.site.links import check_links
from reportgen.store import Store

NO_ADDRESS = (
    "`url` under [site] in reportgen.toml is not set, so pages name no permalink, and the selector"
    " leads to the first page of an edition. Say where the site will live."
)


Target = Branch | Path
"""Where the editions stand: on a branch of the report's repository, or in a folder."""


@exclusive
def publish(
    config: Config,
    target: Target,
    *,
    edition: str,
    aliases: Collection[str] = (),
    self_contained: bool = False,
    aside: bool = False,
) -> PublishReport:
    """Publish what the last build left in ``site/``, without building it again.

    So what somebody has looked at, and what a gate has let through, is what is published.
    ``aside``: what was built beside it.

    Raises
    ------
    PublishError
        If the last build made another edition or did not come to its end.
    BuildLockedError
        If a build is at work there, which would change the site under our hands.
    """
    where = folders(config, aside=aside)
    redirects = _redirects(config, check_built(config, edition, aside=aside))
    wish = Wish(aliases=tuple(aliases), url=config.site.url, redirects=redirects)
    if isinstance(target, Path):
        report = publish_folder(
            where.site, target, edition=edition, wish=wish, self_contained=self_contained
        )
    else:
        report = publish_branch(
            where.site, target, edition=edition, wish=wish, self_contained=self_contained
        )
    lacking = () if config.site.url else (NO_ADDRESS,)
    return replace(report, warnings=(*report.warnings, *lacking))


def check_built(config: Config, edition: str, *, aside: bool = False) -> set[str]:
    """Return the pages of a built edition that will have permalinks.

    Raises
    ------
    PublishError
        If the last build made another edition, did not come to its end, or found no run.
    """
    where = folders(config, aside=aside)
    pages = lasting_pages(where.site, edition)
    if stamp.is_unfinished(where.cache):
        raise PublishError(
            f"The last build did not come to its end or was refused, so {where.site.name}/ may be"
            f" old. Run it again: reportgen build --edition {edition}"
        )
    if not any(page.startswith("runs/") for page in pages):
        raise PublishError(
            f"{where.site.name}/ shows no run, so it would replace a report with an empty one. See"
            " what `reportgen pull` says of the sources."
        )
    return pages


def publish_releases(
    config: Config,
    target: Target,
    *,
    self_contained: bool = False,
    jobs: int = 1,
    say: Say = lambda _: None,
) -> Iterator[tuple[str, PublishReport]]:
    """Build and publish an edition of each release that is over and has none yet, oldest first.

    Yields the name of each edition with what became of it. What was dropped once does not come
    back, and ``site/`` stays as it is.

    Raises
    ------
    ReportgenError
        If an edition cannot be built or published; those before it are published.
    """
    known = _known_editions(target)
    runs = Store(config.path(config.store)).runs
    for release in editions.final_releases(runs, config.site.recent_runs):
        if release in known:
            continue
        say(f"Building the edition {release}")
        build(config, edition=release, do_pull=False, jobs=jobs, aside=True)
        yield (
            release,
            publish(config, target, edition=release, self_contained=self_contained, aside=True),
        )


def _known_editions(target: Target) -> set[str]:
    return known_in_folder(target) if isinstance(target, Path) else known_on_branch(target)


def prune(
    config: Config, target: Target, *, newest: int, releases: bool, dry_run: bool = False
) -> PublishReport:
    """Drop old editions, but for those that notes link to."""
    keep, url = Keep(newest=newest, releases=releases, pinned=_pinned(config)), config.site.url
    if isinstance(target, Path):
        return prune_folder(target, keep=keep, url=url, dry_run=dry_run)
    return prune_branch(target, keep=keep, url=url, dry_run=dry_run)


def check(config: Config, target: Target) -> CheckReport:
    """Walk the links of everything that is published, and weigh it."""
    base = urlsplit(config.site.url).path or "/"
    walk = partial(check_links, base_path=base, root_path=base)
    if isinstance(target, Path):
        return check_folder(target, check=walk, url=config.site.url)
    return check_branch(target, check=walk, url=config.site.url)


def _redirects(config: Config, pages: Collection[str]) -> dict[str, str]:
    stored = Store(config.path(config.store)).metric_counts()["metric"].unique().to_pylist()
    return renamed_pages(overrides_of(config), stored, pages)


def _pinned(config: Config) -> set[str]:
    """Return the editions that notes link to."""
    notes = sorted(config.path(config.site.notes).rglob("*.md"))
    return linked_editions(path.read_text("utf-8", "replace") for path in notes if path.is_file())
