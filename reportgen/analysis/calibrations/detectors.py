"""Detectors as the median of their amplifiers: what moves together shows there first.

A drift too slow to be seen in one amplifier can be plain in the median over sixteen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from reportgen.analysis.calibrations.nights import median_rows
from reportgen.model.calibrations import DetectorSummary, Statistic
from reportgen.model.natural import natural

STEADY = 0.8
"""Part of the nights of its best-covered sibling in which a member of the median has a value."""


def summarise_detectors(statistic: Statistic) -> list[DetectorSummary]:
    """Return one summary per detector; none for numbers that are not given per amplifier."""
    if statistic.level != "amplifier":
        return []
    columns: defaultdict[str | None, list[int]] = defaultdict(list)
    for column, place in enumerate(statistic.places):
        columns[place.detector].append(column)
    table, epochs = statistic.nightly, [epoch.night for epoch in statistic.epochs]
    return [
        replace(summarise(table[:, own], epochs), detector=detector, columns=own)
        for detector, own in sorted(columns.items(), key=lambda item: natural(item[0] or ""))
    ]


def summarise_camera(
    statistic: Statistic, detectors: Sequence[DetectorSummary]
) -> DetectorSummary | None:
    """Return the median over the detectors, None where there are fewer than two.

    Its columns are positions in ``detectors``, or in the places of a number per detector.
    """
    epochs = [epoch.night for epoch in statistic.epochs]
    if len(detectors) > 1:
        medians = summarise(np.stack([one.median for one in detectors], axis=1), epochs)
        changes = summarise(np.stack([one.common for one in detectors], axis=1), epochs)
        return replace(medians, common=changes.common)
    if statistic.level == "detector" and len(statistic.places) > 1:
        return summarise(statistic.nightly, epochs)
    return None


def summarise(table: np.ndarray, epochs: Sequence[int] = ()) -> DetectorSummary:
    """Join the columns of a table of nights × places."""
    members = steady_columns(table)
    chosen = table[:, members]
    # The median of few of the members is another quantity: half of them must have a value.
    enough = 2 * np.isfinite(chosen).sum(axis=1) >= max(len(members), 1)
    finite = np.isfinite(table)
    some = finite.any(axis=1)
    return DetectorSummary(
        detector=None,
        columns=range(table.shape[1]),
        members=members,
        median=np.where(enough, _median(chosen), np.nan),
        common=np.where(enough, common_change(chosen, epochs), np.nan),
        low=np.where(some, np.where(finite, table, np.inf).min(axis=1), np.nan),
        high=np.where(some, np.where(finite, table, -np.inf).max(axis=1), np.nan),
    )


def steady_columns(table: np.ndarray) -> list[int]:
    """Return the columns with values in nearly as many nights as the best of them."""
    covered = np.isfinite(table).sum(axis=0)
    enough = covered >= max(STEADY * covered.max(initial=0), 1)
    return [int(column) for column in np.flatnonzero(enough)]


def common_change(table: np.ndarray, epochs: Sequence[int] = ()) -> np.ndarray:
    """Return the median level plus the median of the changes from each column's own level.

    The plain median of amplifiers whose levels differ follows whichever stands in the middle,
    so that one drifting amplifier would make its detector drift.
    """
    joined = np.full(len(table), np.nan)
    if not table.shape[1]:
        return joined
    for start, end in zip([0, *epochs], [*epochs, len(table)], strict=True):
        part = table[start:end]
        levels = median_rows(part) if len(part) else np.full(table.shape[1], np.nan)
        known = levels[np.isfinite(levels)]
        if len(known):
            joined[start:end] = np.median(known) + _median(part - levels)
    return joined


def _median(table: np.ndarray) -> np.ndarray:
    return median_rows(table.T) if table.shape[1] else np.full(len(table), np.nan)
