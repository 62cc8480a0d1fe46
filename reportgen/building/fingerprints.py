"""What files looked like when they were read, kept between pulls in a file for each source."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import closing
from pathlib import Path
from typing import Any, Self

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
    A file that fails, whenever and why ever, is left with a notice: the pull goes on without it.
    """

    def __init__(self, file: Path, say: Callable[[str], None] = lambda _: None) -> None:
        self._file = file
        self._say = say
        self._waiting: list[tuple[str, str, str, str | None]] = []
        try:
            self._connection = _open(file, say)
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)

    @classmethod
    def of_source(
        cls, cache: Path, source: str, say: Callable[[str], None] = lambda _: None
    ) -> Fingerprints:
        """Return those of one source."""
        return cls(cache / "fingerprints" / f"{source.encode().hex()[:200]}.sqlite", say)

    def _give_up(self, error: Exception) -> None:
        """Go on with a nameless file."""
        why = getattr(error, "strerror", None) or error
        self._say(f"{self._file}: {why}. The next pull opens every file again.")
        self._waiting = []
        self._connection = _new("")

    def _do(self, query: str, *values: Any) -> list[Any]:
        """Return what a query finds, once what waits was written."""
        try:
            self._write()
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            self._connection.close()
            self._give_up(error)
            return self._connection.execute(query, values).fetchall()

    def __getitem__(self, origin: str) -> Fingerprint:
        """Return what a file looked like."""
        found = self._do("select stamp, sha256, jobs from files where origin = ?", origin)
        if not found:
            raise KeyError(origin)
        stamp, sha256, jobs = found[0]
        try:
            own = (origin,) if jobs is None else tuple(json.loads(jobs))
        except (ValueError, TypeError) as error:  # somebody else wrote it
            raise KeyError(origin) from error
        return Fingerprint(stamp=stamp, sha256=sha256, jobs=own)

    def __setitem__(self, origin: str, seen: Fingerprint) -> None:
        """Note what a file looks like."""
        jobs = None if seen.jobs == (origin,) else json.dumps(seen.jobs)
        self._waiting.append((origin, seen.stamp, seen.sha256, jobs))
        if len(self._waiting) >= BATCH:
            self._do("select 1")

    def _write(self) -> None:
        if self._waiting:
            self._connection.executemany(
                "insert or replace into files values (?, ?, ?, ?)", self._waiting
            )
            self._waiting = []

    def __delitem__(self, origin: str) -> None:
        """Forget a file."""
        if not self._do("delete from files where origin = ? returning origin", origin):
            raise KeyError(origin)

    def __iter__(self) -> Iterator[str]:
        """Yield the origins."""
        return (row[0] for row in self._do("select origin from files"))

    def __len__(self) -> int:
        """Return the number of files."""
        return int(self._do("select count(*) from files")[0][0])

    def __enter__(self) -> Self:
        """Begin; what is not kept at the end is forgotten."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close the file."""
        self._connection.close()

    def keep(self) -> None:
        """Let what was set count."""
        self._do("commit")
        self._do("begin")


def _open(file: Path, say: Callable[[str], None]) -> sqlite3.Connection:
    """Open a file; one that is damaged is begun anew: that costs time, nothing else."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists() and (problem := _problem(file)):
        for path in (file, file.with_name(f"{file.name}-journal")):
            path.unlink(missing_ok=True)
        say(f"{file}: {problem}. It is begun anew: this pull opens every file again.")
    return _new(file)


def _new(file: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute(_TABLE)
    connection.execute("pragma cache_size = -8000")
    connection.execute("begin immediate")
    return connection


def _problem(file: Path) -> str:
    """Return why a file cannot be used; empty if it can."""
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute("select origin, stamp, sha256, jobs from files limit 1")
            if connection.execute("pragma quick_check(1)").fetchone() != ("ok",):
                return "damaged"
            connection.execute("begin immediate")  # neither read-only nor locked
    except sqlite3.Error as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise  # somebody is at work in it
        return str(error)
    return ""
