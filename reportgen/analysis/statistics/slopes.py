"""Slopes of many series by generalised least squares with autocorrelated noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportgen.analysis.statistics.packed import FloatArray, IntArray

CORRELATIONS = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
"""Autocorrelations tried, over the typical distance of two nights."""
UNDETERMINED = 1e-10
"""Eigenvalue of the normal equations, relative to 1, below which a direction is left out."""
NOTICEABLE = 1e-3
"""Part of the slope in a direction left out, from which on the slope is not determined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """The nights on which series were measured, and what else explains them."""

    times: FloatArray
    """Days, increasing."""
    covariate: FloatArray | None
    """A condition such as a temperature, one value per night."""
    spacing: float
    """Typical distance of two nights, days: to it `CORRELATIONS` refer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slopes:
    """One entry per series."""

    slope: FloatArray
    """Per day."""
    error: FloatArray
    """Standard error of the slope, as if the autocorrelation were known; infinite where the
    covariate changed with time alone."""
    correlation: IntArray
    """Index of the likeliest of `CORRELATIONS`."""
    sigma: FloatArray
    """Standard deviation of the noise."""


def fit_slopes(design: Design, values: FloatArray) -> Slopes:
    """Fit level, slope and covariate, with the autocorrelation of highest restricted likelihood.

    Noise is a stationary AR(1) process in time, so nights may be irregular: two of distance d
    correlate with phi to the power d / spacing. Restricted likelihood: Patterson and Thompson
    1971, Biometrika 58, 545.

    Parameters
    ----------
    values
        Shape (series, nights), without gaps; more nights than coefficients.
    """
    columns = _columns(design)
    freedom = len(design.times) - len(columns)
    # Taking the ordinary fit off first keeps the digits of small residuals of steep lines.
    ordinary = values @ np.linalg.pinv(columns)
    rest = values - ordinary @ columns
    white = _whitening(design)
    solved = white.solve(columns)
    product = np.einsum("sn,cpn->scp", rest, solved.weighted, optimize=True)
    solution = np.einsum("cpq,scq->scp", solved.inverse, product)
    energy = white.energy(rest)
    squares = energy - np.einsum("scp,scp->sc", solution, product)
    squares = np.maximum(squares, 1e-14 * energy)
    deviance = freedom * np.log(squares + 1e-300) + white.log_variance + solved.log_size
    best = deviance.argmin(axis=1)
    rows = np.arange(len(values))
    variance = squares[rows, best] / freedom
    # Columns are of unit length: back to days.
    unit = np.sqrt(((design.times - design.times.mean()) ** 2).sum())
    unit = unit if unit > 0 else 1.0
    return Slopes(
        slope=(ordinary[:, 0] + solution[rows, best, 0]) / unit,
        error=np.sqrt(variance * np.maximum(solved.inverse[best, 0, 0], 0.0)) / unit,
        correlation=best,
        sigma=np.sqrt(variance),
    )


def _columns(design: Design) -> FloatArray:
    """Give the columns of the regression as rows of unit length: time, level, covariate."""
    columns = [design.times - design.times.mean(), np.ones(len(design.times))]
    if design.covariate is not None:
        columns.append(design.covariate - design.covariate.mean())
    table = np.array(columns)
    length = np.sqrt((table * table).sum(axis=1, keepdims=True))
    return np.asarray(table / np.where(length > 0, length, 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Solved:
    """The normal equations of each autocorrelation."""

    weighted: FloatArray
    """Columns times the inverse covariance of the noise, shape (correlations, columns, nights)."""
    inverse: FloatArray
    log_size: FloatArray
    """Logarithm of the determinant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Whitening:
    """What makes the noise white, for each autocorrelation; shape (correlations, nights)."""

    memory: FloatArray
    """Correlation of each night with the one before, zero for the first."""
    weight: FloatArray
    """One over the variance of what is new in each night."""

    @property
    def log_variance(self) -> FloatArray:
        return np.asarray(-np.log(self.weight).sum(axis=1))

    def solve(self, columns: FloatArray) -> _Solved:
        new = np.repeat(columns[None], len(self.memory), axis=0)
        new[:, :, 1:] -= self.memory[:, None, 1:] * columns[:, :-1]
        new *= self.weight[:, None]
        weighted = new.copy()
        weighted[:, :, :-1] -= self.memory[:, None, 1:] * new[:, :, 1:]
        size, axes = np.linalg.eigh(weighted @ columns.T)
        # A temperature that never changed has nothing to say, and must not spoil the rest.
        known = size > UNDETERMINED
        size = np.where(known, size, 1.0)
        inverse = np.einsum("cik,ck,cjk->cij", axes, known / size, axes)
        # One that changed with time alone leaves nothing known of the slope.
        mixed = (~known * np.abs(axes[:, 0])).max(axis=1) > NOTICEABLE
        inverse[mixed, 0, 0] = np.inf
        return _Solved(weighted=weighted, inverse=inverse, log_size=np.log(size).sum(axis=1))

    def energy(self, values: FloatArray) -> FloatArray:
        """Give the squares of the whitened values, shape (series, correlations)."""
        own = self.weight.copy()
        own[:, :-1] += self.memory[:, 1:] ** 2 * self.weight[:, 1:]
        between = -2 * self.memory[:, 1:] * self.weight[:, 1:]
        neighbours = values[:, 1:] * values[:, :-1]
        return np.asarray((values * values) @ own.T + neighbours @ between.T)


def _whitening(design: Design) -> _Whitening:
    distance = np.maximum(np.diff(design.times) / design.spacing, 1e-3)
    memory = np.zeros((len(CORRELATIONS), len(design.times)))
    memory[:, 1:] = CORRELATIONS[:, None] ** distance
    return _Whitening(memory=memory, weight=1 / (1 - memory**2))
