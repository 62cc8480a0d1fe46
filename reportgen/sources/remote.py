"""Files behind fsspec URLs: s3://, gs://, https://, memory://, zip://…::… and so on."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar, cast

from reportgen.deferred import Deferred
from reportgen.errors import MissingDependencyError, ReportgenError, SourceError, UnreadableError
from reportgen.sources import origins
from reportgen.sources.locations import IGNORED
from reportgen.sources.retry import Patience, judge_network, network_error

if TYPE_CHECKING:
    import fsspec
else:
    fsspec = Deferred("fsspec")

PATIENCE = Patience()
_T = TypeVar("_T")
_WEB = ("http://", "https://")
_REMEDIES = {
    401: "give its credentials in the environment",
    403: "ask its owner for the right to read it",
    404: "is its address right?",
}
_DOWN = "is the server up, and `location` right?"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """A file that fsspec found."""

    origin: str
    path: str
    size: int
    stamp: str | None
    fs: Any
    done: float
    """Share of all files that were found up to it."""


def find(location: str, root: Path, suffixes: Sequence[str]) -> Iterator[RemoteFile]:
    """Yield the files of a URL, which may be a glob or a folder, in order of path.

    Raises
    ------
    ReportgenError
        If the protocol needs a package that is not installed, or is not known, or the server
        cannot be reached.
    """
    shown = origins.scrub(location, root)
    try:
        fs, path = _ask(lambda: _open(location, root, shown))
        found = _ask(lambda: _list(fs, path, suffixes))
    except FileNotFoundError:
        return
    except ReportgenError:
        raise
    except Exception as error:
        reason, remedy = _trouble(error)
        raise SourceError(shown, f"cannot be listed: {reason}; {remedy}") from error
    for number, name in enumerate(sorted(found), start=1):
        info = found[name]
        if info.get("type") != "directory":
            yield RemoteFile(
                origin=_origin(shown, fs, name),
                path=name,
                size=int(info.get("size") or 0),
                stamp=_stamp(info),
                fs=fs,
                done=number / len(found),
            )


def open_file(fs: Any, path: str) -> BinaryIO:
    """Return a stream of a remote file, once its server gives one."""
    return cast("BinaryIO", _ask(lambda: fs.open(path, "rb")))


def fetch(fs: Any, path: str) -> bytes:
    """Return the bytes of a remote file, once its server gives them."""

    def read() -> bytes:
        with fs.open(path, "rb") as stream:
            return cast("bytes", stream.read())

    return _ask(read)


def unreadable(error: Exception, origin: str) -> ReportgenError:
    """Return what is said of a file that was not given; of a server that is down, for the source.

    The text of the error is never shown: it may hold credentials.
    """
    reason, remedy = _trouble(error)
    if judge_network(error) is not None:  # and so it was asked again
        return SourceError(origin, f"cannot be read: {reason}; {remedy}")
    return UnreadableError(origin, f"cannot be read: {reason}; {remedy}")


def _ask(action: Callable[[], _T]) -> _T:
    """Ask a server again while its trouble may pass."""

    def attempt() -> _T:
        try:
            return action()
        except FileNotFoundError as error:  # fsspec says so of all that HTTP can answer
            cause = error.__cause__
            if isinstance(cause, Exception) and getattr(cause, "status", None) not in {404, 410}:
                raise cause from None
            raise

    return PATIENCE.attempt(attempt, judge_network)


def _trouble(error: Exception) -> tuple[str, str]:
    """Return the reason and the remedy."""
    status = getattr(error, "status", None)
    if isinstance(status, int):
        return f"the server answers {status}", _REMEDIES.get(status, _DOWN)
    if isinstance(error, FileNotFoundError):
        return "the server does not have it", _REMEDIES[404]
    if isinstance(error, zipfile.BadZipFile):
        return "no zip archive, or a damaged one", "copy it there again"
    kind = type(network_error(error)).__name__
    return kind, "is the server up, and are the credentials right?"


def _open(location: str, root: Path, shown: str) -> tuple[Any, str]:
    try:
        archive = location.rpartition("::")[2]
        if archive != location and archive.startswith(_WEB):
            web, place = fsspec.core.url_to_fs(archive)
            web.info(place)  # says why it is not given; what fetches it does not
        fs, path = fsspec.core.url_to_fs(_absolute(location, root))
    except ImportError as error:
        if location.rpartition("::")[2].startswith(_WEB):
            raise MissingDependencyError(f"Reading {shown}", "remote") from error
        raise ReportgenError(f"Reading {shown} needs another package: {error}.") from error
    except ValueError as error:
        protocol = location.partition("://")[0]
        if protocol in fsspec.available_protocols():
            raise
        raise ReportgenError(
            f"{shown}: {protocol!r} is not a protocol that fsspec knows; write a path or a URL."
        ) from error
    return fs, path


def _absolute(location: str, root: Path) -> str:
    """Return the URL with a local archive at its end made absolute.

    An archive on the web is fetched as a whole: many servers give no parts of a file.
    """
    *front, last = location.split("::")
    if front and last.startswith(_WEB) and not front[-1].endswith("cache"):
        front.append("simplecache")
    elif front and not origins.is_url(last):
        last = origins.local_path(last, root)
    return "::".join([*front, last])


def _list(fs: Any, path: str, suffixes: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    if any(sign in path for sign in "*?["):
        found: Mapping[str, Mapping[str, Any]] = fs.glob(path, detail=True)
        return found
    info = fs.info(path)
    if info.get("type") != "directory" and not path.endswith("/"):
        return {path: info}
    endings = (*suffixes, *(f"{suffix}.gz" for suffix in suffixes))
    below: Mapping[str, Mapping[str, Any]] = fs.find(path, detail=True)
    return {name: one for name, one in below.items() if _wanted(name, endings)}


def _wanted(path: str, endings: tuple[str, ...]) -> bool:
    name = path.rpartition("/")[2]
    return name.lower().endswith(endings) and not name.startswith(".") and name not in IGNORED


def _origin(shown: str, fs: Any, path: str) -> str:
    """Return the URL of one file; of a chain, the part behind ``::`` stays as it was given."""
    first, *rest = shown.split("::")
    protocol = first.partition("://")[0]
    if protocol in {"http", "https"}:
        return origins.scrub(fs.unstrip_protocol(path), Path())
    return "::".join([f"{protocol}://{origins.quote(path.lstrip('/'))}", *rest])


def _stamp(info: Mapping[str, Any]) -> str | None:
    """Return what changes with the content, if the file system knows such a thing."""
    for key in ("ETag", "etag", "md5Hash", "mtime", "LastModified", "last_modified", "created"):
        if info.get(key):
            return f"{info.get('size')}:{info[key]}"
    return None
