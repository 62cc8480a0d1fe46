"""Names of collections of a Butler: release, ticket and dataset, by the usual conventions."""

from __future__ import annotations

import re

COLLECTION = re.compile(
    r"^(?=(?:(?:.*/)?(?P<release>w_\d{4}_\d{1,2}|d_\d{4}_\d{1,2}_\d{1,2}"
    r"|v\d+(?:[._]\d+)*(?:[._]?rc\d+)?)(?:[_.-]+[A-Z][A-Z]+-\d+)?(?:/|$))?)"
    r"(?=(?:(?:.*/|.*[a-z0-9][_.-])?(?P<ticket>[A-Z][A-Z]+-\d+)(?:/|$))?)"
    r"(?=(?:(?:.*/)?runs/(?P<dataset>[^/]+)(?:/|$))?)"
)
"""Release, ticket and dataset of names such as ``HSC/runs/RC2/w_2026_40/DM-99999/20261005T010203Z``."""  # noqa: E501

_TIME = re.compile(r"/\d{8}T\d{6}Z$")


def processing(run: str) -> str:
    """Return the processing that a run is a part of: its name without the time at the end."""
    return _TIME.sub("", run)
