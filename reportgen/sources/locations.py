"""Finding the files of a local location: a path, a folder, or a glob with ``**``.

Folders are walked one at a time in order of name, so that memory does not grow with the number
of files and every pull sees the same order.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

_MAGIC = re.compile(r"[*?\[]")
IGNORED = frozenset({"butler.yaml"})
"""Files that lie among results by design."""
FOLDER = 'is a folder that is called as a file; name what is in it: `location = "…/*"`'
NO_TARGET = "is a link to a file that does not exist; bring the file back, or take the link away"


class Found(NamedTuple):  # made once for each file: a third of the cost of a dataclass
    """A regular file, or with ``problem`` a place that cannot be looked at."""

    path: str
    stat: os.stat_result | None = None
    problem: str = ""
    done: float = 1.0
    """Share of the location that was walked with it (0 to 1), as if folders were of one size."""


def find(path: str, suffixes: Sequence[str]) -> Iterator[Found]:
    """Yield the files of an absolute path, folder or glob.

    A folder gives the files below it that end in one of ``suffixes`` (also with ``.gz``).
    Names that begin with a dot are left out of folders and globs.
    """
    if os.path.isfile(path):  # noqa: PTH113
        yield Found(path, os.stat(path))  # noqa: PTH116
    elif os.path.isdir(path):  # noqa: PTH112
        yield from _walk(path, _in_folder(suffixes))
    elif _MAGIC.search(path):
        folder, pattern = _split(path)
        yield from _walk(folder, _Glob(pattern, suffixes))
    elif os.path.islink(path):  # noqa: PTH114
        yield Found(path, problem=NO_TARGET)


def _split(path: str) -> tuple[str, str]:
    """Return the folder before the first wildcard, and the pattern below it."""
    parts = path.replace(os.sep, "/").split("/")
    first = next(i for i, part in enumerate(parts) if _MAGIC.search(part))
    return "/".join(parts[:first]) or "/", "/".join(parts[first:])


class _Glob:
    """Decides which files of a walk match, and which folders can hold any."""

    def __init__(self, pattern: str, suffixes: Sequence[str]) -> None:
        self._called = _in_folder(suffixes)
        parts = [part for part in pattern.split("/") if part]
        self._file = re.compile(translate("/".join(parts)), re.DOTALL)
        fixed = next((i for i, part in enumerate(parts) if part == "**"), len(parts))
        self._folders = [re.compile(translate(part), re.DOTALL) for part in parts[:fixed]]
        self._deep = fixed < len(parts)

    def file(self, relative: str) -> bool:
        return self._file.fullmatch(relative) is not None

    def folder(self, name: str, depth: int) -> bool:
        if depth < len(self._folders):
            last = depth == len(self._folders) - 1 and not self._deep
            return not last and self._folders[depth].fullmatch(name) is not None
        return self._deep

    def called(self, relative: str) -> bool:
        """Whether a folder has the name of a file that is looked for."""
        return self.file(relative) and self._called.file(relative)


def translate(pattern: str) -> str:
    """Return the regular expression of a glob: ``**`` is any number of folders."""
    pieces = re.findall(r"\*\*/|\*\*$|\[!?\]?[^\]]*\]|.", pattern, re.DOTALL)
    return "".join(_TRANSLATED.get(piece) or _translate_piece(piece) for piece in pieces)


_TRANSLATED = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def _translate_piece(piece: str) -> str:
    if len(piece) > 2 and piece.startswith("["):
        inner = piece[1:-1].replace("\\", r"\\")
        return f"[{'^' + inner[1:] if inner.startswith('!') else inner}]"
    return re.escape(piece)


def _in_folder(suffixes: Sequence[str]) -> _Suffixes:
    return _Suffixes((*suffixes, *(f"{suffix}.gz" for suffix in suffixes)))


@dataclass(frozen=True, slots=True)
class _Suffixes:
    suffixes: tuple[str, ...]

    def file(self, relative: str) -> bool:
        name = relative.rpartition("/")[2]
        return name not in IGNORED and name.lower().endswith(self.suffixes)

    def folder(self, name: str, depth: int) -> bool:
        return bool(name) and depth >= 0

    def called(self, relative: str) -> bool:
        return not relative  # what is in it is found


def _walk(
    folder: str,
    wanted: _Glob | _Suffixes,
    below: str = "",
    above: frozenset[tuple[int, int]] = frozenset(),
    share: tuple[float, float] = (0.0, 1.0),
) -> Iterator[Found]:
    """Yield what is wanted below a folder, in order of name; links in a circle end the walk."""
    try:
        status = os.stat(folder)  # noqa: PTH116
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        yield Found(folder, problem=f"cannot be listed: {error.strerror}; may you read it?")
        return
    here = (status.st_dev, status.st_ino)
    if here in above:
        return
    depth = below.count("/")
    done, width = share[0], share[1] / max(len(entries), 1)
    for entry in entries:
        begin, done = done, done + width
        if entry.name.startswith("."):
            continue
        relative = below + entry.name
        if entry.is_dir():
            if wanted.folder(entry.name, depth):
                yield from _walk(entry.path, wanted, f"{relative}/", above | {here}, (begin, width))
            elif wanted.called(relative):
                yield Found(entry.path, problem=FOLDER, done=done)
        elif wanted.file(relative) and (found := _file(entry, done)):
            yield found


def _file(entry: os.DirEntry[str], done: float) -> Found | None:
    """Return a regular file; a broken link is a result that is lost, so it is not passed over."""
    if entry.is_file():
        return Found(entry.path, entry.stat(), done=done)
    if entry.is_symlink() and not os.path.exists(entry.path):  # noqa: PTH110
        return Found(entry.path, problem=NO_TARGET, done=done)
    return None
