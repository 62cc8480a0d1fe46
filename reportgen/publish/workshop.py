"""Where a commit for the branch is made, and how it gets there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Protocol

from reportgen.errors import PublishError
from reportgen.publish.git import Git, last_words, open_repository, wanted_settings
from reportgen.publish.gittree import GitTree

_BASE = "refs/reportgen/base"
_LOCKED = ("lock", "incorrect old value", "reference already exists", "stale info")


class Landing(Enum):
    """What became of a commit that was to be the new tip."""

    LANDED = "landed"
    OVERTAKEN = "overtaken"
    """Somebody else was quicker; nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    """Where the branch was when it was looked at; None: nowhere yet."""

    commit: str | None
    """What a new commit goes on from."""
    remote: str | None = None
    """Where the remote's branch was, which it must still be when the commit arrives."""


class Workshop(Protocol):
    """A repository in which to make a commit, and the branch that it is for."""

    @property
    def git(self) -> Git:
        """The repository in which the commit is made."""

    @property
    def whole(self) -> bool:
        """Whether the content of all published files is here."""

    def tip(self) -> Tip:
        """Return the newest commit of the branch, brought here."""

    def land(self, commit: str, tip: Tip) -> Landing:
        """Make ``commit`` the branch, if it still is at ``tip``."""


