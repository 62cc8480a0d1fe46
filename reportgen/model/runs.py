"""Runs, the order of releases, and slugs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b

_WEEKLY = re.compile(r"w[._](\d{4})[._](\d{1,2})")
_DAILY = re.compile(r"d[._](\d{4})[._](\d{1,2})[._](\d{1,2})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_VERSION = re.compile(r"v?(\d+(?:[._]\d+)*)(?:[._-]?(rc|a|b)[._-]?(\d+))?", re.IGNORECASE)
_FULL_RELEASE = re.compile(r"v?\d+(?:[._]\d+)*", re.IGNORECASE)
_TICKET = re.compile(r"([A-Za-z]+)-(\d+)")
_PROCESSING = re.compile(
    r"(?:.*/)?(?P<tag>[wd][._]\d{4}(?:[._]\d{1,2}){1,2}?)"
    r"(?:/.*|[._ -]+[A-Za-z]+-\d+(?![A-Za-z0-9]).*)"
)
"""A weekly or daily with the ticket of its processing, or as a part of a collection's name."""
LONGEST_SLUG = 96
"""Characters: two of them, three dots and an ending are the name of a file, of at most 200."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunKey:
    """What makes two jobs belong to the same run."""

    dataset: str
    release: str
    collection: str | None = None

    @property
    def id(self) -> str:
        """Address of the run: ``<dataset slug>/<release slug>``."""
        return _address(self.dataset, self.release)


@lru_cache(maxsize=8192)
def _address(dataset: str, release: str) -> str:
    """Return what is asked for once per run and metric."""
    return f"{slug(dataset)}/{slug(release)}"


@lru_cache(maxsize=8192)
def slug(text: str) -> str:
    """Return ``text`` in ``[a-z0-9._-]``, never empty, no dot at either end, never long.

    Distinct texts can share a slug; whoever needs them unique has to compare.
    """
    cleaned = re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-").strip(".")
    if len(cleaned) > LONGEST_SLUG:
        digest = blake2b(cleaned.encode(), digest_size=4).hexdigest()
        cleaned = f"{cleaned[: LONGEST_SLUG - len(digest) - 1]}-{digest}"
    return cleaned or "unnamed"


@lru_cache(maxsize=8192)
def release_date(release: str) -> date | None:
    """Return the day a release tag stands for: the Thursday of a weekly, the day of a daily.

    A ticket behind the tag, as in ``w_2026_40/DM-99999``, does not change the day.
    """
    if found := _PROCESSING.fullmatch(release):
        release = found["tag"]
    try:
        if found := _WEEKLY.fullmatch(release):
            year, week = (int(part) for part in found.groups())
            return date.fromisocalendar(year, week, 4)
        if found := _DAILY.fullmatch(release) or _ISO.fullmatch(release):
            year, month, day = (int(part) for part in found.groups())
            return date(year, month, day)
    except ValueError:
        return None
    return None


@lru_cache(maxsize=8192)
def release_order(release: str) -> tuple[int, tuple[tuple[int, int | str], ...]]:
    """Return a sort key: versions, then weeklies and dailies by day, other tags, tickets."""
    day = release_date(release)
    if day is not None:
        return (1, ((0, (day - date(1970, 1, 1)) // timedelta(days=1)), (1, release)))
    if found := _VERSION.fullmatch(release):
        parts = [int(part) for part in re.split(r"[._]", found[1])]
        while len(parts) > 1 and parts[-1] == 0:
            parts.pop()
        stage = {"a": 0, "b": 1, "rc": 2}.get((found[2] or "").lower(), 3)
        parts_key = tuple((0, part) for part in parts)
        # A release candidate sorts before its release: the stage follows the numbers,
        # padded so that 25.0.0 and 25 are one place.
        padding = tuple((0, 0) for _ in range(6 - len(parts)))
        return (0, (*parts_key, *padding, (0, stage), (0, int(found[3] or 0))))
    if found := _TICKET.fullmatch(release):
        return (3, ((1, found[1].upper()), (0, int(found[2]))))
    return (2, _natural(release))


def is_release(name: str) -> bool:
    """Tell whether this is a version, a weekly or a daily: no ticket, no other tag."""
    return release_order(name)[0] in (0, 1) and _PROCESSING.fullmatch(name) is None


def is_full_release(name: str) -> bool:
    """Tell whether this is a version that was released (``v25``, ``26.0.1``): no candidate."""
    return _FULL_RELEASE.fullmatch(name) is not None


def _natural(text: str) -> tuple[tuple[int, int | str], ...]:
    parts = re.split(r"(\d+)", text)
    return tuple((0, int(part)) if part.isdigit() else (1, part) for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One addition to a run: the jobs that a pull found new or changed."""

    number: int
    jobs: int
    replaced: int
    """Of these jobs, how many stand in place of an older state of the same origin."""
    measurements: int
    tests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A processing run: all jobs of one dataset processed with one release."""

    key: RunKey
    tickets: tuple[str, ...] = ()
    date: str | None = None
    """ISO 8601: of the newest job, else the day the release stands for."""
    sources: tuple[str, ...] = ()
    revisions: tuple[Revision, ...] = ()

    @property
    def id(self) -> str:
        """``<dataset slug>/<release slug>``: the address of the run."""
        return self.key.id

    @property
    def dataset(self) -> str:
        """Name of the dataset as it was given."""
        return self.key.dataset

    @property
    def release(self) -> str:
        """Name of the release as it was given."""
        return self.key.release

    @property
    def day(self) -> str | None:
        """Day of the run, ISO 8601, or None where nothing tells it."""
        if self.date:
            return self.date[:10]
        day = release_date(self.release)
        return day.isoformat() if day else None
