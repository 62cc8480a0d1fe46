"""A plan into a commit, by one stream to `git fast-import`: no work tree, no index."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from reportgen.errors import PublishError
from reportgen.model.runs import slug
from reportgen.places import is_running
from reportgen.publish.git import Git, environment, last_words
from reportgen.publish.gittree import GitTree
from reportgen.publish.plan import Plan
from reportgen.publish.rewrite import SHARED_FOLDERS

_PRIVATE = f"refs/reportgen/{slug(socket.gethostname())}"
AUTHOR = "reportgen <reportgen@localhost>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What an earlier try has put into the repository, by path: only its names are sent again."""

    folders: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


def commit_plan(
    git: Git, plan: Plan, tip: str | None, *, when: int, stored: Stored = Stored()
) -> str:
    """Return a new commit on ``tip``; no branch is moved.

    Raises
    ------
    PublishError
        If git cannot store it, for example since the disk is full.
    """
    # fast-import commits to a reference only; this one is private to the call.
    _forget_the_killed(git)
    reference = f"{_PRIVATE}/{os.getpid()}-{secrets.token_hex(4)}"
    head = _head(reference, plan.message, when) + (f"from {tip}\n".encode() if tip else b"")
    try:
        _import(git, chain([head], _changes(plan, stored), [b"done\n"]))
        return git.ask("rev-parse", "--verify", reference)
    finally:
        git.call("update-ref", "-d", reference)


def stored_by(git: Git, commit: str, plan: Plan) -> Stored:
    """Return what a commit made from a plan has stored."""
    tree = GitTree(git=git, tip=commit, sizes=False)
    files = {one.path: one.id for one in tree.below(*SHARED_FOLDERS) if one.path in plan.write}
    written = {path[: path.index("/", 2)] for path in plan.write if _is_in_edition(path)}
    whole = [path for path in plan.remove if path in written]
    folders = {path: git.ask("rev-parse", "--verify", f"{commit}:{path}") for path in whole}
    return Stored(folders=folders, files=files)


def without_parents(git: Git, commit: str, *, message: str, when: int) -> str:
    """Return a commit with the same files and no history."""
    name, _, address = AUTHOR.partition(" ")
    who = {
        f"GIT_{role}_{part}": value
        for role in ("AUTHOR", "COMMITTER")
        for part, value in (
            ("NAME", name),
            ("EMAIL", address.strip("<>")),
            ("DATE", f"{when} +0000"),
        )
    }
    return git.ask("commit-tree", "-m", message, f"{commit}^{{tree}}", variables=who)


def _forget_the_killed(git: Git) -> None:
    """Remove references of publishers on this machine that did not live to do so."""
    for reference in git.ask("for-each-ref", "--format=%(refname)", _PRIVATE).split():
        process = reference.rpartition("/")[2].partition("-")[0]
        if not (process.isdigit() and is_running(int(process))):
            git.call("update-ref", "-d", reference)


def _import(git: Git, stream: Iterable[bytes]) -> None:
    command = ["git", f"--git-dir={git.git_dir}", "fast-import", "--quiet", "--done", "--force"]
    # Its complaints go to a file: a full pipe that nobody reads would stop both.
    with tempfile.TemporaryFile() as errors:
        with subprocess.Popen(  # noqa: S603 - no shell
            command,
            cwd=git.folder,
            env=environment(git.settings),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        ) as importer:
            pipe = importer.stdin
            assert pipe is not None  # noqa: S101 - asked for just above
            try:
                for part in stream:
                    pipe.write(part)
                pipe.close()
            except BrokenPipeError:
                # It has given up, and says why below.
                importer.wait()
            except BaseException:
                importer.kill()
                raise
        if importer.returncode:
            errors.seek(0)
            words = last_words(errors.read().decode(errors="replace"))
            raise PublishError(f"git could not store the site: {words}")


def _head(reference: str, message: str, when: int) -> bytes:
    words = message.encode()
    text = (
        f"commit {reference}\nauthor {AUTHOR} {when} +0000\n"
        f"committer {AUTHOR} {when} +0000\ndata {len(words)}\n"
    )
    return text.encode() + words + b"\n"


def _changes(plan: Plan, stored: Stored) -> Iterator[bytes]:
    for path in plan.remove:
        yield b"D %s\n" % _quoted(path)
    for path, tree in stored.folders.items():
        yield b"M 040000 %s %s\n" % (tree.encode(), _quoted(path))
    inside = tuple(f"{path}/" for path in stored.folders)
    for path, content in plan.write.items():
        if path.startswith(inside):
            continue
        if path in stored.files:
            yield b"M 100644 %s %s\n" % (stored.files[path].encode(), _quoted(path))
            continue
        data = content.read_bytes() if isinstance(content, Path) else content
        yield b"M 100644 inline %s\ndata %d\n" % (_quoted(path), len(data))
        yield data
        yield b"\n"


def _quoted(path: str) -> bytes:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return b'"' + escaped.encode(errors="surrogateescape") + b'"'


def _is_in_edition(path: str) -> bool:
    return path.startswith("v/") and path.count("/") > 1
