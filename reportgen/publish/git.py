"""Calls of git, with nothing of a user's settings but how to reach a remote."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportgen.errors import PublishError

_KEPT = frozenset(
    {
        "GIT_ASKPASS",
        "GIT_EXEC_PATH",
        "GIT_HTTP_PROXY_AUTHMETHOD",
        "GIT_PROXY_COMMAND",
        "GIT_SSH",
        "GIT_SSH_COMMAND",
        "GIT_SSH_VARIANT",
        "GIT_SSL_CAINFO",
        "GIT_SSL_CAPATH",
        "GIT_SSL_NO_VERIFY",
    }
)
"""Of git's variables, those that say how to reach a remote."""
_WANTED = re.compile(
    r"(?:http|credential|url|protocol|safe|ssh)\..*|core\.(?:sshcommand|askpass|gitproxy)"
)
_FIXED = (
    ("core.hooksPath", os.devnull),
    ("core.quotePath", "false"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("push.followTags", "false"),
    ("push.gpgSign", "false"),
    ("push.recurseSubmodules", "no"),
    ("fetch.recurseSubmodules", "no"),
    # By default git looks for what the remote has under the same path only, and a new edition
    # is a new path: 70 MB are sent where 8 MB are new.
    ("pack.useSparse", "false"),
)
_SECRET = re.compile(r"(?<=//)[^/\s'\"]*@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of one call of git."""

    code: int
    output: bytes
    errors: str
    """Without passwords or tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Git:
    """One repository, and what is needed to reach its remotes."""

    folder: Path
    """Where git is called: relative addresses of remotes begin here."""
    git_dir: Path
    settings: Sequence[tuple[str, str]] = ()
    """Settings by key, in order; a key can have several values."""

    def call(self, *arguments: str, variables: Mapping[str, str] | None = None) -> Done:
        """Run git and return what it says, whether it fails or not."""
        done = run_git(
            [f"--git-dir={self.git_dir}", *arguments],
            self.folder,
            environment(self.settings) | dict(variables or {}),
        )
        return Done(code=done.returncode, output=done.stdout, errors=redact(done.stderr.decode()))

    def ask(self, *arguments: str, variables: Mapping[str, str] | None = None) -> str:
        """Run git and return its output.

        Raises
        ------
        PublishError
            If git fails; says so in its words.
        """
        done = self.call(*arguments, variables=variables)
        if done.code:
            raise PublishError(f"git {arguments[0]} failed: {last_words(done.errors)}")
        return done.output.decode(errors="replace").strip()

    def commit_of(self, name: str) -> str | None:
        """Return the commit that a reference names; None where there is none."""
        done = self.call("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        return done.output.decode().strip() or None


def open_repository(folder: Path) -> Git:
    """Return the repository that a folder belongs to.

    Raises
    ------
    PublishError
        If it belongs to none, or git is not installed.
    """
    plain = _plain_environment()
    found = run_git(["rev-parse", "--path-format=absolute", "--git-common-dir"], folder, plain)
    if found.returncode:
        raise PublishError(
            f"{folder} is in no git repository ({last_words(found.stderr.decode())})."
            " Publish from the report's repository, or into a folder with --to."
        )
    git_dir = Path(found.stdout.decode().strip())
    top = run_git(["rev-parse", "--show-toplevel"], folder, plain)
    work = Path(top.stdout.decode().strip()) if not top.returncode else git_dir
    return Git(folder=work, git_dir=git_dir, settings=wanted_settings(folder, own=False))


def wanted_settings(folder: Path, *, own: bool) -> list[tuple[str, str]]:
    """Return the settings that say how to reach a remote; ``own``: those of the repository too.

    Left to git itself, they would bring hooks, signing and filters along.
    """
    listed = run_git(["config", "--show-scope", "--list", "-z"], folder, _plain_environment())
    parts = listed.stdout.decode(errors="replace").split("\0")
    found = []
    for scope, entry in zip(parts[::2], parts[1::2], strict=False):
        key, _, value = entry.partition("\n")
        if _WANTED.fullmatch(key) and (own or scope not in {"local", "worktree"}):
            found.append((key, value))
    return found


def environment(settings: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the environment of a call: settings stand there, not in the list of processes."""
    everything = [*settings, *_FIXED]
    given = {"GIT_CONFIG_COUNT": str(len(everything))}
    for number, (key, value) in enumerate(everything):
        given |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_") or k in _KEPT}
    return {
        **kept,
        **given,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }


def run_git(
    arguments: Sequence[str], folder: Path, variables: Mapping[str, str]
) -> subprocess.CompletedProcess[bytes]:
    """Run git, without a shell.

    Raises
    ------
    PublishError
        If it is not installed, or the folder does not exist.
    """
    try:
        return subprocess.run(  # noqa: S603 - no shell
            ["git", *arguments],  # noqa: S607 - the one in the path
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except (FileNotFoundError, NotADirectoryError) as error:
        if not folder.is_dir():
            raise PublishError(f"There is no folder {folder}.") from error
        raise PublishError(
            "git is not installed. Install it, or publish into a folder with --to."
        ) from error


def redact(text: str) -> str:
    """Return a text without the names, passwords and tokens in addresses."""
    return _SECRET.sub("***@", text)


def last_words(text: str) -> str:
    """Return the last thing that git said, in one line."""
    lines = [line.strip() for line in redact(text).splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("fatal:", "error:", "remote:", "ERROR"))]
    return (errors or lines or ["it gave no reason"])[-1]


def _plain_environment() -> dict[str, str]:
    """Return the user's environment, but for what points git to another repository."""
    aside = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_TRACE"}
    kept = {k: v for k, v in os.environ.items() if k not in aside}
    return kept | {"LC_ALL": "C"}
