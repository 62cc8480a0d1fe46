"""What revisions say of themselves in their ``run.json``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reportgen.errors import StoreDamagedError
from reportgen.model.runs import Revision, Run, RunKey
from reportgen.store.layout import read_json

KEYS = frozenset({
    "dataset", "release", "collection", "tickets", "date", "sources", "jobs", "replaced",
    "measurements", "tests",
})  # fmt: skip
"""What each version wrote."""
COUNTED = {
    "jobs": "jobs.parquet",
    "measurements": "measurements.parquet",
    "tests": "tests.parquet",
    "blobs": "blobs.parquet",
    "definitions": "definitions.json",
}
"""What it counts, and the file that holds it; early versions did not count the last two."""


def read(revision: Path) -> dict[str, Any]:
    """Return what a revision says of itself.

    Raises
    ------
    StoreDamagedError
        If that cannot be read, or something is missing: what it says, or a file that it counts on.
    """
    file = revision / "run.json"
    try:
        data = read_json(file)
    except FileNotFoundError as error:
        raise StoreDamagedError(f"{file} is missing") from error
    if missing := KEYS - data.keys():
        raise StoreDamagedError(f"{file} says nothing of {min(missing)}")
    for what, name in COUNTED.items():
        if data.get(what) and not (revision / name).is_file():
            raise StoreDamagedError(f"{revision / name} is missing")
    return data


def run_of(described: Sequence[Mapping[str, Any]]) -> Run:
    """Join the revisions of one run; the newest says what it is."""
    newest = described[-1]
    dates = [data["date"] for data in described if data["date"]]
    return Run(
        key=RunKey(
            dataset=newest["dataset"], release=newest["release"], collection=newest["collection"]
        ),
        tickets=tuple(dict.fromkeys(t for data in described for t in data["tickets"])),
        date=max(dates, default=None),
        sources=tuple(dict.fromkeys(s for data in described for s in data["sources"])),
        revisions=tuple(
            Revision(
                number=number,
                jobs=data["jobs"],
                replaced=data["replaced"],
                measurements=data["measurements"],
                tests=data["tests"],
            )
            for number, data in enumerate(described, start=1)
        ),
    )
