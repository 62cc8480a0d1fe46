"""The tables of many things: one declared schema each.

A *job* is one stored result as a pipeline wrote it (one Job file, one MetricValue,
one calibration report). Every measurement, test and blob names its job.
"""

from __future__ import annotations

import pyarrow as pa

from reportgen.model.dimensions import DATA_ID

_text = pa.string()
_dimensions = [pa.field(name, _text) for name in DATA_ID]

MEASUREMENTS = pa.schema(
    [
        pa.field("job", _text, nullable=False),
        pa.field("metric", _text, nullable=False),
        pa.field("value", pa.float64()),
        pa.field("unit", _text),
        pa.field("reason", _text),
        pa.field("producer", _text),
        *_dimensions,
        pa.field("date", _text),
        pa.field("mjd", pa.float64()),
        pa.field("identifier", _text),
        pa.field("blobs", _text),
        pa.field("notes", _text),
    ]
)
"""One row per measurement.

``value`` is null exactly where ``reason`` says why (see `model.status.Reason`); it is never NaN
or infinite. ``unit`` is an astropy unit string, ``""`` dimensionless, null where the file does
not say. ``date`` is ISO 8601; ``mjd`` in days. ``blobs`` (list of blob identifiers) and ``notes``
(object) are JSON or null.
"""

TESTS = pa.schema(
    [
        pa.field("job", _text, nullable=False),
        pa.field("stage", _text, nullable=False),
        pa.field("level", _text, nullable=False),
        pa.field("test", _text, nullable=False),
        pa.field("passed", pa.bool_()),
        *_dimensions,
        pa.field("date", _text),
        pa.field("mjd", pa.float64()),
    ]
)
"""One row per calibration test that cp_verify judged, as the file says it.

``level`` is ``amplifier``, ``detector``, ``exposure`` or ``run``. ``SUCCESS`` is a test of its
own. At levels ``exposure`` and ``run`` a row with ``passed`` false may come from a FAILURES list.
"""

JOBS = pa.schema(
    [
        pa.field("job", _text, nullable=False),
        pa.field("source", _text, nullable=False),
        pa.field("origin", _text, nullable=False),
        pa.field("sha256", _text, nullable=False),
        pa.field("date", _text),
        pa.field("meta", _text),
        pa.field("definitions", _text),
    ]
)
"""One row per job. ``origin`` is a path relative to the configuration, or a URL, never an
absolute path. ``meta`` is the job's metadata as JSON; ``definitions`` names an entry of the
run's ``definitions.json``."""

BLOBS = pa.schema(
    [
        pa.field("job", _text, nullable=False),
        pa.field("identifier", _text),
        pa.field("name", _text),
        pa.field("data", _text),
    ]
)
"""Extra data of a job: ``data`` is JSON, name of datum → {value, unit, label, description}."""
