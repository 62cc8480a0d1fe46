"""Files behind fsspec URLs: s3://, gs://, https://, memory://, zip://…::… and so on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.deferred import Deferred
from reportgen.errors import MissingDependencyError, ReportgenError, SourceError
from reportgen.sources import origins
from reportgen.sources.locations import IGNORED
from reportgen.sources.retry import Patience, judge_network

if TYPE_CHECKING:
    import fsspec
else:
    fsspec = Deferred("fsspec")

PATIENCE = Patience()


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
        fs, path = PATIENCE.attempt(lambda: _open(location, root, shown), judge_network)
        found = PATIENCE.attempt(lambda: _list(fs, path, suffixes), judge_network)
    except FileNotFoundError:
        return
    except ReportgenError:
        raise
    except Exception as error:
        # The message may hold credentials, so only its kind is shown.
        problem = f"cannot be listed: {type(error).__name__}."
        remedy = "Is the server up, and are the credentials right?"
        raise SourceError(shown, problem, remedy) from error
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


def _open(location: str, root: Path, shown: str) -> tuple[Any, str]:
    try:
        fs, path = fsspec.core.url_to_fs(_absolute(location, root))
    except ImportError as error:
        if location.startswith(("http://", "https://")):
            raise MissingDependencyError(f"Reading {shown}", "remote") from error
        raise ReportgenError(f"Reading {shown} needs another package: {error}.") from error
    except ValueError as error:
        protocol = location.partition("://")[0]
        raise ReportgenError(
            f"{shown}: {protocol!r} is not a protocol that fsspec knows; write a path or a URL."
        ) from error
    return fs, path


def _absolute(location: str, root: Path) -> str:
    """Return the URL with a local archive at its end made absolute."""
    *front, last = location.split("::")
    if front and not origins.is_url(last):
        last = origins.local_path(last, root)
    return "::".join([*front, last])


def _list(fs: Any, path: str, suffixes: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    if any(sign in path for sign in "*?["):
        found: Mapping[str, Mapping[str, Any]] = fs.glob(path, detail=True)
        return found
    info = fs.info(path)
    if info.get("type") != "directory":
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
