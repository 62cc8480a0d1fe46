"""What is published on a branch: the files of one commit, read without a work tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from reportgen.errors import PublishError
from reportgen.publish.git import Git, last_words
from reportgen.publish.manifest import Weight

_ENTRY = re.compile(rb"\d+ (\w+) ([0-9a-f]+)\s*([\d-]*)\t([^\0]*)\0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file or folder of a commit."""

    path: str
    kind: str
    """``blob``, ``tree`` or ``commit``."""
    id: str
    size: int


@dataclass(frozen=True, kw_only=True)
class GitTree:
    """The files of one commit; without a commit there are none."""

    git: Git
    tip: str | None
    sizes: bool
    """Whether the content of all files is here, so that they can be weighed."""

    def read(self, path: str) -> bytes | None:
        """Return what a file holds; None where there is none.

        Raises
        ------
        PublishError
            If it is there and cannot be read, for example since the remote has gone away.
        """
        folder, _, name = path.rpartition("/")
        blob = self.ids(folder).get(name)
        return None if blob is None else self._must("cat-file", "blob", blob)

    def ids(self, folder: str) -> dict[str, str]:
        """Return the git ids of the files directly in a folder, by name."""
        entries = self._folder(folder)
        return {e.path.rpartition("/")[2]: e.id for e in entries if e.kind == "blob"}

    def names(self, folder: str) -> list[str]:
        """Return the names of files and folders directly in a folder."""
        return [entry.path.rpartition("/")[2] for entry in self._folder(folder)]

    def files(self, folder: str) -> list[str]:
        """Return the paths of all files below a folder, from the root."""
        return [entry.path for entry in self.below(folder)]

    def below(self, *folders: str) -> Iterator[Entry]:
        """Yield all files below some folders."""
        return (entry for entry in self._list(folders, "-r") if entry.kind == "blob")

    def weigh(self, paths: Iterable[str]) -> Weight:
        """Return the room that files and folders take."""
        wanted = list(paths)
        total = Weight()
        for entry in self._list(wanted, "-r", *(["-l"] if self.sizes else [])) if wanted else ():
            total += Weight(
                files=1,
                size=entry.size,
                largest=entry.path,
                largest_size=entry.size,
                unmeasured=0 if self.sizes else 1,
            )
        return total

    @cached_property
    def _folders(self) -> dict[str, list[Entry]]:
        return {}

    def _folder(self, folder: str) -> list[Entry]:
        if folder not in self._folders:
            self._folders[folder] = list(self._list([f"{folder}/"] if folder else []))
        return self._folders[folder]

    def _list(self, paths: Iterable[str], *flags: str) -> Iterator[Entry]:
        if self.tip is None:
            return
        listed = self._must("ls-tree", "-z", "--full-tree", *flags, self.tip, "--", *paths)
        for kind, one, size, path in _ENTRY.findall(listed):
            yield Entry(
                path=path.decode(errors="surrogateescape"),
                kind=kind.decode(),
                id=one.decode(),
                size=int(size) if size.isdigit() else 0,
            )

    def _must(self, *arguments: str) -> bytes:
        done = self.git.call(*arguments)
        if done.code:
            raise PublishError(
                f"The published site cannot be read: {last_words(done.errors)}. Try again."
            )
        return done.output
