"""A Gen3 Butler: metric values, bundles and calibration reports, found through its registry.

Data IDs, runs and times of ingest come from the registry, never from the names of files; the
content is fetched by URI and read by the parsers of files, so no class of the Science Pipelines
is needed.
"""

from __future__ import annotations

from reportgen.sources.base import SourceType
from reportgen.sources.butler.options import ButlerOptions
from reportgen.sources.butler.reading import read_jobs

SOURCE = SourceType(
    description="Gen3 Butler repository: metric values, bundles, calibration reports",
    read=read_jobs,
    options=ButlerOptions,
    meta=True,
    watermarks=True,
)
