"""What is published already, wherever it lies."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from reportgen.model.editions import LASTING
from reportgen.publish.manifest import MANIFEST, Manifest, Record, Weight, record_path
from reportgen.publish.rewrite import SHARED_FOLDERS
from reportgen.publish.versions import SWITCHER, VERSIONS, Version, read_versions

SINGLE = ("index.html", "404.html", ".nojekyll", "v/index.html", SWITCHER)
"""Files that reportgen writes unless somebody else has written them."""

_OUR_FOLDERS = frozenset({"v", ".reportgen", *(path.rstrip("/") for path in LASTING)})


class Tree(Protocol):
    """The published files, on a branch or in a folder."""

    def read(self, path: str) -> bytes | None:
        """Return what a file holds; None where there is none."""

    def ids(self, folder: str) -> Mapping[str, str]:
        """Return the git ids of the files directly in a folder, by name."""

    def names(self, folder: str) -> Collection[str]:
        """Return the names of files and folders directly in a folder."""

    def files(self, folder: str) -> Collection[str]:
        """Return the paths of all files below a folder, from the root."""

    def weigh(self, paths: Iterable[str]) -> Weight:
        """Return the room that files and folders take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a plan has to know of what is published."""

    manifest: Manifest
    versions: Mapping[str, Version]
    records: Mapping[str, Record]
    """Of the editions that a plan changes or drops."""
    present: Collection[str]
    """Editions in the manifest whose folder is there; others were removed by somebody else."""
    single: Mapping[str, str]
    """Git ids of those of the single files that exist."""
    shared: Collection[str]
    """Paths of figures and assets that exist."""
    lasting: Collection[str]
    """Paths of files where permalinks stand."""
    unknown: Collection[str]
    """Names in ``v/`` that are no edition or alias."""
    foreign: Weight
    """What other people have put there."""


Choice = Callable[[Manifest, Mapping[str, Version]], Collection[str]]
"""Says which editions are to change."""


def read_state(tree: Tree, changes: Choice) -> State:
    """Read what is published, with the records of the editions that are to change."""
    manifest = Manifest.load(tree.read(MANIFEST))
    versions = read_versions(tree.read(VERSIONS))
    folders = set(tree.names("v"))
    present = manifest.editions.keys() & folders
    needed = {
        *changes(manifest, versions),
        *(manifest.editions.keys() - present),
    } & manifest.editions.keys()
    ours = {name for name in versions if name in manifest.editions}
    aliases = {alias for name in ours for alias in versions[name].aliases}
    files = {path.rpartition("/")[2] for path in (VERSIONS, *SINGLE)}
    others = folders - ours - present - aliases - {*manifest.dropped} - files
    known = {alias for one in versions.values() for alias in one.aliases} | versions.keys()
    return State(
        manifest=manifest,
        versions=versions,
        records={name: Record.load(tree.read(record_path(name)), name) for name in needed},
        present=present,
        single=_single(tree),
        shared={path for folder in SHARED_FOLDERS for path in tree.files(folder)},
        lasting={path for folder in LASTING for path in tree.files(folder.rstrip("/"))},
        unknown=others - known,
        foreign=tree.weigh([*_foreign_roots(tree), *(f"v/{name}" for name in sorted(others))]),
    )


def known_editions(tree: Tree) -> set[str]:
    """Return the editions that are published, or were once and have been dropped."""
    manifest = Manifest.load(tree.read(MANIFEST))
    return {*manifest.editions, *manifest.dropped, *read_versions(tree.read(VERSIONS))}


def _single(tree: Tree) -> dict[str, str]:
    root, below = tree.ids(""), tree.ids("v")
    here = {**root, **{f"v/{name}": one for name, one in below.items()}}
    return {path: here[path] for path in SINGLE if path in here}


def _foreign_roots(tree: Tree) -> list[str]:
    ours = _OUR_FOLDERS | {*SINGLE} | {*SHARED_FOLDERS}
    return sorted(name for name in tree.names("") if name not in ours)
