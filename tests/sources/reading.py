"""Reading a source in a test as `reportgen pull` does."""

from __future__ import annotations

import os
from pathlib import Path

from reportgen.config import SourceConfig
from reportgen.model.bundle import JobBundle, Row
from reportgen.sources import Record, read_jobs

LONG_AGO = 1_600_000_000
"""A time of modification that is settled for sure."""


def make_config(root: Path, type_: str, location: str, **keys) -> SourceConfig:
    """Return the configuration of one source; dataset and release are given unless None."""
    given = {"dataset": "HSC RC2", "release": "w_2026_40", **keys}
    given = {key: value for key, value in given.items() if value is not None}
    return SourceConfig(name="test", type=type_, location=location, root=root, **given)


def read(root: Path, type_: str, location: str, **keys) -> list[Record]:
    """Return all records of one source."""
    return list(read_jobs(make_config(root, type_, location, **keys)))


def read_one(root: Path, type_: str, location: str, **keys) -> JobBundle:
    """Return the only record of a source, which has to be a bundle."""
    (record,) = read(root, type_, location, **keys)
    assert isinstance(record, JobBundle), record
    return record


def rows(bundle: JobBundle, metric: str) -> list[Row]:
    """Return the rows of one metric."""
    return [row for row in bundle.measurements if row["metric"] == metric]


def values(bundle: JobBundle) -> dict[str, float | str | None]:
    """Return the value of each metric, or the reason why there is none."""
    return {
        row["metric"]: row.get("reason") if row["value"] is None else row["value"]
        for row in bundle.measurements
    }


def write(path: Path, content: str | bytes) -> Path:
    """Write a file that looks old, so that its time of modification can be relied on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path
