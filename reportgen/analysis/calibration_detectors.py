"""Detectors as the median of their amplifiers: what moves together shows there first.

A drift too slow to be seen in one amplifier can be plain in the median over sixteen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from reportgen.analysis.calibration_nights import median_rows
from reportgen.model.calibrations import DetectorSummary, Statistic
from reportgen.model.natural import natural

STEADY = 0.8
"""Part of the nights of its best-covered sibling in which a member of the median has a value."""


def summarise_detectors(statistic: Statistic) -> list[DetectorSummary]:
    """Return one summary per detector; none for numbers that are not given per amplifier."""
    if statistic.places[0].level != "amplifier":
        return []
    columns: defaultdict[str | None, list[int]] = defaultdict(list)
    for column, place in enumerate(statistic.places):
        columns[place.detector].append(column)
    return [
        _summarise(detector, statistic.nightly, found)
        for detector, found in sorted(columns.items(), key=lambda item: natural(item[0] or ""))
    ]


def summarise_camera(
    statistic: Statistic, detectors: Sequence[DetectorSummary]
) -> DetectorSummary | None:
    """Return the median over the detectors, None where there are fewer than two.

    Its columns are positions in ``detectors``, or in the places of a number per detector.
    """
    if len(detectors) > 1:
        table = np.stack([one.median for one in detectors], axis=1)
    elif statistic.places[0].level == "detector" and len(statistic.places) > 1:
        table = statistic.nightly
    else:
        return None
    return _summarise(None, table, range(table.shape[1]))


def steady_columns(values: np.ndarray, columns: Sequence[int]) -> list[int]:
    """Return the columns with values in nearly as many nights as the best of them."""
    covered = np.isfinite(values[:, list(columns)]).sum(axis=0)
    enough = covered >= max(STEADY * covered.max(initial=0), 1)
    return [column for column, keep in zip(columns, enough, strict=True) if keep]


def _summarise(
    detector: str | None, nightly: np.ndarray, columns: Sequence[int]
) -> DetectorSummary:
    own = nightly[:, list(columns)]
    members = steady_columns(nightly, columns)
    # The median of fewer members than all is another quantity: a night counts when at least
    # half of them have a value.
    chosen = nightly[:, members]
    enough = 2 * np.isfinite(chosen).sum(axis=1) >= max(len(members), 1)
    median = median_rows(chosen.T) if members else np.full(len(nightly), np.nan)
    finite = np.isfinite(own)
    some = finite.any(axis=1)
    return DetectorSummary(
        detector=detector,
        columns=list(columns),
        members=members,
        median=np.where(enough, median, np.nan),
        low=np.where(some, np.where(finite, own, np.inf).min(axis=1), np.nan),
        high=np.where(some, np.where(finite, own, -np.inf).max(axis=1), np.nan),
    )
