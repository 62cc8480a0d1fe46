"""How a store lies on disk.

``<store>/<dataset slug>/<release slug>/rev-0001/`` holds one revision of a run::

    run.json              what it is: dataset, release, collection, tickets, date, sources
    jobs.parquet          one row per job (model.measurements.JOBS)
    measurements.parquet  MEASUREMENTS
    tests.parquet         TESTS
    blobs.parquet         BLOBS
    definitions.json      metrics and specifications that jobs carried, by content hash

A revision holds only the jobs that were new or changed when it was pulled; the state of the run
is, for each origin, the job of the newest revision. ``<store>/unreadable/<hash>.json`` is one
stored result that could not be read. ``<store>/pulls/`` is the journal of commits
(`store.journal`). Nothing is ever changed in place.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from reportgen.places import at

_quoted = json.encoder.encode_basestring
UNREADABLE = "unreadable"
WITHDRAWN = ""
"""In place of its sha256, of a job that only says that its origin counts no longer in this run."""
REVISION = "rev-*"


def revision_name(number: int) -> str:
    """Return the folder name of a revision, counted from 1."""
    return f"rev-{number:04d}"


def revision_number(folder: Path) -> int:
    """Return the number of a revision."""
    return int(folder.name.rpartition("-")[2])


def revision_folders(store: Path) -> list[Path]:
    """Return the folders of all revisions that lie there, by run and number."""
    return sorted(path for path in store.glob(f"*/*/{REVISION}") if (path / "run.json").is_file())


def job_key(source: str, origin: str, sha256: str) -> str:
    """Return the key of a job: the same for the same bytes from the same place."""
    text = f"[{_quoted(source)}, {_quoted(origin)}, {_quoted(sha256)}]"  # as `json.dumps` does
    return hashlib.blake2b(text.encode(), digest_size=10).hexdigest()


def joined(states: Iterable[str]) -> str:
    """Return the keys or hashes of the jobs of one file as one text."""
    return " ".join(sorted(set(states)))


def write_json(path: Path, data: Any) -> None:
    """Write strict JSON, sorted and indented, under a temporary name and rename it."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1, sort_keys=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with at(path):
        temporary.write_text(text + "\n", encoding="utf-8")
    temporary.replace(path)


def read_json_files(paths: Iterable[Path]) -> Iterator[Any]:
    """Yield the content of each JSON file."""
    for path in paths:
        yield json.loads(path.read_text(encoding="utf-8"))
