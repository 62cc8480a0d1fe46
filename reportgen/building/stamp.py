"""Whether anything that a site is made from has changed since it was built."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

import reportgen
from reportgen.building.unreadable import still_unreadable
from reportgen.config import Config
from reportgen.model.pulls import PullStatus
from reportgen.store import Store

STAMP = "stamp"
"""File in the cache folder that holds the stamp of the last build."""


def stamp_of(
    config: Config,
    store: Store,
    templates: Path,
    *,
    edition: str,
    today: date,
    strict: bool,
    statuses: Mapping[str, PullStatus] = MappingProxyType({}),
) -> str:
    """Return a hash over everything that decides about the bytes of the site."""
    digest = hashlib.blake2b(digest_size=16)
    asked = [edition, today.isoformat(), str(strict), config.site.url]
    pulls = [f"{name} {status}" for name, status in sorted(statuses.items())]
    broken = [one["origin"] for one in still_unreadable(store, config)]
    words = [reportgen.__version__, *asked, *pulls, *store.fingerprint(), *broken]
    for word in words:
        digest.update(word.encode() + b"\0")
    for path in _files(config, templates):
        digest.update(str(path).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def rules_of(config: Config) -> str:
    """Return a hash over what decides about verdicts: definitions and code."""
    digest = hashlib.blake2b(reportgen.__version__.encode(), digest_size=16)
    where = config.definitions
    names = [*where.packages, where.overrides, *where.watch]
    found = _below(config.path(name) for name in names if name)
    for path in (*_code(), *found):
        digest.update(str(path).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_current(cache: Path, site: Path, stamp: str) -> bool:
    """Tell whether the site was built with this stamp."""
    file = cache / STAMP
    return (
        (site / "index.html").is_file()
        and file.is_file()
        and file.read_text(encoding="utf-8") == stamp
    )


def remember(cache: Path, stamp: str) -> None:
    """Note the stamp of a site that was built to its end."""
    cache.mkdir(parents=True, exist_ok=True)
    (cache / STAMP).write_text(stamp, encoding="utf-8")


def is_unfinished(cache: Path) -> bool:
    """Tell whether the last build here did not come to its end."""
    return cache.is_dir() and not (cache / STAMP).is_file()


def forget(cache: Path) -> None:
    """Take the stamp away: a build that begins has none until it ends."""
    (cache / STAMP).unlink(missing_ok=True)


def watched(config: Config) -> list[Path]:
    """Return the files and folders that people change and a site is made from."""
    where = config.definitions
    names = [*where.packages, where.overrides, *where.watch, where.triage, config.site.notes]
    return [config.file, config.root / "mkdocs.yml", *(config.path(n) for n in names if n)]


def _files(config: Config, templates: Path) -> Iterator[Path]:
    yield from _code()
    yield from _below([templates, *watched(config)])


def _code() -> list[Path]:
    package = Path(reportgen.__file__).parent
    return sorted(p for p in package.rglob("*") if p.suffix in (".py", ".json"))


def _below(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file())
