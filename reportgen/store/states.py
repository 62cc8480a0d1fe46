"""What a store holds of each stored result, kept in a cache between pulls.

It lies in a file (SQLite), so that memory does not grow with the number of results, and a pull in
which nothing is new loads none of it. The Parquet files of the store say the same: a cache that is
missing, damaged or of another store costs time only.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
import weakref
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from reportgen.places import replacing
from reportgen.store import layout

FILE = "states.sqlite"
BATCH = 1000
"""States that are written at once."""
_TABLES = """
create table about (key text);
create table states (
    source text, origin text, sha256 text, run text, key text, primary key (source, origin)
) without rowid;
"""
_PAGES = "pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -8000; begin"


class StoredJob(NamedTuple):
    """The newest state of one job."""

    sha256: str
    """`layout.WITHDRAWN` where it counts no longer: it may come back, under a new key."""
    run: str
    """Id of its run."""
    key: str
    """In the column ``job`` of the tables."""

    @property
    def counts(self) -> bool:
        """Whether it was not withdrawn."""
        return self.sha256 != layout.WITHDRAWN


class States:
    """(source, origin) → the newest state.

    What is kept in ``file`` is read there until something is written: that goes into a copy, which
    counts for others from `save` on.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._shared = file is not None
        self._waiting: dict[tuple[str, str], StoredJob] = {}
        self._use(_read_only(file) if file else _new())

    def get(self, source: str, origin: str) -> StoredJob | None:
        """Return the state of one job, also of one that was withdrawn; None if there never was."""
        if waiting := self._waiting.get((source, origin)):
            return waiting
        found = self._cursor.execute(
            "select sha256, run, key from states where source = ? and origin = ?", (source, origin)
        ).fetchone()
        return None if found is None else StoredJob(*found)

    def put(self, source: str, origin: str, job: StoredJob) -> None:
        """Note the state of one job."""
        self._waiting[source, origin] = job
        if len(self._waiting) >= BATCH:
            self._write()

    def _write(self) -> None:
        """Write what was put."""
        if self._waiting:
            rows = [(*place, *job) for place, job in self._waiting.items()]
            self._own().executemany("insert or replace into states values (?, ?, ?, ?, ?)", rows)
            self._waiting = {}

    def of_source(self, source: str) -> Iterator[tuple[str, StoredJob]]:
        """Yield origin and state of each job that counts; nothing may be written meanwhile."""
        self._write()
        rows = self._connection.execute(
            "select origin, sha256, run, key from states where source = ? and sha256 <> ''",
            (source,),
        )
        for origin, *job in rows:
            yield origin, StoredJob(*job)

    def of_file(self, source: str, file: str) -> list[StoredJob]:
        """Return the states of the jobs in one file, which are told apart by what follows ``#``."""
        self._write()
        rows = self._cursor.execute(
            "select sha256, run, key from states where source = ?1 and sha256 <> ''"
            " and (origin = ?2 or origin between ?2 || '#' and ?2 || '$')",
            (source, file),
        )
        return [StoredJob(*job) for job in rows]

    def sources(self) -> frozenset[str]:
        """Return the sources that have jobs."""
        self._write()
        rows = self._cursor.execute("select distinct source from states where sha256 <> ''")
        return frozenset(row[0] for row in rows)

    def known(self, source: str) -> KnownJobs:
        """Return origin and sha256 of each job of a source, as they are whenever it is asked."""
        return KnownJobs(self, source)

    def count(self, source: str) -> int:
        """Return the number of jobs of a source."""
        self._write()
        query = "select count(*) from states where source = ? and sha256 <> ''"
        return int(self._cursor.execute(query, (source,)).fetchone()[0])

    def save(self, cache: Path, key: str) -> None:
        """Keep everything under a key, in one step."""
        self._write()
        cache.mkdir(parents=True, exist_ok=True)
        connection = self._own()
        connection.execute("delete from about")
        connection.execute("insert into about values (?)", (key,))
        connection.execute("commit")
        try:
            with replacing(cache / FILE) as file, closing(sqlite3.connect(file)) as target:
                self._connection.backup(target)
        except sqlite3.OperationalError as error:
            full = error.sqlite_errorcode == sqlite3.SQLITE_FULL
            code = errno.ENOSPC if full else errno.EIO
            raise OSError(code, os.strerror(code), str(cache / FILE)) from error
        connection.execute("begin")

    def _own(self) -> sqlite3.Cursor:
        """Return what may be written to."""
        if self._shared:
            copy = _new(empty=False)
            copy.execute("commit")
            self._connection.backup(copy)
            copy.execute("begin")
            self._use(copy)
            self._shared = False
        return self._cursor

    def _use(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self._close = weakref.finalize(self, connection.close)


class KnownJobs(AbstractSet[tuple[str, str]]):
    """Origin and sha256 of each job of one source, looked up where they lie."""

    def __init__(self, states: States, source: str) -> None:
        self._states = states
        self._source = source

    def __contains__(self, place: object) -> bool:
        """Whether the store holds this job with this hash."""
        if not isinstance(place, tuple):
            return False
        origin, sha256 = place
        job = self._states.get(self._source, origin)
        return job is not None and job.sha256 == sha256 and job.counts

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield all, by origin."""
        for origin, job in self._states.of_source(self._source):
            yield origin, job.sha256

    def __len__(self) -> int:
        """Return how many there are."""
        return self._states.count(self._source)


def key_of(revisions: Iterable[Path]) -> str:
    """Return what changes when the jobs of these revisions do: a store may be made anew."""
    digest = hashlib.blake2b(digest_size=16)
    for folder in revisions:
        stat = (folder / "run.json").stat()
        digest.update(f"{folder} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def load(cache: Path, key: str) -> States | None:
    """Return what was kept under a key, None if that is something else, or damaged."""
    try:
        if not _complete(cache / FILE):
            return None
        states = States(cache / FILE)
        kept = states._cursor.execute("select key from about").fetchone()  # noqa: SLF001
    except (OSError, sqlite3.Error):
        return None
    return states if kept == (key,) else None


def fold(rows: Iterable[tuple[str, str, str, str, str]]) -> States:
    """Return the states that jobs leave behind, oldest first.

    Parameters
    ----------
    rows
        Source, origin, sha256, run and key of each job.
    """
    states = States()
    for source, origin, *job in rows:
        state, before = StoredJob(*job), states.get(source, origin)
        if state.counts or before is None or before.run == state.run:
            states.put(source, origin, state)
    return states


def _new(*, empty: bool = True) -> sqlite3.Connection:
    """Return a database of its own, which spills to a nameless file."""
    connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    connection.executescript((_TABLES if empty else "") + _PAGES)
    return connection


def _read_only(file: Path) -> sqlite3.Connection:
    """Return a file that nobody changes: a newer one takes its place."""
    address = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)


def _complete(file: Path) -> bool:
    """Whether a file is as long as its header says, so that nothing was cut off."""
    with file.open("rb") as stream:
        head = stream.read(32)
    page = int.from_bytes(head[16:18]) if len(head) == 32 else 0  # 1 stands for 65536
    pages = int.from_bytes(head[28:32])
    return pages > 0 and file.stat().st_size == pages * (65536 if page == 1 else page)
