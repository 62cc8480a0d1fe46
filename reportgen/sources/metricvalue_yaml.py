"""The YAML of a MetricValue: a fast path for the form upstream writes, a safe loader for all else.

`lsst.verify` writes a measurement without notes and extras always the same way, in about ten
lines. One regular expression reads exactly that form, twenty times faster than a YAML parser;
whatever deviates from it by a single character goes to the parser.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from reportgen.errors import UnreadableError
from reportgen.sources.documents import load_yaml

_NOT_TEXT = r"(?!(?i:yes|no|true|false|on|off|null)\n)"
"""Plain words that YAML 1.1 does not read as text."""
_IDENTIFIER = r"(?:'[0-9a-f]{32}'|(?=[0-9]*[a-f])[0-9a-f]{32})"
"""Without quotes it needs a letter, or it is a number."""
_EMPTY_BLOB = "".join(
    (
        r"- !<lsst\.verify\.Blob>\n",
        r"  data:(?: \{\})?\n",
        rf"  identifier: {_IDENTIFIER}\n",
        r"  name: [A-Za-z][A-Za-z0-9_.]*\n",
    )
)
_FLAT = re.compile(
    "".join(
        (
            r"!<lsst\.verify\.Measurement>\n",
            rf"blobs:(?: \[\]\n|\n(?:{_EMPTY_BLOB})+)",
            rf"identifier: (?P<identifier>{_IDENTIFIER})\n",
            rf"metric: (?P<metric>{_NOT_TEXT}[A-Za-z][A-Za-z0-9_.]*)\n",
            r"notes: \{\}\n",
            rf"unit: (?P<unit>'[ -&(-~]*'|{_NOT_TEXT}[A-Za-z][A-Za-z0-9]*)\n",
            r"value: (?P<value>-?[0-9]+\.[0-9]+(?:e[-+][0-9]+)?|\.nan)\n",
        )
    )
)


_NO_NOTES: Mapping[str, Any] = MappingProxyType({})


class MetricValue(NamedTuple):
    """A persisted measurement, as its file holds it."""

    metric: str
    """Bare in files of faro, ``package.metric`` in those of verify and ap_verify."""
    value: Any
    unit: Any
    identifier: Any = None
    notes: Mapping[str, Any] = _NO_NOTES
    blobs: Sequence[Mapping[str, Any]] = ()
    """Only those that hold data: upstream writes an empty one for each measurement."""


def read_metric_value(content: bytes, origin: str) -> MetricValue:
    """Return the measurement in a MetricValue file.

    Raises
    ------
    UnreadableError
        If it is not YAML, holds tags that are not lsst.verify's, or is not a measurement.
    """
    return read_flat(content) or read_any(content, origin)


def read_flat(content: bytes) -> MetricValue | None:
    """Return the measurement if the file has exactly the form that upstream writes."""
    found = _FLAT.fullmatch(content.decode()) if content.isascii() else None
    if found is None:
        return None
    identifier, metric, unit, value = found.group("identifier", "metric", "unit", "value")
    return MetricValue(
        metric=metric,
        value=math.nan if value == ".nan" else float(value),
        unit=unit.strip("'"),
        identifier=identifier.strip("'"),
    )


def read_any(content: bytes, origin: str) -> MetricValue:
    """Return the measurement by way of a YAML parser that builds nothing but data."""
    data = load_yaml(content, origin)
    metric = data.get("metric") if isinstance(data, dict) else None
    if not isinstance(metric, str) or not metric or "value" not in data:
        reason = "not a MetricValue: no mapping with `metric` and `value`; is `type` right?"
        raise UnreadableError(origin, reason, "line 1 column 1")
    notes, blobs = data.get("notes"), data.get("blobs")
    return MetricValue(
        metric=metric,
        value=data["value"],
        unit=data.get("unit"),
        identifier=data.get("identifier"),
        notes=notes if notes and isinstance(notes, dict) else _NO_NOTES,
        blobs=_filled(blobs if isinstance(blobs, list) else []),
    )


def _filled(blobs: list[Any]) -> tuple[Mapping[str, Any], ...]:
    return tuple(blob for blob in blobs if isinstance(blob, dict) and blob.get("data"))
