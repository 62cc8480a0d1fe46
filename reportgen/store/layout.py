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
import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from reportgen.errors import StoreDamagedError
from reportgen.places import at, replacing

_quoted = json.encoder.encode_basestring
UNREADABLE = "unreadable"
WITHDRAWN = ""
"""In place of its sha256, of a job that only says that its origin counts no longer in this run."""
_REVISION = re.compile(r"rev-\d+")
MANY = 100
"""Files and folders from which on one `os.sync` costs less than waiting for each of them."""


def revision_name(number: int) -> str:
    """Return the folder name of a revision, counted from 1."""
    return f"rev-{number:04d}"


def revision_number(folder: Path) -> int:
    """Return the number of a revision."""
    return int(folder.name.rpartition("-")[2])


def revision_folders(store: Path) -> list[Path]:
    """Return the folders of all revisions that lie there, by run and number.

    One that somebody has put aside, such as ``rev-0001.old``, is none.
    """
    found = store.glob("*/*/rev-*")
    return sorted(path for path in found if _REVISION.fullmatch(path.name) and path.is_dir())


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
    with replacing(path) as file:
        file.write_text(text + "\n", encoding="utf-8")


def read_json(path: Path) -> dict[str, Any]:
    """Return the content of a JSON file, which is an object.

    Raises
    ------
    FileNotFoundError
        If there is none.
    StoreDamagedError
        If it is no object: it was cut off, or something else was put in its place.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # not JSON, or not UTF-8
        raise StoreDamagedError(f"{path} is not JSON") from error
    if not isinstance(data, dict):
        raise StoreDamagedError(f"{path} holds no object")
    return data


def sync(paths: Collection[Path]) -> None:
    """Wait until files, and the names in folders, are on disk, safe from a power cut."""
    if len(paths) > MANY:
        os.sync()
        return
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            with at(path):
                os.fsync(handle)
        finally:
            os.close(handle)
