"""Which stages of which instruments were verified, and under which names they are stored."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pyarrow as pa

from reportgen.model.calibration_verdicts import CALIBRATION_PACKAGE
from reportgen.model.calibrations import StageKey

UNSTATED = "instrument not stated"
"""Stands for the name of an instrument that neither files nor configuration state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageContent:
    """One stage and the metrics that the store has of it."""

    key: StageKey
    metrics: Sequence[str]


def find_stages(
    metric_counts: pa.Table, test_counts: pa.Table, run_ids: Collection[str]
) -> list[StageContent]:
    """Return the stages that some runs have values or verdicts of, by instrument and name.

    Parameters
    ----------
    metric_counts
        Columns ``run``, ``metric``, ``instrument``.
    test_counts
        Columns ``run``, ``instrument``, ``stage``.
    """
    found: dict[StageKey, set[str]] = {}
    columns = (metric_counts[name].to_pylist() for name in ("run", "metric", "instrument"))
    for run, metric, instrument in zip(*columns, strict=True):
        stage, name = split_metric(metric)
        if run in run_ids and name:
            key = StageKey(instrument=instrument or UNSTATED, stage=stage)
            found.setdefault(key, set()).add(metric)
    columns = (test_counts[name].to_pylist() for name in ("run", "instrument", "stage"))
    for run, instrument, stage in zip(*columns, strict=True):
        if run in run_ids:
            found.setdefault(StageKey(instrument=instrument or UNSTATED, stage=stage), set())
    return [StageContent(key=key, metrics=sorted(found[key])) for key in sorted(found)]


def split_metric(metric: str) -> tuple[str, str]:
    """Return stage and statistic: ``cp_verify.BIAS_NOISE`` is ``bias`` and ``NOISE``.

    Both are empty for a metric of another package.
    """
    if not metric.startswith(CALIBRATION_PACKAGE):
        return "", ""
    stage, _, name = metric.removeprefix(CALIBRATION_PACKAGE).partition("_")
    return stage.lower(), name
