"""Options of butler."""

from __future__ import annotations

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
