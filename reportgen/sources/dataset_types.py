"""Dataset types of a Butler, as far as the path of a file shows them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_METRIC_VALUE = re.compile(r"(?<![^/])metricvalue_([A-Za-z0-9_]+)")
_BUNDLE = re.compile(r"(?<![^/])([A-Za-z0-9]\w*?_metrics(?:Table)?)(?=[/._]|$)")

PACKAGES = (
    "validate_drp", "pipe_analysis", "info", "verify", "jointcal", "ap_association", "ap_pipe",
    "ap_verify", "ip_diffim", "ip_isr", "meas_algorithms", "meas_astrom", "meas_transinet",
    "pipe_tasks",
)  # fmt: skip
"""Packages of faro and verify_metrics; needed where a name could be split in two ways."""

_AGGREGATES = re.compile(
    r"(summary|sum|mean|median|average|avg|min|max|std|stdev|rms|count)_(.+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricDataset:
    """What ``metricvalue_{package}_{metric}`` or ``metricvalue_{aggregate}_{…}_{…}`` says."""

    package: str | None = None
    aggregate: str | None = None
    """Such as ``summary``: the value of many data IDs."""


def metric_dataset(path: str, metric: str) -> MetricDataset:
    """Return what the dataset type in a path says of a metric whose name is known.

    Where several parts of the path look like one, the one that names the metric counts.
    """
    bare = metric.rpartition(".")[2]
    names = _METRIC_VALUE.findall(path)
    if not names:
        return MetricDataset()
    named = [name for name in names if f"_{bare}_" in f"{name}_"]
    return _read_name(named[0] if named else names[-1], bare)


@lru_cache(maxsize=4096)
def _read_name(name: str, metric: str) -> MetricDataset:
    aggregate = None
    if (summary := _AGGREGATES.fullmatch(name)) and not name.startswith(PACKAGES):
        aggregate, name = summary[1], summary[2]
    for package in PACKAGES:
        if name.startswith(f"{package}_"):
            return MetricDataset(package=package, aggregate=aggregate)
    before, found, _ = name.partition(f"_{metric}")
    package = before if found else name.rpartition("_")[0]
    return MetricDataset(package=package or None, aggregate=aggregate)


def bundle_dataset(path: str) -> str | None:
    """Return the dataset type of a metric bundle, such as ``matchedVisitCore_metrics``."""
    found = _BUNDLE.search(path)
    return found[1] if found else None
