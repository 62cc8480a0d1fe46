"""Options of butler, and what the names of collections usually say."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

from reportgen.sources.analysis_tools import BundleOptions
from reportgen.sources.cp_verify.options import CpVerifyOptions

_Names = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]


class ButlerOptions(BundleOptions, CpVerifyOptions):
    """Options of ``butler``: what to look for; those of the files it holds count too."""

    collections: _Names
    """Names or globs of runs, chains and tagged collections."""
    dataset_types: _Names = ("metricvalue_*", "*_metrics", "verify*Stats", "verify*Results")
    """Names or globs."""
    where: str = ""
    """Expression of the Butler that data IDs have to fulfil."""
    overlap: Annotated[float, Field(ge=0)] = 3600
    """Seconds before the newest dataset known from which a pull asks again: clocks differ, and
    what a long transaction brings becomes visible late."""


COLLECTION = re.compile(
    r"^(?=(?:(?:.*/)?(?P<release>w_\d{4}_\d{1,2}|d_\d{4}_\d{1,2}_\d{1,2}"
    r"|v\d+(?:[._]\d+)*(?:[._]?rc\d+)?)(?:/|$))?)"
    r"(?=(?:(?:.*/)?(?P<ticket>[A-Z][A-Z]+-\d+)(?:/|$))?)"
    r"(?=(?:(?:.*/)?runs/(?P<dataset>[^/]+)(?:/|$))?)"
)
"""Release, ticket and dataset of names such as ``HSC/runs/RC2/w_2026_40/DM-99999/20261005T010203Z``."""  # noqa: E501

_TIME = re.compile(r"/\d{8}T\d{6}Z$")


def processing(run: str) -> str:
    """Return the processing that a run is a part of: its name without the time at the end."""
    return _TIME.sub("", run)
