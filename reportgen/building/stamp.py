"""Whether anything that a site is made from has changed since it was built."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from importlib.metadata import version
from pathlib import Path

import reportgen
from reportgen.building.exclusive import sweep
from reportgen.building.folders import Folders, folders
from reportgen.building.pulls import load_statuses
from reportgen.building.unreadable import still_unreadable
from reportgen.config import Config
from reportgen.site.placing import bring_back
from reportgen.site.resources import find_settings, templates_dir
from reportgen.site.settings import depends_on_files_only, frame_files
from reportgen.store import Store

STAMP = "stamp"
"""File in the cache folder that holds the stamp of the last build."""
_BUILDERS = ("jinja2", "markdown", "mkdocs", "mkdocs-material", "pymdown-extensions")


def stamp_of(
    config: Config, store: Store, where: Folders, *, edition: str, today: date, strict: bool
) -> str:
    """Return a hash over everything that decides about the bytes of the site.

    It is empty where the settings of MkDocs let in what is not known, as hooks do: each build is
    a build then.
    """
    settings = find_settings(config.root, where.docs.parent, config.site.name)
    if not depends_on_files_only(settings):
        return ""
    statuses = load_statuses(folders(config).cache)
    words = [
        *(reportgen.__version__, *map(version, _BUILDERS)),
        *(edition, today.isoformat(), str(strict), config.site.url),
        os.environ.get("SOURCE_DATE_EPOCH", ""),
        *(f"{name} {status}" for name, status in sorted(statuses.items())),
        *store.fingerprint(),
        *(one["origin"] for one in still_unreadable(store, config)),
    ]
    people = [path for path in watched(config) if where.work not in path.parents]
    files = (*_code(), *_below([templates_dir(), settings, *people]))
    return _digest("\0".join(words), files)


def rules_of(config: Config) -> str:
    """Return a hash over what decides about verdicts: definitions and code."""
    where = config.definitions
    names = [*where.packages, where.overrides, *where.watch]
    found = _below(config.path(name) for name in names if name)
    return _digest(reportgen.__version__, (*_code(), *found))


def is_current(where: Folders, stamp: str) -> bool:
    """Tell whether the site was built with this stamp, and is as it was left then."""
    file = where.cache / STAMP
    return (
        stamp != ""
        and file.is_file()
        and file.read_text(encoding="utf-8") == f"{stamp} {_state(where.site)}"
    )


@contextmanager
def building(where: Folders, stamp: str) -> Iterator[None]:
    """Note the stamp once a site is in place: a build that does not come to its end has none."""
    if is_unfinished(where.cache):
        sweep(where.work)
        bring_back(where.site)
    (where.cache / STAMP).unlink(missing_ok=True)
    yield
    where.cache.mkdir(parents=True, exist_ok=True)
    (where.cache / STAMP).write_text(f"{stamp} {_state(where.site)}", encoding="utf-8")


def is_unfinished(cache: Path) -> bool:
    """Tell whether the last build here did not come to its end, or was refused."""
    return cache.is_dir() and not (cache / STAMP).is_file()


def watched(config: Config) -> list[Path]:
    """Return the files and folders that people change and a site is made from."""
    where = config.definitions
    names = [*where.packages, where.overrides, *where.watch, where.triage, config.site.notes]
    frame = frame_files(config.root / "mkdocs.yml")
    return [config.file, *frame, *(config.path(name) for name in names if name)]


def _digest(words: str, files: Iterable[Path]) -> str:
    digest = hashlib.blake2b(words.encode(errors="surrogateescape"), digest_size=16)
    for path in files:
        digest.update(b"\0" + bytes(path) + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _state(folder: Path) -> str:
    """Return a hash over names, sizes and times of change of all files in a folder."""
    digest = hashlib.blake2b(digest_size=16)
    pending = [str(folder)] if folder.is_dir() else []
    while pending:
        with os.scandir(pending.pop()) as found:
            for entry in sorted(found, key=lambda one: one.name):
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                else:
                    state = entry.stat(follow_symlinks=False)
                    line = f"{entry.path} {state.st_size} {state.st_mtime_ns}\n"
                    digest.update(os.fsencode(line))
    return digest.hexdigest()


def _code() -> list[Path]:
    package = Path(reportgen.__file__).parent
    return sorted(p for p in package.rglob("*") if p.suffix in (".py", ".json"))


def _below(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file())
