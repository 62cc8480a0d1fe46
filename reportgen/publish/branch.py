"""Editions on a branch: one commit for each change, whoever else publishes."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from reportgen.errors import PublishError
from reportgen.publish.content import read_edition
from reportgen.publish.git import Git
from reportgen.publish.gittree import GitTree
from reportgen.publish.importing import Stored, commit_plan, stored_by, without_parents
from reportgen.publish.plan import NO_WISH, Plan, Wish, plan_drop, plan_publish
from reportgen.publish.prune import Keep, choose
from reportgen.publish.report import PublishReport, report_plan
from reportgen.publish.room import PAGES, Limits, refuse_too_large
from reportgen.publish.tree import Choice, State, known_editions, read_state
from reportgen.publish.workshop import Landing, Workshop, open_workshop

BRANCH = "gh-pages"
TRIES = 5
History = Literal["keep", "squash"]
HISTORIES: Mapping[str, History] = {"keep": "keep", "squash": "squash"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A branch that holds editions, of a report's repository and of its remote."""

    repository: Path
    name: str = BRANCH
    remote: str = "origin"
    push: bool = False
    """Move the branch of the remote, not only that of the repository."""
    history: History = "keep"
    """``squash``: the branch has one commit, without a history."""
    limits: Limits = PAGES
    """More than that is not published."""
    pause: float = 1.0
    """Seconds before the second try, about; each further one waits twice as long."""


def publish_branch(
    site_dir: Path,
    branch: Branch,
    *,
    edition: str,
    wish: Wish = NO_WISH,
    self_contained: bool = False,
) -> PublishReport:
    """Put a finished site on a branch at ``v/<edition>/``, in one commit.

    Other editions and other people's files stay byte for byte; the same content again makes no
    commit. If somebody else moved the branch of the remote first, the edition is put onto what
    they published, up to five times.

    Raises
    ------
    PublishError
        If the site cannot be published; the branch is as it was.
    """
    content = read_edition(site_dir, edition, self_contained=self_contained)
    return _publish(
        branch,
        plan=lambda state: plan_publish(state, content, wish),
        changes=lambda _manifest, _versions: [edition],
        born=_midnight(content.index.generated),
    )


def prune_branch(
    branch: Branch, *, keep: Keep, url: str = "", dry_run: bool = False
) -> PublishReport:
    """Drop old editions from a branch, with the figures that nothing else uses.

    ``dry_run``: say what would be dropped, and change nothing.

    Raises
    ------
    PublishError
        If the branch cannot be changed; it is as it was.
    """
    return _publish(
        # Room is what this makes, so it may start from too much.
        replace(branch, limits=Limits(site=2**63, file=2**63)),
        plan=lambda state: plan_drop(state, choose(state.manifest, state.versions, keep), url),
        changes=lambda manifest, versions: choose(manifest, versions, keep),
        dry_run=dry_run,
    )


def known_on_branch(branch: Branch) -> set[str]:
    """Return the editions that are published on a branch, or were once and have been dropped."""
    with _workshop(branch) as shop:
        return known_editions(GitTree(git=shop.git, tip=shop.tip().commit, sizes=False))


def _workshop(branch: Branch) -> AbstractContextManager[Workshop]:
    return open_workshop(
        branch.repository, branch=branch.name, remote=branch.remote, push=branch.push
    )


def _publish(
    branch: Branch,
    *,
    plan: Callable[[State], Plan],
    changes: Choice,
    born: int = 0,
    dry_run: bool = False,
) -> PublishReport:
    """Make the commit and land it, again on the new tip where somebody else was quicker."""
    stored = Stored()
    with _workshop(branch) as shop:
        for attempt in range(1, TRIES + 1):
            tip = shop.tip()
            base = GitTree(git=shop.git, tip=tip.commit, sizes=shop.whole)
            made = plan(read_state(base, changes))
            refuse_too_large(made.weight, branch.limits)
            if dry_run:
                return _report(branch, made, commit=tip.commit, attempts=attempt, changed=False)
            when = _when(shop.git, tip.commit, born)
            commit = commit_plan(shop.git, made, tip.commit, when=when, stored=stored)
            final = commit
            if branch.history == "squash":
                final = without_parents(shop.git, commit, message=made.message, when=when)
            if tip.commit and _is_same(shop.git, final, tip.commit):
                final = tip.commit
            if final == tip.commit and (tip.remote == final or not branch.push):
                return _report(branch, made, commit=final, attempts=attempt, changed=False)
            if shop.land(final, tip) is Landing.LANDED:
                return _report(branch, made, commit=final, attempts=attempt, changed=True)
            stored = stored_by(shop.git, commit, made)
            # Those who met once would meet again if they waited equally long.
            time.sleep(branch.pause * 2 ** (attempt - 1) * random.uniform(0.5, 1.5))  # noqa: S311
    raise PublishError(
        f"Others published on {branch.name} at the same moment, {TRIES} times in a row. Nothing"
        " was changed; publish again when they are done."
    )


def _is_same(git: Git, commit: str, tip: str) -> bool:
    """Tell whether a commit would change nothing: no file, and no history that was to go."""
    trees = {git.ask("rev-parse", "--verify", f"{one}^{{tree}}") for one in (commit, tip)}
    return len(trees) == 1 and (_has_parents(git, commit) or not _has_parents(git, tip))


def _has_parents(git: Git, commit: str) -> bool:
    # As it was written: a shallow repository pretends that its oldest commits have none.
    head = git.ask("cat-file", "commit", commit).partition("\n\n")[0]
    return any(line.startswith("parent ") for line in head.splitlines())


def _when(git: Git, tip: str | None, born: int) -> int:
    """Return the date of the commit: never the clock, so that two machines make the same one."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given.isdigit():
        return int(given)
    return int(git.ask("show", "--no-patch", "--format=%ct", tip)) if tip else born


def _midnight(day: str | None) -> int:
    try:
        return int(datetime.fromisoformat(day or "").replace(tzinfo=UTC).timestamp())
    except ValueError:
        return 0


def _report(
    branch: Branch, plan: Plan, *, commit: str | None, attempts: int, changed: bool
) -> PublishReport:
    name = f"{branch.remote}/{branch.name}" if branch.push else branch.name
    report = report_plan(plan, branch.limits, place=name, changed=changed)
    return replace(report, pushed=changed and branch.push, commit=commit, attempts=attempts)
