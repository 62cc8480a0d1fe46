"""The docs folder: files are written when they differ, and removed when nothing makes them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from reportgen.errors import SiteError
from reportgen.places import replacing

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]|^\.|[. ]$')


@dataclass(slots=True, kw_only=True)
class RenderReport:
    """Files that were written, and left as they were, from the docs folder."""

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Outputs:
    """Files of one kind that reportgen makes in a docs folder.

    What was made is remembered beside the folder, in ``<docs_dir>.manifest.json``; files that
    are not remembered there are people's own and never removed.
    """

    docs_dir: Path
    kind: str
    report: RenderReport = field(default_factory=RenderReport)
    _before: frozenset[str] = frozenset()
    _now: set[str] = field(default_factory=set)
    _folders: set[str] = field(default_factory=set)

    @classmethod
    @contextmanager
    def open(cls, docs_dir: Path, kind: str) -> Iterator[Self]:
        """Give the outputs of one kind; at the end remove those that were not made again.

        After an error nothing is removed, and what was made is remembered all the same.
        """
        docs_dir.mkdir(parents=True, exist_ok=True)
        before = frozenset(_read_manifest(docs_dir).get(kind, ()))
        outputs = cls(docs_dir=docs_dir, kind=kind, _before=before)
        try:
            yield outputs
        except BaseException:
            outputs._remember(before | outputs._now)
            raise
        # Remembered first: a file that cannot be removed now is tried again the next time.
        outputs._remember(before | outputs._now)
        outputs._remove_stale()
        outputs._remember(outputs._now)

    def write(self, path: str, content: bytes) -> None:
        """Write one file, given from the docs folder with forward slashes, if it differs.

        Raises
        ------
        SiteError
            If the path would leave the folder, needs characters that not every file system
            has, or was already written by another page.
        """
        check_path(path)
        if path in self._now:
            raise SiteError(f"Two pages or files would both be {path}. Their names must differ.")
        self._now.add(path)
        target = os.path.join(self.docs_dir, path)  # noqa: PTH118 - thousands of files
        if _holds(target, content):
            self.report.unchanged.append(path)
            return
        self._make_folder(os.path.dirname(target))  # noqa: PTH120
        with replacing(Path(target)) as file:
            file.write_bytes(content)
        self.report.written.append(path)

    def _make_folder(self, folder: str) -> None:
        if folder not in self._folders:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103
            self._folders.add(folder)

    def _remove_stale(self) -> None:
        for path in sorted(self._before - self._now):
            stale = self.docs_dir / path
            if stale.is_file() or stale.is_symlink():
                stale.unlink()
            _remove_empty(stale.parent, stop=self.docs_dir)

    def _remember(self, paths: frozenset[str] | set[str]) -> None:
        manifest = _read_manifest(self.docs_dir)
        wanted = manifest | {self.kind: sorted(paths)}
        if wanted != manifest:
            text = json.dumps(wanted, indent=0, sort_keys=True)
            with replacing(_manifest(self.docs_dir)) as file:
                file.write_text(text, encoding="utf-8")


def check_path(path: str) -> None:
    """Refuse a path that does not name a plain file below the folder.

    Raises
    ------
    SiteError
        Names the path and the part that is wrong.
    """
    for part in path.split("/"):
        if not part or _UNSAFE.search(part) or len(part.encode(errors="replace")) > 200:
            raise SiteError(
                f"{path!r} cannot be the address of a page or file: {part!r} is empty, too long,"
                ' begins or ends with a dot, or has one of \\ : * ? " < > |.'
            )


def _holds(target: str, content: bytes) -> bool:
    try:
        if os.stat(target).st_size != len(content):  # noqa: PTH116
            return False
        with open(target, "rb") as file:  # noqa: PTH123
            return file.read() == content
    except OSError:
        return False


def _manifest(docs_dir: Path) -> Path:
    return docs_dir.with_name(f"{docs_dir.name}.manifest.json")


def _read_manifest(docs_dir: Path) -> dict[str, list[str]]:
    try:
        data = json.loads(_manifest(docs_dir).read_bytes())
    except (OSError, ValueError):
        # Without it nothing is removed, which is the safe side.
        return {}
    return {k: v for k, v in data.items() if isinstance(v, list)} if isinstance(data, dict) else {}


def _remove_empty(folder: Path, *, stop: Path) -> None:
    while folder != stop and stop in folder.parents:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent
