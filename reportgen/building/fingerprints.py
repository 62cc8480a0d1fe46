"""What files looked like when they were read, kept between pulls in a file for each source."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

from reportgen.sources import Fingerprint

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

    @classmethod
    def of_source(cls, cache: Path, source: str) -> Fingerprints:
        """Return those of one source."""
        return cls(cache / "fingerprints" / f"{source.encode().hex()[:200]}.sqlite")

    def __getitem__(self, origin: str) -> Fingerprint:
        """Return what a file looked like."""
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
        row = (origin, seen.stamp, seen.sha256, jobs)
        self._cursor.execute("insert or replace into files values (?, ?, ?, ?)", row)

    def __delitem__(self, origin: str) -> None:
        """Forget a file."""
        if not self._cursor.execute("delete from files where origin = ?", (origin,)).rowcount:
            raise KeyError(origin)

    def __iter__(self) -> Iterator[str]:
        """Yield the origins."""
        return (row[0] for row in self._connection.execute("select origin from files"))

    def __len__(self) -> int:
        """Return the number of files."""
        return int(self._cursor.execute("select count(*) from files").fetchone()[0])

    def __enter__(self) -> Fingerprints:
        """Begin; what is not kept at the end is forgotten."""
        return self

    def __exit__(self, *error: Any) -> None:
        """Close the file."""
        self._connection.close()

    def keep(self) -> None:
        """Let what was set count."""
        self._connection.execute("commit")
        self._connection.execute("begin")


def _open(file: Path) -> sqlite3.Connection:
    """Open a file; one that is damaged is begun anew: that costs time, nothing else."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _begin(file)
    except sqlite3.DatabaseError:
        file.unlink(missing_ok=True)
        return _begin(file)


def _begin(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        (state,) = connection.execute("pragma quick_check(1)").fetchone()
        if state != "ok":
            raise sqlite3.DatabaseError(state)
        connection.execute(_TABLE)
        connection.execute("pragma cache_size = -8000")
        connection.execute("begin")
    except BaseException:
        connection.close()
        raise
    return connection
