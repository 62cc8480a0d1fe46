"""Adding pulled jobs to a store: atomically, once, and never over what is there."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from reportgen.deferred import Deferred
from reportgen.errors import RunCollisionError
from reportgen.model.bundle import JobBundle, Unreadable
from reportgen.model.runs import Run, RunKey
from reportgen.store import layout
from reportgen.store.journal import Addition, Journal, Mark
from reportgen.store.lock import locked
from reportgen.store.states import States, StoredJob

if TYPE_CHECKING:
    from reportgen.store import rereading, revision
else:
    rereading, revision = map(Deferred, ("reportgen.store.rereading", "reportgen.store.revision"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreState:
    """What a store holds when a writer begins."""

    runs: Mapping[str, Run]
    revisions: Mapping[str, int]
    """Number of the last revision of each run, also of one that has no job any more."""
    pulls: int
    """Number of the last commit that a revision names, also if its entry is lost."""
    jobs: States
    """(source, origin) → the newest state."""
    contents: Callable[[str], dict[str, int]]
    """Returns what each job of a source holds (`store.contents`), by origin."""
    keep: Callable[[States], None]
    """Keeps the states of the store as it is now for whoever asks next."""


class StoreWriter:
    """Collect pulled jobs and commit them as new revisions, as often as the caller likes.

    Use it as a context manager: it locks the store, and without `commit` nothing is added. What is
    added, and the watermarks that are set, count together from the next `commit` on.
    """

    def __init__(self, folder: Path, load: Callable[[], StoreState]) -> None:
        self.folder = folder
        self._load = load
        self._journal = Journal(folder)
        self._temporary = folder / f".pull-{os.getpid()}"
        self._writers: dict[str, revision.RevisionWriter] = {}
        self._unreadable: dict[str, dict[str, str]] = {}
        self._exit = ExitStack()
        self._grown: set[str] = set()
        self._numbers: dict[str, int] = {}
        self._keys: dict[str, RunKey] = {}
        self._pulls = 0
        self._jobs = States()
        self._runs: Mapping[str, Run] = {}
        self._waiting = 0
        """Rows that the runs hold in memory."""
        self._again: dict[str, rereading.Rereading] = {}
        """Sources that are read again."""
        self._marks: dict[str, Mark] = {}
        self._committed: dict[str, Mark] = {}

    def __enter__(self) -> Self:
        with ExitStack() as entering:  # so that the lock goes where this fails
            entering.enter_context(locked(self.folder))
            self._begin()
            self._exit = entering.pop_all()
        return self

    def _begin(self) -> None:
        for left in self.folder.glob(".pull-*"):  # nobody else writes: a killed pull left it
            shutil.rmtree(left, ignore_errors=True)
        self._journal.recover()
        state = self._load()
        self._pulls = state.pulls
        self._numbers = dict(state.revisions)
        self._keys = {name: run.key for name, run in state.runs.items()}
        self._jobs = state.jobs
        self._keep = state.keep
        self._runs = state.runs
        self._load_contents = state.contents
        self._marks = self._journal.marks()
        self._committed = dict(self._marks)
        self._temporary.mkdir()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        shutil.rmtree(self._temporary, ignore_errors=True)
        self._exit.close()

    def begin(self, source: str, reading: str, *, full: bool = False) -> bool:
        """Prepare for the jobs of a source; whether all that it holds is read again.

        That is so if it was read under another configuration, or if ``full``. Jobs that come out
        as they are stored change nothing; others replace what is stored, in whichever run.
        """
        if not full and self.mark(source).reading in ("", reading):
            return False
        stored = self._jobs.known(source)
        self._again[source] = rereading.Rereading(stored, self._load_contents(source))
        for name, run in self._runs.items():
            if run.sources == (source,):  # so its collection or spelling may change
                self._keys.pop(name, None)
        return True

    def known(self, source: str) -> AbstractSet[tuple[str, str]]:
        """Return (origin, sha256) of every job of a source that need not be read again."""
        return frozenset() if source in self._again else self._jobs.known(source)

    def mark(self, source: str) -> Mark:
        """Return how far a source was read."""
        return self._marks.get(source, Mark())

    def add(self, source: str, bundle: JobBundle) -> bool:
        """Buffer one job of a source; False if it is stored already, as it is.

        Raises
        ------
        RunCollisionError
            If another dataset, release or collection has the same address.
        """
        self._claim(bundle.run)
        if bundle.parts is not None:
            self._withdraw_parts(source, bundle.origin, bundle.parts)
        stored = self._jobs.get(source, bundle.origin)
        same_bytes = stored is not None and stored.sha256 == bundle.sha256
        if self._is_stored(source, bundle) if source in self._again else same_bytes:
            return False
        if stored is not None and same_bytes and stored.run != bundle.run.id:
            self._withdraw(source, bundle.origin, stored)
        key = self._revision(bundle.run).add(source, bundle, replaces=stored is not None)
        self._waiting += 1 + len(bundle.measurements) + len(bundle.tests) + len(bundle.blobs)
        if self._waiting >= revision.FLUSH_ROWS:
            self._flush()
        self._jobs.put(source, bundle.origin, StoredJob(bundle.sha256, bundle.run.id, key))
        return True

    def _flush(self) -> None:
        """Write the runs that hold most, until half of what is held in memory is on disk."""
        writers = sorted(self._writers.values(), key=lambda one: one.waiting, reverse=True)
        opened = sum(one.open for one in writers)
        left = sum(one.waiting for one in writers)
        for writer in writers:
            if left <= revision.FLUSH_ROWS / 2:
                break
            if writer.open or opened < revision.MAX_OPEN:
                opened += not writer.open
                left -= writer.waiting
                writer.flush()
        self._waiting = left

    def _is_stored(self, source: str, bundle: JobBundle) -> bool:
        """Whether a job that is read again is stored as it was read now."""
        run = self._runs.get(bundle.run.id)
        same = self._again[source].see(source, bundle)
        return same and (not bundle.ticket or (run is not None and bundle.ticket in run.tickets))

    def _claim(self, run: RunKey) -> None:
        """Refuse a run whose address is that of another: also one table can hold both."""
        known = self._keys.setdefault(run.id, run)
        if known is not run and known != run:
            raise RunCollisionError(
                run.id, describe(known), describe(run), telling_pattern(known, run)
            )

    def _revision(self, run: RunKey) -> revision.RevisionWriter:
        """Return the revision of a run that grows."""
        writer = self._writers.get(run.id)
        if writer is None:
            folder = self._temporary / f"{len(self._writers)}"
            number = self._journal.number(self._pulls)
            writer = self._writers[run.id] = revision.RevisionWriter(folder, run, number)
        return writer

    def settle(self, source: str) -> None:
        """Take back what belongs elsewhere, now that all jobs of what was read were added."""
        if source in self._again:
            for origin in self._again[source].orphans():
                stored = self._jobs.get(source, origin)
                if stored is not None and stored.counts:
                    self._withdraw(source, origin, stored)

    def _withdraw_parts(self, source: str, origin: str, parts: int) -> None:
        """Let parts behind the last one count no longer."""
        whole = origin.partition(";part=")[0]
        for part in itertools.count(parts + 1):
            gone = f"{whole};part={part}"
            stored = self._jobs.get(source, gone)
            if stored is None or not stored.counts:
                return
            self._withdraw(source, gone, stored)

    def _withdraw(self, source: str, origin: str, job: StoredJob) -> None:
        """Let a stored job count no longer: an empty one takes its place."""
        known = self._runs.get(job.run)
        key = self._keys.setdefault(job.run, known.key) if known else self._keys[job.run]
        empty = JobBundle(run=key, origin=origin, sha256=layout.WITHDRAWN)
        empty_key = self._revision(key).add(source, empty, replaces=True)
        self._jobs.put(source, origin, StoredJob(layout.WITHDRAWN, job.run, empty_key))

    def add_unreadable(self, source: str, unreadable: Unreadable) -> None:
        """Record a stored result that could not be read."""
        name = layout.job_key(
            source, unreadable.origin, f"{unreadable.sha256} {unreadable.place} {unreadable.reason}"
        )
        if not (self.folder / layout.UNREADABLE / f"{name}.json").exists():
            self._unreadable[name] = {
                "source": source,
                "origin": unreadable.origin,
                "reason": unreadable.reason,
                "place": unreadable.place,
                "sha256": unreadable.sha256,
            }

    def set_watermark(self, source: str, value: Any, reading: str) -> None:
        """Note how far a source was read: everything before it was added."""
        plain = json.loads(json.dumps(value, allow_nan=False))
        self._marks[source] = replace(self.mark(source), watermark=plain, under=reading)

    def set_reading(self, source: str, reading: str) -> None:
        """Note under which configuration everything that a source holds was read."""
        self._marks[source] = replace(self.mark(source), reading=reading)

    def commit(self) -> list[str]:
        """Move everything into the store in one step; return the ids of all runs that grew."""
        self._grown |= self._writers.keys()
        addition = Addition(revisions=self._revisions(), unreadable=self._records())
        if addition.paths() or self._marks != self._committed:
            self._journal.commit(self._journal.number(self._pulls), addition, self._marks)
        if addition.revisions:
            self._keep(self._jobs)
        self._committed = dict(self._marks)
        self._writers, self._unreadable, self._waiting = {}, {}, 0
        shutil.rmtree(self._temporary)
        self._temporary.mkdir()
        return sorted(self._grown)

    def _revisions(self) -> dict[str, Path]:
        """Finish what was written; return path in the store → folder."""
        found = {}
        for run_id, writer in sorted(self._writers.items()):
            number = self._numbers[run_id] = self._numbers.get(run_id, 0) + 1
            writer.finish()
            found[f"{run_id}/{layout.revision_name(number)}"] = writer.folder
        return found

    def _records(self) -> dict[str, Path]:
        """Write what could not be read; return path in the store → file."""
        if not self._unreadable:
            return {}
        found = {}
        for name, record in self._unreadable.items():
            jobs = self._jobs.of_file(record["source"], record["origin"].partition("#")[0])
            path = self._temporary / f"{name}.json"
            layout.write_json(path, record | {"beside": layout.joined(job.key for job in jobs)})
            found[f"{layout.UNREADABLE}/{path.name}"] = path
        return found


def describe(key: RunKey) -> str:
    """Return dataset, release and collection in words."""
    collection = f", collection {key.collection!r}" if key.collection else ""
    return f"dataset {key.dataset!r}, release {key.release!r}{collection}"


def telling_pattern(one: RunKey, other: RunKey) -> str:
    """Return the `pattern` under which two collections of one release are runs of their own.

    It takes what follows the release in their names, in general form: ``w_2026_40/DM-1``. Empty
    where that does not tell them apart.
    """
    if (one.dataset, one.release) != (other.dataset, other.release):
        return ""
    names = [key.collection or "" for key in (one, other)]
    rests = [name.partition(f"{one.release}/")[2] for name in names]
    if not all(rests) or rests[0] == rests[1]:
        return ""
    first, second = (_general(rest) for rest in rests)
    follows = first if first == second else "[^/]+(?:/[^/]+)*?(?=/\\d{8}T\\d{6}Z|$)"
    return f"(?P<release>{_general(one.release)}/{follows})"


def _general(name: str) -> str:
    """Return a regular expression for names that differ in their numbers only."""
    return re.sub(r"\d+", lambda _: r"\d+", re.escape(name).replace(r"\-", "-"))
