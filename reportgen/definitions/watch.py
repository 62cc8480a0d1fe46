"""Watch ranges: ``metricInformation.yaml`` of analysis_tools. "Look at this", not requirements.

The file gives no units. The limits are meant in the unit in which the metric is measured, so
the ``unit`` of these specifications is ``""`` and says nothing: no value is to be converted.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from reportgen.definitions.fields import Fields, mapping, metric_from, number
from reportgen.definitions.files import read_yaml
from reportgen.definitions.packages import Package
from reportgen.definitions.problems import Problems
from reportgen.model.definitions import Metric, Specification
from reportgen.model.status import Kind

PACKAGE = "analysis_tools"

SIDES = {"low": (">=", "lowThreshold"), "high": ("<=", "highThreshold")}
"""The two one-sided specifications of a range: operator and key in the file."""


def read_watch(path: Path, file: str) -> Package:
    """Return the metrics of a watch list, and a specification for each end of each range.

    Parameters
    ----------
    path
        The file.
    file
        What problems and origins call it.
    """
    problems = Problems()
    metrics: dict[str, Metric] = {}
    specifications: dict[str, Specification] = {}
    with problems.noted(file):
        for content in read_yaml(path, file, problems):
            for name, fields in mapping(content, "metrics").items():
                with problems.noted(file, str(name)):
                    entry = mapping(fields, "lowThreshold, highThreshold, description …")
                    metric = metric_from(f"{PACKAGE}.{name}", _described(entry), file)
                    found = list(_range(metric, entry))
                    metrics[metric.name] = metric
                    specifications |= {spec.name: spec for spec in found}
    return Package(metrics=metrics, specifications=specifications, problems=problems.all())


def _described(entry: Fields) -> Fields:
    """Return the fields of a metric: the group and the file that makes it are its tags."""
    tags = (entry.get("debugGroup"), entry.get("atoolFile", entry.get("atoolsFile")))
    return {"description": entry.get("description"), "tags": [tag for tag in tags if tag]}


def _range(metric: Metric, entry: Fields) -> Iterator[Specification]:
    for side, (operator, key) in SIDES.items():
        if _is_open(entry.get(key)):
            continue
        yield Specification(
            name=f"{metric.name}.{side}",
            metric=metric.name,
            operator=operator,
            threshold=number(entry[key], key),
            unit="",
            kind=Kind.WATCH_RANGE,
            tags=metric.tags,
            origin=metric.origin,
        )


def _is_open(limit: object) -> bool:
    """Tell whether a range has no limit on this side: left out, null or infinite."""
    return limit is None or (isinstance(limit, float) and math.isinf(limit))
