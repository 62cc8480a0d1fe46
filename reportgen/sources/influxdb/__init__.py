"""InfluxDB 1.x, or what speaks InfluxQL: points that SQuaSH or Sasquatch wrote.

Points become measurements, in jobs of one run, measurement and window of time, so that reading a
window again gives the same jobs.
"""

from __future__ import annotations

from reportgen.sources.base import SourceType
from reportgen.sources.influxdb.options import InfluxOptions
from reportgen.sources.influxdb.reading import read_jobs

SOURCE = SourceType(
    description="InfluxDB with points of SQuaSH or Sasquatch",
    read=read_jobs,
    options=InfluxOptions,
    columns=True,
    watermarks=True,
)
