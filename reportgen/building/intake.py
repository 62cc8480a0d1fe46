"""From the sources to the store: what was new, what was known, what could not be read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from reportgen.config import SourceConfig
from reportgen.errors import ConfigError, ReportgenError
from reportgen.model.bundle import JobBundle, Unreadable
from reportgen.sources import Fingerprint, Record, read_jobs
from reportgen.store import Store, StoreWriter

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


def pull_source(
    source: SourceConfig,
    store: Store,
    writer: StoreWriter,
    fingerprints: dict[str, Fingerprint],
    progress: Progress,
    *,
    rename: Callable[[JobBundle], JobBundle],
) -> tuple[SourceSummary, list[Unreadable]]:
    """Read one source and hand what is new to the writer."""
    summary = SourceSummary(source=source.name)
    broken = []
    records = _read(source, store.known(source.name), fingerprints)
    for n, record in enumerate(records, start=1):
        if isinstance(record, JobBundle):
            writer.add(source.name, rename(record))
            summary.new += 1
            summary.measurements += len(record.measurements)
            summary.tests += len(record.tests)
        elif isinstance(record, Unreadable):
            writer.add_unreadable(source.name, record)
            broken.append(record)
            summary.unreadable += 1
        else:
            summary.known += 1
        progress(source.name, n)
    return summary, broken


def _read(
    source: SourceConfig, known: frozenset[tuple[str, str]], fingerprints: dict[str, Fingerprint]
) -> Iterator[Record]:
    """Yield the records of a source; one that cannot be reached does not stop the others."""
    try:
        yield from read_jobs(source, known, fingerprints)
    except ConfigError:
        raise
    except ReportgenError as error:
        yield Unreadable(origin=source.location, reason=str(error))


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
    file.parent.mkdir(parents=True, exist_ok=True)
    data = {origin: asdict(one) for origin, one in fingerprints.items()}
    file.write_text(json.dumps(data), encoding="utf-8")


def _file(cache: Path, source: str) -> Path:
    return cache / "fingerprints" / f"{source.encode().hex()[:200]}.json"
