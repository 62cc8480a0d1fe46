"""From the sources to the store: what was new, what was known, what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from reportgen.building.pace import Pace
from reportgen.config import SourceConfig
from reportgen.errors import ConfigError, ReportgenError
from reportgen.model.bundle import Expected, JobBundle, Known, Unreadable, Watermark
from reportgen.model.runs import release_date
from reportgen.sources import Fingerprint, Record, has_watermarks, read_jobs, reading_of
from reportgen.store import StoreWriter

Progress = Callable[[str, int, int | None], None]
"""Called with the name of a source, the number of results read so far, and of all if known."""


@dataclass(slots=True, kw_only=True)
class SourceSummary:
    """What a pull found in one source."""

    source: str
    new: int = 0
    """Jobs."""
    known: int = 0
    """Jobs: what was new in one pull is known in the next, if it is asked for again."""
    unreadable: int = 0
    """Files, or documents and rows in them."""
    skipped: int = 0
    """Results of days before ``--since``."""
    measurements: int = 0
    tests: int = 0
    again: bool = False
    """Everything was read again: its configuration had changed, or it was asked for."""
    error: str | None = None
    """Why it could not be read to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Hands what sources yield to the one writer of a pull, and commits when it is due."""

    writer: StoreWriter
    rename: Callable[[JobBundle], JobBundle]
    progress: Progress = lambda _name, _n, _of: None
    pace: Pace = field(default_factory=Pace)
    since: date | None = None
    """Results of earlier days are left for another pull."""
    full: bool = False
    """Read everything again, whatever was read before."""
    dry_run: bool = False

    def pull(
        self, source: SourceConfig, fingerprints: MutableMapping[str, Fingerprint]
    ) -> tuple[SourceSummary, list[Unreadable]]:
        """Read one source and hand what is new to the writer."""
        reading = reading_of(source)
        again = self.writer.begin(source.name, reading, full=self.full)
        batch = _Batch(summary=SourceSummary(source=source.name, again=again))
        held, total = has_watermarks(source), None
        try:
            for record in self._read(source, reading, fingerprints):
                if isinstance(record, Watermark):
                    self._settle(batch)
                    self._mark(source.name, record.value, reading)
                elif isinstance(record, Expected):
                    total = record.results
                else:
                    batch.add(record)
                    if not held:
                        self._settle(batch)
                        self._commit_if_due()
                self.progress(source.name, batch.results, total)
            self._settle(batch)
            self.writer.settle(source.name)
            if self.since is None:
                self.writer.set_reading(source.name, reading)
        except _DownError as error:
            batch.summary.error = str(error)
        return batch.summary, batch.broken

    def _read(
        self, source: SourceConfig, reading: str, fingerprints: MutableMapping[str, Fingerprint]
    ) -> Iterator[Record]:
        """Yield the records of a source; what keeps it from going on becomes a `_DownError`."""
        mark = self.writer.mark(source.name)
        watermark = mark.watermark if mark.under == reading and not self.full else None
        known = self.writer.known(source.name)
        try:
            yield from read_jobs(source, known, fingerprints, watermark=watermark, since=self.since)
        except ConfigError:
            raise
        except ReportgenError as error:
            raise _DownError(str(error)) from error

    def _settle(self, batch: _Batch) -> None:
        """Hand a batch that is complete to the writer."""
        summary = batch.summary
        for record in batch.take():
            if isinstance(record, Unreadable):
                self.writer.add_unreadable(summary.source, record)
                batch.broken.append(record)
                summary.unreadable += 1
            elif self.since is not None and _day(record) < self.since.isoformat():
                summary.skipped += 1
            elif self.writer.add(summary.source, self.rename(record)):
                rows = len(record.measurements) + len(record.tests)
                summary.new += 1
                summary.measurements += len(record.measurements)
                summary.tests += len(record.tests)
                self.pace.add(1 + rows)
            else:
                summary.known += 1

    def _mark(self, source: str, watermark: Any, reading: str) -> None:
        """Note how far a source was read; with ``since`` something before it may be missing."""
        self.writer.settle(source)
        if self.since is None:
            self.writer.set_watermark(source, watermark, reading)
        self._commit_if_due()

    def _commit_if_due(self) -> None:
        if not self.dry_run and self.pace.due():
            self.writer.commit()
            self.pace.committed()


@dataclass(slots=True, kw_only=True)
class _Batch:
    """What a source yielded and nobody knows yet to be complete."""

    summary: SourceSummary
    broken: list[Unreadable] = field(default_factory=list)
    waiting: list[JobBundle | Unreadable] = field(default_factory=list)
    results: int = 0
    """Read so far."""

    def add(self, record: JobBundle | Unreadable | Known) -> None:
        if isinstance(record, Known):
            self.results += record.jobs
            self.summary.known += record.jobs
        else:
            self.results += 1
            self.waiting.append(record)

    def take(self) -> list[JobBundle | Unreadable]:
        taken, self.waiting = self.waiting, []
        return taken


def _day(job: JobBundle) -> str:
    """Return the day of a job, ISO 8601; one that nothing dates counts as of today."""
    if job.date:
        return job.date[:10]
    day = release_date(job.run.release)
    return day.isoformat() if day else "9999-12-31"


class _DownError(Exception):
    """A source cannot be read to its end."""
