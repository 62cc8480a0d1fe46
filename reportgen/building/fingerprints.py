"""What files looked like when they were read, kept between pulls in a file for each source."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, MutableMapping
from contextlib import closing
from pathlib import Path
from typing import Self

from reportgen.sources import Fingerprint

BATCH = 1000
"""Files that are written at once."""
_TABLE = """
create table if not exists files (
    origin text primary key, stamp text not null, sha256 text not null, jobs text
) without rowid
"""
"""``jobs`` is null where the file is its only job."""


class Fingerprints(MutableMapping[str, Fingerprint]):
    """Origin → `Fingerprint`, on disk, so that memory does not grow with the number of files.

    What is set counts for the next pull once `keep` was called: after the jobs are in the store.
    """

    def __init__(self, file: Path) -> None:
        self._connection = _open(file)
        self._cursor = self._connection.cursor()
        self._waiting: list[tuple[str, str, str, str | None]] = []

    @classmethod
    def of_source(cls, cache: Path, source: str) -> Fingerprints:
        """Return those of one source."""
        return cls(cache / "fingerprints" / f"{source.encode().hex()[:200]}.sqlite")

    def __getitem__(self, origin: str) -> Fingerprint:
        """Return what a file looked like."""
        self._write()
        found = self._cursor.execute(
            "select stamp, sha256, jobs from files where origin = ?", (origin,)
        ).fetchone()
        if found is None:
            raise KeyError(origin)
        stamp, sha256, jobs = found
        own = (origin,) if jobs is None else tuple(json.loads(jobs))
        return Fingerprint(stamp=stamp, sha256=sha256, jobs=own)

    def __setitem__(self, origin: str, seen: Fingerprint) -> None:
        """Note what a file looks like."""
        jobs = None if seen.jobs == (origin,) else json.dumps(seen.jobs)
        self._waiting.append((origin, seen.stamp, seen.sha256, jobs))
        if len(self._waiting) >= BATCH:
            self._write()

    def _write(self) -> None:
        if self._waiting:
            self._cursor.executemany(
                "insert or replace into files values (?, ?, ?, ?)", self._waiting
            )
            self._waiting = []

    def __delitem__(self, origin: str) -> None:
        """Forget a file."""
        self._write()
        if not self._cursor.execute("delete from files where origin = ?", (origin,)).rowcount:
            raise KeyError(origin)

    def __iter__(self) -> Iterator[str]:
        """Yield the origins."""
        self._write()
        return (row[0] for row in self._connection.execute("select origin from files"))

    def __len__(self) -> int:
        """Return the number of files."""
        self._write()
        return int(self._cursor.execute("select count(*) from files").fetchone()[0])

    def __enter__(self) -> Self:
        """Begin; what is not kept at the end is forgotten."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close the file."""
        self._connection.close()

    def keep(self) -> None:
        """Let what was set count."""
        self._write()
        self._connection.execute("commit")
        self._connection.execute("begin")


def _open(file: Path) -> sqlite3.Connection:
    """Open a file; one that is damaged is begun anew: that costs time, nothing else."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not _is_sound(file):
        file.unlink(missing_ok=True)
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute(_TABLE)
    connection.execute("pragma cache_size = -8000")
    connection.execute("begin")
    return connection


def _is_sound(file: Path) -> bool:
    try:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("select jobs from files limit 1")
            return bool(connection.execute("pragma quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False
