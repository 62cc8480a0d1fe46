"""Arithmetic on tables of nights × places: medians that leave missing values out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.analysis.statistics.robust import MAD_TO_SIGMA
from reportgen.model.calibration_places import Place
from reportgen.model.calibration_verdicts import FAILED, NO_VERDICT, PASSED


def median_rows(values: np.ndarray) -> np.ndarray:
    """Return the median of each column, nan where a column has no value.

    Many times faster than `numpy.nanmedian`, and silent about columns without values.
    """
    ordered = np.sort(values, axis=0)  # nan last
    count = np.isfinite(ordered).sum(axis=0)
    low = np.take_along_axis(ordered, np.maximum((count - 1) // 2, 0)[None], axis=0)[0]
    high = np.take_along_axis(
        ordered, np.minimum(count // 2, len(values) - 1).clip(min=0)[None], axis=0
    )[0]
    return np.where(count > 0, (low + high) / 2, np.nan)


def nightly_median(values: np.ndarray, night: np.ndarray, nights: int) -> np.ndarray:
    """Join the points of each night: shape points × places becomes nights × places.

    ``night``: that of each point, as `TimeAxis.point_nights`.
    """
    joined = np.full((nights, values.shape[1]), np.nan)
    for number in range(nights):
        points = values[night == number]
        if len(points) == 1:
            joined[number] = points[0]
        elif len(points):
            joined[number] = median_rows(points)
    return joined


def nightly_worst(outcomes: np.ndarray, night: np.ndarray, nights: int) -> np.ndarray:
    """Join the verdicts of each night: failed where any of them failed."""
    joined = np.full((nights, outcomes.shape[1]), NO_VERDICT, dtype=np.int8)
    for number in range(nights):
        points = outcomes[night == number]
        failed, passed = (points == FAILED).any(axis=0), (points == PASSED).any(axis=0)
        joined[number] = np.where(failed, FAILED, np.where(passed, PASSED, NO_VERDICT))
    return joined


def last_verdicts(nightly: np.ndarray) -> np.ndarray:
    """Return the last verdict of each place in some nights: shape nights × places, or none."""
    last = np.full(nightly.shape[1], NO_VERDICT, dtype=nightly.dtype)
    for verdicts in nightly:
        last = np.where(verdicts == NO_VERDICT, last, verdicts)
    return last


def at_places(
    table: np.ndarray, places: Sequence[Place], wanted: Sequence[Place], missing: float
) -> np.ndarray:
    """Return the columns of a table for other places; ``missing`` where it has none."""
    column_of = {place: column for column, place in enumerate(places)}
    found = np.full((len(table), len(wanted)), missing, dtype=table.dtype)
    for column, place in enumerate(wanted):
        if place in column_of:
            found[:, column] = table[:, column_of[place]]
    return found


def scatter(values: np.ndarray) -> np.ndarray:
    """Return the robust standard deviation from night to night, per column.

    From the median of the absolute first differences (1.4826 MAD / √2), so that drifts and
    steps do not count; nan for columns with fewer than two values.
    """
    result = np.full(values.shape[1], np.nan)
    for column in range(values.shape[1]):
        known = values[np.isfinite(values[:, column]), column]
        if len(known) > 1:
            result[column] = MAD_TO_SIGMA * np.median(np.abs(np.diff(known))) / np.sqrt(2)
    return result
