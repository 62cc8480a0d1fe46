"""From the sources to the store: what was new, what was known, what could not be read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from reportgen.building.pace import Pace
from reportgen.config import SourceConfig
from reportgen.errors import ConfigError, ReportgenError
from reportgen.model.bundle import JobBundle, Known, Unreadable, Watermark
from reportgen.sources import Fingerprint, Record, has_watermarks, read_jobs, reading_of
from reportgen.store import StoreWriter

Progress = Callable[[str, int], None]
"""Called with the name of a source and the number of results read so far."""


@dataclass(slots=True, kw_only=True)
class SourceSummary:
    """What a pull found in one source."""

    source: str
    new: int = 0
    known: int = 0
    unreadable: int = 0
    measurements: int = 0
    tests: int = 0
    error: str | None = None
    """Why it could not be read to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Hands what sources yield to the one writer of a pull, and commits when it is due."""

    writer: StoreWriter
    rename: Callable[[JobBundle], JobBundle]
    progress: Progress
    pace: Pace
    since: date | None = None
    dry_run: bool = False

    def pull(
        self, source: SourceConfig, fingerprints: dict[str, Fingerprint]
    ) -> tuple[SourceSummary, list[Unreadable]]:
        """Read one source and hand what is new to the writer."""
        summary = SourceSummary(source=source.name)
        broken: list[Unreadable] = []
        reading, held = reading_of(source), has_watermarks(source)
        batch: list[JobBundle | Unreadable] = []
        try:
            for n, record in enumerate(self._read(source, fingerprints), start=1):
                if isinstance(record, Watermark):
                    self._settle(batch, summary, broken)
                    self.writer.set_watermark(source.name, record.value, reading)
                    self._commit_if_due()
                elif isinstance(record, Known):
                    summary.known += 1
                elif isinstance(record, JobBundle | Unreadable):
                    batch.append(record)
                    if not held:
                        self._settle(batch, summary, broken)
                        self._commit_if_due()
                self.progress(source.name, n)
            self._settle(batch, summary, broken)
        except ConfigError:
            raise
        except _DownError as error:
            summary.error = str(error)
        return summary, broken

    def _read(self, source: SourceConfig, fingerprints: dict[str, Fingerprint]) -> Iterator[Record]:
        """Yield the records of a source; its errors become a `_DownError`."""
        mark = self.writer.mark(source.name)
        watermark = mark.watermark if mark.under == reading_of(source) else None
        known = self.writer.known(source.name)
        try:
            yield from read_jobs(source, known, fingerprints, watermark=watermark, since=self.since)
        except ConfigError:
            raise
        except ReportgenError as error:
            raise _DownError(str(error)) from error

    def _settle(
        self,
        batch: list[JobBundle | Unreadable],
        summary: SourceSummary,
        broken: list[Unreadable],
    ) -> None:
        """Hand a batch that is complete to the writer."""
        for record in batch:
            if isinstance(record, Unreadable):
                self.writer.add_unreadable(summary.source, record)
                broken.append(record)
                summary.unreadable += 1
            elif self.writer.add(summary.source, self.rename(record)):
                summary.new += 1
                summary.measurements += len(record.measurements)
                summary.tests += len(record.tests)
                self.pace.add(1 + len(record.measurements) + len(record.tests))
            else:
                summary.known += 1
        batch.clear()

    def _commit_if_due(self) -> None:
        if not self.dry_run and self.pace.due():
            self.writer.commit()
            self.pace.committed()


class _DownError(Exception):
    """A source cannot be read to its end."""


def load_fingerprints(cache: Path, source: str) -> dict[str, Fingerprint]:
    """Return what the files of a source looked like when they were last read."""
    try:
        data = json.loads(_file(cache, source).read_text(encoding="utf-8"))
        return {
            origin: Fingerprint(stamp=one["stamp"], sha256=one["sha256"], jobs=tuple(one["jobs"]))
            for origin, one in data.items()
        }
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return {}  # a cache that is missing or damaged costs time, nothing else


def save_fingerprints(cache: Path, source: str, fingerprints: dict[str, Fingerprint]) -> None:
    """Keep the fingerprints, after what was pulled is in the store."""
    file = _file(cache, source)
    text = json.dumps({origin: asdict(one) for origin, one in fingerprints.items()})
    if not file.is_file() or file.read_text(encoding="utf-8") != text:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _file(cache: Path, source: str) -> Path:
    return cache / "fingerprints" / f"{source.encode().hex()[:200]}.json"