@contextmanager
def open_workshop(repository: Path, *, branch: str, remote: str, push: bool) -> Iterator[Workshop]:
    """Give the workshop that fits.

    Someone who has the branch here goes on with it, in full; else a push goes through a
    repository of its own that is thrown away, so that nothing partial or shallow comes into the
    user's.

    Raises
    ------
    PublishError
        If there is no repository, or no remote to push to.
    """
    git = open_repository(repository)
    if branch.startswith("-") or git.call("check-ref-format", f"refs/heads/{branch}").code:
        raise PublishError(f"{branch!r} cannot be the name of a branch.")
    known = remote in git.ask("remote").splitlines()
    if push and not known:
        raise PublishError(
            f"There is no remote {remote!r}. Add it with `git remote add`, or publish"
            " without --push."
        )
    if not push or git.commit_of(f"refs/heads/{branch}"):
        yield LocalWorkshop(git=git, branch=branch, remote=remote if known else None, push=push)
        return
    with tempfile.TemporaryDirectory(prefix="reportgen-") as folder:
        yield _remote_workshop(git, repository, Path(folder), branch=branch, remote=remote)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalWorkshop:
    """Commits to the branch of the user's repository, and pushes it if asked."""

    git: Git
    branch: str
    remote: str | None
    push: bool
    whole: bool = True

    def tip(self) -> Tip:
        """Return the branch here, or the one of the remote where that goes further.

        Raises
        ------
        PublishError
            If both have gone on in different ways, or the branch is checked out.
        """
        self._refuse_checked_out()
        here, there = self.git.commit_of(self._own), self._remote_tip()
        if here is None or there is None or self._is_ancestor(here, there):
            return Tip(commit=there or here, remote=there)
        if self._is_ancestor(there, here):
            return Tip(commit=here, remote=there)
        raise PublishError(
            f"The branch {self.branch} here and the one of {self.remote} have gone different ways."
            f" Remove the one here with `git branch -D {self.branch}`, and publish again what only"
            " that one held."
        )

    def land(self, commit: str, tip: Tip) -> Landing:
        """Push the commit if asked, then move the branch, unless somebody has moved it."""
        if self.push and self.remote:
            landing = push_commit(self.git, self.remote, self.branch, commit, tip.remote)
            if landing is Landing.OVERTAKEN:
                return landing
            self.git.call("update-ref", self._tracking, commit)
        moved = self._move(commit, tip)
        return Landing.LANDED if moved or self.push else Landing.OVERTAKEN

    def _move(self, commit: str, tip: Tip) -> bool:
        here = self.git.commit_of(self._own)
        if here is not None and not self._is_ancestor(here, tip.commit or ""):
            return False
        # The value before is given too, where zeros say that there was none.
        before = here or "0" * len(commit)
        return not self.git.call("update-ref", self._own, commit, before).code

    @property
    def _own(self) -> str:
        return f"refs/heads/{self.branch}"

    @property
    def _tracking(self) -> str:
        return f"refs/remotes/{self.remote}/{self.branch}"

    def _remote_tip(self) -> str | None:
        """Return the commit of the remote's branch, brought here."""
        if self.remote is None:
            return None
        tracked = self.git.commit_of(self._tracking)
        if not self.push and (tracked or self.git.commit_of(self._own)):
            return tracked
        there = remote_tip(self.git, self.remote, self.branch)
        if there is None:
            self.git.call("update-ref", "-d", self._tracking)
        elif there != tracked:
            # To no reference: two publishers in one repository would stand in each other's way.
            fetch = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--refmap=")
            self.git.ask(*fetch, self.remote, self._own)
            self.git.call("update-ref", self._tracking, there)
        return there

    def _is_ancestor(self, old: str, new: str) -> bool:
        return not self.git.call("merge-base", "--is-ancestor", old, new).code

    def _refuse_checked_out(self) -> None:
        listed = self.git.ask("worktree", "list", "--porcelain")
        if f"branch refs/heads/{self.branch}" in listed.splitlines():
            raise PublishError(
                f"The branch {self.branch} is checked out. Switch that work tree to another branch."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteWorkshop:
    """Commits onto the remote's branch, of which only the newest folders are fetched."""

    git: Git
    branch: str
    remote: str
    whole: bool = False
    """Fetch all files too; else they follow when they are read."""

    def tip(self) -> Tip:
        """Fetch the newest commit with its folders."""
        if remote_tip(self.git, self.remote, self.branch) is None:
            return Tip(commit=None)
        fetch = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head")
        what = (self.remote, f"+refs/heads/{self.branch}:{_BASE}")
        less = "--no-filter" if self.whole else "--filter=blob:none"
        if self.git.call(*fetch, "--depth=1", less, *what).code:
            # A server that knows neither gives everything.
            self.git.ask(*fetch, *what)
        if not self._can_read():
            # One that leaves files out, and then does not give them when they are wanted.
            self.git.ask(*fetch, "--depth=1", "--no-filter", "--refetch", *what)
        commit = self.git.commit_of(_BASE)
        return Tip(commit=commit, remote=commit)

    def _can_read(self) -> bool:
        """Tell whether files can be had, by the first one that there is."""
        tree = GitTree(git=self.git, tip=_BASE, sizes=False)
        blob = next(iter(tree.ids("").values()), None) or next((e.id for e in tree.below()), None)
        return blob is None or not self.git.call("cat-file", "-e", blob).code

    def land(self, commit: str, tip: Tip) -> Landing:
        """Push the commit."""
        return push_commit(self.git, self.remote, self.branch, commit, tip.remote)


def open_whole(
    git: Git, repository: Path, folder: Path, *, branch: str, remote: str
) -> tuple[Git, str | None]:
    """Fetch everything that is published into a repository in ``folder``; None: no such branch."""
    if remote not in git.ask("remote").splitlines():
        return git, None
    shop = _remote_workshop(git, repository, folder, branch=branch, remote=remote)
    return shop.git, replace(shop, whole=True).tip().commit


def remote_tip(git: Git, remote: str, branch: str) -> str | None:
    """Return the commit of a remote's branch, None where it has no such branch.

    Raises
    ------
    PublishError
        If the remote does not answer.
    """
    done = git.call("ls-remote", remote, f"refs/heads/{branch}")
    if done.code:
        raise PublishError(
            f"The remote does not answer: {last_words(done.errors)}. Check its address and whether"
            " you may read it, then publish again."
        )
    return done.output.decode().partition("\t")[0].strip() or None


def push_commit(git: Git, remote: str, branch: str, commit: str, tip: str | None) -> Landing:
    """Make a commit the remote's branch, if that still is at ``tip``.

    Raises
    ------
    PublishError
        If the remote refuses for another reason than that somebody was quicker.
    """
    name = f"refs/heads/{branch}"
    lease = f"--force-with-lease={name}:{tip or ''}"
    done = git.call("push", "--porcelain", "--no-verify", lease, remote, f"{commit}:{name}")
    if not done.code:
        return Landing.LANDED
    now = remote_tip(git, remote, branch)
    if now == commit:
        # It arrived, and only the answer got lost.
        return Landing.LANDED
    said = f"{done.output.decode(errors='replace')}\n{done.errors}"
    if now != tip or any(word in said for word in _LOCKED):
        return Landing.OVERTAKEN
    raise PublishError(
        f"The remote refuses the branch {branch}: {_reason(said)}. Nothing was changed; check"
        " whether you may push to it, and its rules for branches."
    )


def _reason(said: str) -> str:
    rejected = [line for line in said.splitlines() if line.startswith("!")]
    hints = [line for line in said.splitlines() if line.startswith("remote:")]
    whys = [line.rpartition("\t")[2] for line in rejected]
    return "; ".join([*whys, *(hint.strip() for hint in hints[-3:])]) or last_words(said)


def _remote_workshop(
    git: Git, repository: Path, folder: Path, *, branch: str, remote: str
) -> RemoteWorkshop:
    settings = wanted_settings(repository, own=True)
    for key in ("url", "pushurl", "proxy"):
        values = git.call("config", "--get-all", f"remote.{remote}.{key}").output.decode()
        settings += [(f"remote.{remote}.{key}", value) for value in values.splitlines()]
    aside = Git(folder=git.folder, git_dir=folder / "publish.git", settings=settings)
    aside.ask("init", "--quiet", "--bare", "--template=")
    return RemoteWorkshop(git=aside, branch=branch, remote=remote)
