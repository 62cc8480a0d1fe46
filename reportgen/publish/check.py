"""Whether every link of all published editions leads somewhere, and what they weigh."""

from __future__ import annotations

import re
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from reportgen.errors import PublishError
from reportgen.publish.branch import Branch
from reportgen.publish.folder import FolderTree
from reportgen.publish.git import Git, open_repository
from reportgen.publish.manifest import Weight
from reportgen.publish.room import PAGES, room_warnings
from reportgen.publish.workshop import open_whole

LinkCheck = Callable[[Path], Sequence[object]]
"""Returns what is wrong with the links of the site in a folder; each problem is a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What is wrong with the published site."""

    place: str
    problems: tuple[str, ...]
    weight: Weight
    warnings: tuple[str, ...]


def check_branch(branch: Branch, *, check: LinkCheck, url: str = "") -> CheckReport:
    """Walk the links of everything on a branch, of this repository or else of the remote.

    ``url`` is the address of the whole site: links that begin with it are followed too.

    Raises
    ------
    PublishError
        If there is no such branch.
    """
    with _exported(branch) as folder:
        return _check(folder, branch.name, check=check, url=url)


def check_folder(to_dir: Path, *, check: LinkCheck, url: str = "") -> CheckReport:
    """Walk the links of everything in a published folder."""
    if not to_dir.is_dir():
        raise PublishError(f"There is no folder {to_dir}. Publish into it first.")
    return _check(to_dir, str(to_dir), check=check, url=url)


def _check(folder: Path, place: str, *, check: LinkCheck, url: str) -> CheckReport:
    tree = FolderTree(root=folder)
    weight = tree.weigh(tree.names(""))
    found = [str(problem) for problem in check(folder)]
    found += _dead_addresses(folder, url) if url else []
    return CheckReport(
        place=place,
        problems=tuple(sorted(found)),
        weight=weight,
        warnings=tuple(room_warnings(weight, PAGES)),
    )


def _dead_addresses(folder: Path, url: str) -> Iterator[str]:
    """Yield links to this site's own address that lead nowhere, permalinks among them."""
    own = re.compile(rb'href="' + re.escape(url.rstrip("/").encode()) + rb'/([^"#?]*)')
    known: dict[bytes, bool] = {}
    for page in sorted(folder.rglob("*.html")):
        for path in sorted(set(own.findall(page.read_bytes()))):
            if path not in known:
                known[path] = _exists(folder, unquote(path.decode(errors="replace")))
            if not known[path]:
                where = page.relative_to(folder).as_posix()
                yield f"{where}: {url.rstrip('/')}/{path.decode()} leads to nothing published"


def _exists(folder: Path, path: str) -> bool:
    target = folder / path
    return (target / "index.html").is_file() if path.endswith("/") or not path else target.is_file()


@contextmanager
def _exported(branch: Branch) -> Iterator[Path]:
    git, remote = open_repository(branch.repository), branch.remote
    with tempfile.TemporaryDirectory(prefix="reportgen-") as name:
        here = git.commit_of(f"refs/heads/{branch.name}")
        if here is None:
            git, here = open_whole(
                git, branch.repository, Path(name), branch=branch.name, remote=remote
            )
        if here is None:
            raise PublishError(
                f"There is no branch {branch.name} here or on {remote}. Publish an edition first."
            )
        yield _extract(git, here, Path(name))


def _extract(git: Git, commit: str, folder: Path) -> Path:
    packed, files = folder / "site.tar", folder / "site"
    git.ask("archive", "--format=tar", f"--output={packed}", commit)
    with tarfile.open(packed) as archive:
        archive.extractall(files, filter="data")
    packed.unlink()
    return files
