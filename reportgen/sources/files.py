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
from reportgen.errors import ReportgenError, UnreadableError
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
NO_FILE = "matches no file; is `location` right?"
IS_IT_WHOLE = "is it a whole file of this type?"
NO_RESULT = f"holds no result; {IS_IT_WHOLE}"
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
            raise damaged_gzip(self.origin, error) from error
        if len(content) > MAX_UNPACKED:
            reason = f"unpacks to more than {MAX_UNPACKED >> 20} MB; cut it into several files"
            raise UnreadableError(self.origin, reason)
        return content

    def open(self) -> BinaryIO:
        """Return a stream of the content, unpacked if it is gzip; for files too large to hold."""
        stream = self._open_stored()
        magic = stream.read(2)
        stream.seek(0)
        return cast("BinaryIO", gzip.GzipFile(fileobj=stream)) if magic == GZIP else stream

    def _whole(self) -> bytes:
        if self._stored is None:
            local = self.fs is None
            self._stored = _read_local(self.path) if local else remote.fetch(self.fs, self.path)
        return self._stored

    def _open_stored(self) -> BinaryIO:
        if self._stored is not None:
            return io.BytesIO(self._stored)
        if self.fs is None:
            return open(self.path, "rb")  # noqa: PTH123 - the caller closes it
        return remote.open_file(self.fs, self.path)


def damaged_gzip(origin: str, error: Exception) -> UnreadableError:
    """Return the error of a packed file that is cut off or changed."""
    return UnreadableError(origin, f"damaged gzip data: {error}; copy the file there again")


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
        yield Unreadable(origin=origins.scrub(config.location, config.root), reason=NO_FILE)


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
    except Exception as error:  # noqa: BLE001 - what is none of the file is raised again
        yield _unreadable(error, file, sha256, history)
    else:
        if not jobs and not faults:
            yield Unreadable(origin=file.origin, reason=NO_RESULT, sha256=sha256)
        elif not faults:
            history.remember(file.origin, file.stamp, sha256, jobs)


def _unreadable(error: Exception, file: SourceFile, sha256: str, history: History) -> Unreadable:
    """Return what is said of a file; never the text of an error that may name the full path.

    Raises
    ------
    Exception
        If it is none of the file: the server that has it is down, or there is a fault in the code.
    """
    expected = isinstance(error, (UnreadableError, OSError, *_DAMAGE))
    if isinstance(error, ReportgenError) and not expected:
        raise error
    if not expected and file.fs is None:  # remote file systems have errors of their own
        raise error
    if isinstance(error, EOFError | zlib.error | gzip.BadGzipFile):
        error = damaged_gzip(file.origin, error)
    elif file.fs is not None and not isinstance(error, (UnreadableError, *_DAMAGE)):
        error = remote.unreadable(error, file.origin)
        if not isinstance(error, UnreadableError):
            raise error
    if not isinstance(error, UnreadableError):
        error = UnreadableError(file.origin, _reason(error))
    if not sha256 and (file.fs is None or not history.holds(file.origin)):
        return _unopened(file.origin, error.reason)
    return Unreadable(origin=error.origin, reason=error.reason, place=error.place, sha256=sha256)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        kind = error.strerror or type(error).__name__
        return f"cannot be read: {kind}; is it there, and may you read it?"
    return f"cannot be read: {type(error).__name__}; {IS_IT_WHOLE}"


def _unopened(origin: str, reason: str) -> Unreadable:
    """Return what is said of a file whose content nobody saw: its trouble stands for it."""
    sha256 = hashlib.sha256(f"{origin} {reason}".encode()).hexdigest()
    return Unreadable(origin=origin, reason=reason, sha256=sha256)


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
            yield _unopened(origin, found.problem)
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
