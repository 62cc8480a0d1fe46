"""Stored files, wherever they lie: found, hashed and opened, plain or gzip by content."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Self, cast

from reportgen.config import SourceConfig
from reportgen.errors import UnreadableError
from reportgen.model.bundle import JobBundle, Known, Unreadable
from reportgen.sources import locations, origins, remote
from reportgen.sources.base import Record
from reportgen.sources.estimate import Estimate
from reportgen.sources.history import History

GZIP = b"\x1f\x8b"
WHOLE = 32 << 20
"""Files up to this size (bytes) are read once and kept while they are parsed."""
SMALL = 1 << 16
"""Bytes that are read at once."""
MAX_UNPACKED = 1 << 30
"""A document that unpacks to more bytes than this is refused."""
ESTIMATE_FILES = 100
"""Files after which it is said how many results there will be."""
SETTLED = 2.0
"""Seconds after which a change of a file is sure to change its time of modification."""


class SourceFile:
    """One stored file. ``fs`` is an fsspec file system, None for a local file."""

    __slots__ = ("_stored", "done", "fs", "origin", "path", "size", "stamp")

    def __init__(
        self, origin: str, path: str, *, size: int, stamp: str | None, fs: Any = None
    ) -> None:
        self.origin = origin
        self.path = path
        self.size = size
        self.stamp = stamp
        self.fs = fs
        self.done = 1.0
        """Share of its location that was walked with it."""
        self._stored: bytes | None = None

    @classmethod
    def held(cls, origin: str, content: bytes) -> Self:
        """Return a file whose content is in memory already, whatever it was fetched from."""
        file = cls(origin, origin, size=len(content), stamp=None)
        file._stored = content
        return file

    def sha256(self) -> str:
        """Return the hash of the stored bytes."""
        if self.size <= WHOLE:
            return hashlib.sha256(self._whole()).hexdigest()
        with self._open_stored() as stream:
            return hashlib.file_digest(cast("io.BufferedIOBase", stream), "sha256").hexdigest()

    def read(self) -> bytes:
        """Return the content, unpacked if it is gzip.

        Raises
        ------
        UnreadableError
            If the gzip data are damaged or unpack to more than `MAX_UNPACKED` bytes.
        """
        stored = self._whole()
        if not stored.startswith(GZIP):
            return stored
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(stored)) as packed:
                content = packed.read(MAX_UNPACKED + 1)
        except (EOFError, OSError, zlib.error) as error:
            raise UnreadableError(self.origin, f"damaged gzip data: {error}") from error
        if len(content) > MAX_UNPACKED:
            raise UnreadableError(self.origin, f"unpacks to more than {MAX_UNPACKED >> 20} MB")
        return content

    def open(self) -> BinaryIO:
        """Return a stream of the content, unpacked if it is gzip; for files too large to hold."""
        stream = self._open_stored()
        magic = stream.read(2)
        stream.seek(0)
        return cast("BinaryIO", gzip.GzipFile(fileobj=stream)) if magic == GZIP else stream

    def _whole(self) -> bytes:
        if self._stored is None:
            try:
                self._stored = _read_local(self.path) if self.fs is None else self._fetch()
            except OSError:
                raise
            except Exception as error:
                if self.fs is None:
                    raise
                # Each remote file system has errors of its own; their text may hold credentials.
                kind = type(error).__name__
                raise UnreadableError(self.origin, f"cannot be read: {kind}") from error
        return self._stored

    def _fetch(self) -> bytes:
        with self._open_stored() as stream:
            return stream.read()

    def _open_stored(self) -> BinaryIO:
        if self._stored is not None:
            return io.BytesIO(self._stored)
        if self.fs is None:
            return open(self.path, "rb")  # noqa: PTH123 - the caller closes it
        return cast("BinaryIO", self.fs.open(self.path, "rb"))


def _read_local(path: str) -> bytes:
    """Return the bytes of a file, without the layers of `open`: most files are small and many."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        content = os.read(descriptor, SMALL)
        if len(content) < SMALL:
            return content
        with open(descriptor, "rb", closefd=False) as stream:
            return content + stream.read()
    finally:
        os.close(descriptor)


