"""Drift: the slow trend of a calibration, and whether it can be told from noise."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from reportgen.analysis.drift.levels import last_step_times, usable_nights
from reportgen.analysis.drift.nights import one_value_per_night
from reportgen.analysis.drift.sample import Measured, Sample, measure
from reportgen.analysis.statistics.multiple import benjamini_hochberg
from reportgen.analysis.statistics.packed import FloatArray

MONTH = 30.0
"""Days to which slopes refer."""

DriftVerdict = Literal["drifting", "stable", "cannot_tell"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """The slow trend of one series; numbers are nan with too few nights."""

    slope_per_30d: float
    ci_low: float
    ci_high: float
    """95 % interval of the slope per 30 days."""
    p_value: float
    q_value: float
    """After Benjamini-Hochberg over the series analysed together."""
    verdict: DriftVerdict
    """``drifting``: significant and, where a tolerance is stated, beyond it over the window;
    ``stable``: the interval lies inside the tolerance; ``cannot_tell``: neither."""
    n_nights: int
    """Nights used: those since the last step, within the window."""
    since: float
    """Time of the first of them, days."""
    change: float
    """Total change over the nights used: slope times their span."""
    sigma: float
    """Standard deviation from night to night about the line."""
    autocorrelation: float
    """Of neighbouring nights."""


def find_drift(
    times_days: npt.ArrayLike,
    values: npt.ArrayLike,
    *,
    covariate: npt.ArrayLike | None = None,
    tolerance: float | None = None,
    window_days: float | None = None,
    alpha: float = 0.01,
) -> Drift:
    """Measure the slow trend of one series; parameters as in `find_drifts`."""
    column = np.asarray(values, dtype=np.float64).reshape(-1, 1)
    return find_drifts(
        times_days,
        column,
        covariate=covariate,
        tolerance=tolerance,
        window_days=window_days,
        alpha=alpha,
    )[0]


def find_drifts(
    times_days: npt.ArrayLike,
    values: npt.ArrayLike,
    *,
    covariate: npt.ArrayLike | None = None,
    tolerance: float | npt.ArrayLike | None = None,
    window_days: float | None = None,
    alpha: float = 0.01,
    since: npt.ArrayLike | None = None,
) -> list[Drift]:
    """Measure the slow trends of many series observed on the same nights.

    Parameters
    ----------
    times_days
        Time of each exposure in days, for example an MJD; any order, several a night.
    values
        Shape (exposures, series), nan where missing.
    covariate
        A condition such as a temperature, removed in the same fit: one value per exposure, or
        one per exposure and series.
    tolerance
        Total change that matters to nobody, in the unit of the values, for all or for each.
        Without one, a change below one sigma of the nights counts as stable.
    window_days
        Look back so many days from the last night; None: the whole history.
    alpha
        False discovery rate below which a slope is significant.
    since
        For each series, the time before which its values belong to another level; nan: none.
        None: from its last step (an exchanged board is a step, not a drift).

    Notes
    -----
    p-values compare slope / error with simulated noise of the same nights: see
    `reportgen.analysis.drift.null`.
    """
    nights = one_value_per_night(times_days, values)
    other = None
    if covariate is not None:
        other = one_value_per_night(times_days, covariate).values
        other = np.broadcast_to(other, nights.values.shape)
        nights = replace(nights, values=np.where(np.isfinite(other), nights.values, np.nan))
    begin = np.asarray(last_step_times(nights, other) if since is None else since, np.float64)
    sample = Sample(
        nights=nights, covariate=other, usable=usable_nights(nights, begin, window_days)
    )
    limit = np.full(nights.values.shape[1], np.nan)
    limit[:] = np.nan if tolerance is None else np.asarray(tolerance, dtype=np.float64)
    return list(_judge(sample, measure(sample), limit, alpha))


def _judge(
    sample: Sample, measured: Measured, tolerance: FloatArray, alpha: float
) -> Iterator[Drift]:
    q_value = benjamini_hochberg(measured.p_value)
    for row, count in enumerate(sample.counts.tolist()):
        times = sample.times(row)
        span = float(times[-1] - times[0]) if count else math.nan
        slope, reach = float(measured.slope[row]), float(measured.reach[row])
        drift = Drift(
            slope_per_30d=slope * MONTH,
            ci_low=(slope - reach) * MONTH,
            ci_high=(slope + reach) * MONTH,
            p_value=float(measured.p_value[row]),
            q_value=float(q_value[row]),
            verdict="cannot_tell",
            n_nights=count,
            since=float(times[0]) if count else math.nan,
            change=slope * span,
            sigma=float(measured.sigma[row]),
            autocorrelation=float(measured.autocorrelation[row]),
        )
        yield replace(drift, verdict=_verdict(drift, span, float(tolerance[row]), alpha))


def _verdict(drift: Drift, span: float, tolerance: float, alpha: float) -> DriftVerdict:
    stated = math.isfinite(tolerance)
    if drift.q_value <= alpha and not (stated and abs(drift.change) <= tolerance):
        return "drifting"
    largest = max(abs(drift.ci_low), abs(drift.ci_high)) * span / MONTH
    if largest <= (tolerance if stated else drift.sigma):
        return "stable"
    return "cannot_tell"
