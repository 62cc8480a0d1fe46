"""The nights of each series that a drift is measured on, and the measurement."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reportgen.analysis.drift.nights import Nights
from reportgen.analysis.drift.null import Null, null_of
from reportgen.analysis.statistics.packed import BoolArray, FloatArray, IntArray
from reportgen.analysis.statistics.slopes import CORRELATIONS, Design, fit_slopes

MIN_NIGHTS = 8
"""Fewer nights cannot show a slope, their autocorrelation and their noise at once."""
INTERVAL = 0.95
"""Coverage of the interval of a slope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What is known, and which nights of each series to use; shapes (nights, series)."""

    nights: Nights
    covariate: FloatArray | None
    usable: BoolArray

    @property
    def counts(self) -> IntArray:
        """Nights of each series."""
        return np.asarray(self.usable.sum(axis=0))

    def times(self, series: int) -> FloatArray:
        """Give the nights of one series."""
        return self.nights.times[self.usable[:, series]]

    def design(self, series: int) -> Design:
        """Give the regression of one series."""
        gaps = np.diff(self.nights.times)
        known = self.usable[:, series]
        return Design(
            times=self.nights.times[known],
            covariate=None if self.covariate is None else self.covariate[known, series],
            spacing=float(np.median(gaps)),
        )

    def centred(self, group: IntArray) -> FloatArray:
        """Give the values of series of the same nights about their means, without rounding."""
        values = self.nights.values[self.usable[:, group[0]]][:, group].T
        centred = values - values.mean(axis=1, keepdims=True)
        rounding = 1e-14 * np.abs(values).max(axis=1, keepdims=True)
        return np.where(np.abs(centred) > rounding, centred, 0.0)

    def alike(self) -> Iterator[IntArray]:
        """Group the series that were measured in the same nights and conditions."""
        enough = np.flatnonzero(self.counts >= MIN_NIGHTS)
        tables = [self.usable[:, enough].T.astype(np.float64)]
        if self.covariate is not None:
            tables.append(np.where(self.usable, self.covariate, 0.0)[:, enough].T)
        keys = [row.tobytes() for row in np.hstack(tables)]
        groups: dict[bytes, list[int]] = {}
        for series, key in zip(enough.tolist(), keys, strict=True):
            groups.setdefault(key, []).append(series)
        yield from (np.array(group) for group in groups.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One entry per series, nan with too few nights."""

    slope: FloatArray
    reach: FloatArray
    """Half the width of the interval of the slope."""
    p_value: FloatArray
    sigma: FloatArray
    autocorrelation: FloatArray


def measure(sample: Sample) -> Measured:
    """Fit the slopes and compare them with chance; nan with fewer than eight nights."""
    slope, reach, p_value, sigma, autocorrelation = np.full((5, len(sample.counts)), np.nan)
    nulls: dict[int, Null] = {}
    for group in sample.alike():
        design = sample.design(group[0])
        fit = fit_slopes(design, sample.centred(group))
        if np.isinf(fit.error).any():
            continue
        nights = _bin(len(design.times))
        null = nulls[nights] = nulls.get(nights) or null_of(design)
        statistic = fit.slope / np.maximum(fit.error, 1e-300)
        slope[group], sigma[group] = fit.slope, fit.sigma
        p_value[group] = null.p_value(statistic, fit.correlation)
        reach[group] = null.quantile(INTERVAL, fit.correlation) * fit.error
        autocorrelation[group] = CORRELATIONS[fit.correlation]
    return Measured(
        slope=slope,
        reach=reach,
        p_value=p_value,
        sigma=sigma,
        autocorrelation=autocorrelation,
    )


def _bin(nights: int) -> int:
    """Put series with nearly as many nights (15 %) together: chance treats them alike."""
    return round(math.log(nights) / math.log(1.15))