_DAMAGE = (
    ArithmeticError, AttributeError, EOFError, LookupError, RecursionError, TypeError, ValueError,
    zlib.error,
)  # fmt: skip
"""What libraries raise for content that they did not expect: it costs one file, not the pull."""
Parser = Callable[[SourceFile, str], Iterable[JobBundle | Unreadable]]
"""Yields what one file holds, given the file and its sha256; raises UnreadableError."""


def read_files(
    config: SourceConfig, history: History, parse: Parser, suffixes: Sequence[str]
) -> Iterator[Record]:
    """Yield the records of all files of a source, in order of path; one file is held at a time.

    Parameters
    ----------
    suffixes
        What the files of this type end in, for a location that is a folder.
    """
    files, estimate = 0, Estimate()
    for file in find_files(config, suffixes):
        files += 1
        if isinstance(file, Unreadable):
            yield from estimate.count([file])
            continue
        if jobs := history.unchanged(file.origin, file.stamp):
            yield from estimate.count([Known(origin=file.origin, jobs=jobs)])
        else:
            yield from estimate.count(_read_file(file, history, parse))
        if files % ESTIMATE_FILES == 0:
            yield from estimate.at(file.done)
    if not files:
        yield Unreadable(
            origin=origins.scrub(config.location, config.root), reason="matches no file"
        )


def _read_file(file: SourceFile, history: History, parse: Parser) -> Iterator[Record]:
    """Yield the records of one file; a file without a fault is remembered at its end."""
    sha256 = ""
    jobs: list[str] = []
    faults = 0
    try:
        sha256 = file.sha256()
        if history.has(file.origin, sha256):
            history.remember(file.origin, file.stamp, sha256, [file.origin])
            yield Known(origin=file.origin)
            return
        for record in parse(file, sha256):
            if isinstance(record, Unreadable):
                faults += 1
                yield record
            else:
                jobs.append(record.origin)
                known = record.origin != file.origin and history.has(record.origin, sha256)
                yield Known(origin=record.origin) if known else record
    except (UnreadableError, OSError, *_DAMAGE) as error:
        yield _unreadable(error, file.origin, sha256)
    else:
        if not jobs and not faults:
            yield Unreadable(origin=file.origin, reason="holds no result", sha256=sha256)
        elif not faults:
            history.remember(file.origin, file.stamp, sha256, jobs)


def _unreadable(error: Exception, origin: str, sha256: str) -> Unreadable:
    """Return what is said of a file; never the text of an error that may name the full path."""
    if isinstance(error, UnreadableError):
        return Unreadable(
            origin=error.origin, reason=error.reason, place=error.place, sha256=sha256
        )
    if isinstance(error, EOFError | zlib.error):
        return Unreadable(origin=origin, reason=f"damaged gzip data: {error}", sha256=sha256)
    reason = getattr(error, "strerror", None) or type(error).__name__
    return Unreadable(origin=origin, reason=f"cannot be read: {reason}", sha256=sha256)


def find_files(config: SourceConfig, suffixes: Sequence[str]) -> Iterator[SourceFile | Unreadable]:
    """Yield the files of a location: a path, a folder, a glob, or any fsspec URL."""
    if origins.is_url(config.location):
        for found in remote.find(config.location, config.root, suffixes):
            file = SourceFile(
                found.origin, found.path, size=found.size, stamp=found.stamp, fs=found.fs
            )
            file.done = found.done
            yield file
        return
    yield from _local_files(origins.local_path(config.location, config.root), config.root, suffixes)


def _local_files(
    path: str, root: Path, suffixes: Sequence[str]
) -> Iterator[SourceFile | Unreadable]:
    now = time.time()
    folder, prefix = "", ""
    for found in locations.find(path, suffixes):
        parent, _, name = found.path.rpartition(os.sep)
        if parent != folder:  # computed once for each folder: relpath is slow
            folder, prefix = parent, origins.relative(parent or os.sep, root)
        origin = origins.quote(name) if prefix == "." else f"{prefix}/{origins.quote(name)}"
        if found.stat is None:
            yield Unreadable(origin=origin, reason=found.problem)
        else:
            file = SourceFile(
                origin, found.path, size=found.stat.st_size, stamp=_stamp(found.stat, now)
            )
            file.done = found.done
            yield file


def _stamp(stat: os.stat_result, now: float) -> str | None:
    """Return size and time; None for a file so new that it could change within the same tick."""
    if now - stat.st_mtime < SETTLED:
        return None
    return f"{stat.st_size}:{stat.st_mtime_ns}"
