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


def read(revision: Path) -> dict[str, Any]:
    """Return what a revision says of itself.

    Raises
    ------
    StoreDamagedError
        If that cannot be read, or something is missing.
    """
    data = read_json(revision / "run.json")
    if missing := KEYS - data.keys():
        raise StoreDamagedError(f"{revision / 'run.json'} says nothing of {min(missing)}")
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
