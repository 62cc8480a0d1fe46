"""Names of places as the site may show them: relative, and without credentials."""

from __future__ import annotations

import os
import re
from pathlib import Path

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.DOTALL)
_USER = re.compile(r"[^/]*@|[^/:@]+:(?!\d+/)[^@]*@")
"""User and password; a password with a slash in it is found by its colon, which is no port."""


def is_url(location: str) -> bool:
    """Whether a location is an fsspec URL that is not a local file."""
    return "::" in location or (_URL.match(location) is not None and not _local_url(location))


def local_path(location: str, root: Path) -> str:
    """Return the absolute path of a local location, given as path or ``file://`` URL."""
    path = _URL.sub(r"\2", location) if _local_url(location) else location
    return os.path.normpath(os.path.join(os.path.abspath(root), path))  # noqa: PTH100, PTH118


def _local_url(location: str) -> bool:
    return location.startswith(("file://", "local://"))


def relative(path: str, root: Path) -> str:
    """Return a local path relative to the configuration, with ``..`` where it lies outside."""
    return quote(os.path.relpath(path, os.path.abspath(root)).replace(os.sep, "/"))  # noqa: PTH100


def quote(origin: str) -> str:
    """Return an origin as text that can be stored; ``#`` is left to name a job in a file."""
    if not origin.isascii():
        origin = os.fsencode(origin).decode("utf-8", "replace")
    return origin.replace("#", "%23")


def scrub(location: str, root: Path) -> str:
    """Return a location without user, password, query and absolute local path."""
    return "::".join(_scrub_part(part, root) for part in location.split("::"))


def _scrub_part(part: str, root: Path) -> str:
    found = _URL.fullmatch(part)
    if found is None or _local_url(part):
        path = _URL.sub(r"\2", part)
        return relative(path, root) if os.path.isabs(path) else quote(path)  # noqa: PTH117
    scheme, rest = found[1], found[2]
    if scheme in {"http", "https"}:  # elsewhere a question mark is part of a glob
        rest = re.split(r"[?#]", rest, maxsplit=1)[0]
    return f"{scheme}://{quote(_without_user(rest))}"


def _without_user(rest: str) -> str:
    found = _USER.match(rest)
    return rest[found.end() :] if found else rest
