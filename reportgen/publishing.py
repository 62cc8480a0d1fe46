"""A built site into its place among the published editions, as the configuration says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from reportgen.building import stamp
from reportgen.building.renames import renamed_pages
from reportgen.config import Config
from reportgen.definitions.overrides import Overrides, load_overrides
from reportgen.errors import PublishError
from reportgen.pipeline import folders
from reportgen.publish import (
    BRANCH,
    CheckReport,
    History,
    Keep,
    PublishReport,
    check_branch,
    check_folder,
    lasting_pages,
    linked_editions,
    prune_branch,
    prune_folder,
    publish_branch,
    publish_folder,
)
from reportgen.site import check_links
from reportgen.store import Store

HISTORIES: Mapping[str, History] = {"keep": "keep", "squash": "squash"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where the editions stand: on a branch of the report's repository, or in a folder."""

    folder: Path | None = None
    """In place of the branch."""
    branch: str = BRANCH
    remote: str = "origin"
    push: bool = False
    history: History = "keep"

    def __post_init__(self) -> None:
        if self.folder is not None and self.push:
            raise PublishError(
                "A folder cannot be pushed. Give either --to, or --push for a branch."
            )


def publish(
    config: Config,
    target: Target,
    *,
    edition: str,
    aliases: Collection[str] = (),
    self_contained: bool = False,
) -> PublishReport:
    """Publish what the last build left in ``site/``, without building it again.

    So what somebody has looked at, and what a gate has let through, is what is published.

    Raises
    ------
    PublishError
        If the last build made another edition or did not come to its end.
    """
    where = folders(config)
    pages = lasting_pages(where.site, edition)
    if stamp.is_unfinished(where.cache):
        raise PublishError(
            f"The last build did not come to its end, so {where.site.name}/ may be old. Run it"
            f" again: reportgen build --edition {edition}"
        )
    redirects = _redirects(config, pages)
    if target.folder is not None:
        return publish_folder(
            where.site,
            target.folder,
            edition=edition,
            aliases=aliases,
            url=config.site.url,
            redirects=redirects,
            self_contained=self_contained,
        )
    return publish_branch(
        where.site,
        config.root,
        edition=edition,
        aliases=aliases,
        branch=target.branch,
        remote=target.remote,
        push=target.push,
        history=target.history,
        url=config.site.url,
        redirects=redirects,
        self_contained=self_contained,
    )


def prune(
    config: Config, target: Target, *, newest: int, releases: bool, dry_run: bool = False
) -> PublishReport:
    """Drop old editions, but for those that notes link to."""
    keep = Keep(newest=newest, releases=releases, pinned=_pinned(config))
    if target.folder is not None:
        return prune_folder(target.folder, keep=keep, url=config.site.url, dry_run=dry_run)
    return prune_branch(
        config.root,
        keep=keep,
        branch=target.branch,
        remote=target.remote,
        push=target.push,
        history=target.history,
        url=config.site.url,
        dry_run=dry_run,
    )


def check(config: Config, target: Target) -> CheckReport:
    """Walk the links of everything that is published, and weigh it."""
    base = urlsplit(config.site.url).path or "/"
    walk = partial(check_links, base_path=base, root_path=base)
    if target.folder is not None:
        return check_folder(target.folder, check=walk, url=config.site.url)
    return check_branch(
        config.root, check=walk, branch=target.branch, remote=target.remote, url=config.site.url
    )


def _redirects(config: Config, pages: Collection[str]) -> dict[str, str]:
    name = config.definitions.overrides
    overrides = load_overrides(config.path(name), name) if name else Overrides()
    stored = Store(config.path(config.store)).metric_counts()["metric"].unique().to_pylist()
    return renamed_pages(overrides, stored, pages)


def _pinned(config: Config) -> set[str]:
    """Return the editions that notes link to."""
    notes = sorted(config.path(config.site.notes).rglob("*.md"))
    return linked_editions(path.read_text("utf-8", "replace") for path in notes if path.is_file())
