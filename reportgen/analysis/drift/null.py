"""How large a slope looks by chance, where the autocorrelation itself had to be estimated."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from reportgen.analysis.statistics.packed import FloatArray, IntArray
from reportgen.analysis.statistics.slopes import CORRELATIONS, Design, fit_slopes

DRAWS = 1500
"""Simulated series for each autocorrelation."""
SEED = 20250801
LIKELY = np.array([20.0, 5.0, 2.0, 1.0, 0.7, 0.5, 0.5, 0.5, 0.15, 0.03])
"""How often each of `CORRELATIONS` is met, before looking: nights are mostly independent, and
rarely more alike than over a few days."""
BODY, TAIL = 0.10, 0.02
"""Shares of the simulated statistics at which Student's distribution is matched to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Null:
    """Distribution of slope / error without a slope, for each estimated autocorrelation.

    Student's with its own scale and degrees of freedom, one entry per `CORRELATIONS`. Through
    it p-values go on below 1 / draws, which thousands of amplifiers need.
    """

    scale: FloatArray
    freedom: FloatArray

    def p_value(self, statistic: FloatArray, correlation: IntArray) -> FloatArray:
        """Give the two-sided p of each statistic."""
        from scipy.special import stdtr  # noqa: PLC0415

        size = np.abs(statistic) / self.scale[correlation]
        return np.asarray(2 * stdtr(self.freedom[correlation], -size))

    def quantile(self, probability: float, correlation: IntArray) -> FloatArray:
        """Give the size that the statistic stays below with a probability, on both sides."""
        from scipy.special import stdtrit  # noqa: PLC0415

        upper = stdtrit(self.freedom[correlation], 0.5 + probability / 2)
        return np.asarray(self.scale[correlation] * upper)


def null_of(design: Design) -> Null:
    """Simulate the slopes of noise measured on these nights; the same each time."""
    other = b"" if design.covariate is None else design.covariate.tobytes()
    return _null_of(design.times.tobytes(), other, design.spacing)


@lru_cache(maxsize=256)
def _null_of(times: bytes, covariate: bytes, spacing: float) -> Null:
    design = Design(
        times=np.frombuffer(times),
        covariate=np.frombuffer(covariate) if covariate else None,
        spacing=spacing,
    )
    found = fit_slopes(design, _draw(design))
    statistic = np.abs(found.slope / found.error)
    weight = np.repeat(LIKELY, DRAWS)
    fits = [
        _match(statistic[near], weight[near])
        for near in (
            np.abs(found.correlation - index) <= _reach(found.correlation, index)
            for index in range(len(CORRELATIONS))
        )
    ]
    return Null(
        scale=np.array([fit.scale for fit in fits]),
        freedom=np.array([fit.freedom for fit in fits]),
    )


def _draw(design: Design) -> FloatArray:
    """Draw AR(1) noise on the nights, a block of rows for each autocorrelation."""
    nights = len(design.times)
    noise = np.random.default_rng(SEED).standard_normal((nights, len(CORRELATIONS), DRAWS))
    distance = np.maximum(np.diff(design.times) / design.spacing, 1e-3)
    for night, gap in enumerate(distance, start=1):
        memory = (CORRELATIONS**gap)[:, None]
        noise[night] = memory * noise[night - 1] + np.sqrt(1 - memory**2) * noise[night]
    return noise.reshape(nights, -1).T


def _reach(correlation: IntArray, index: int) -> int:
    """Widen the neighbourhood of an estimate until it holds enough draws."""
    for reach in range(len(CORRELATIONS)):
        if (np.abs(correlation - index) <= reach).sum() >= DRAWS // 2:
            return reach
    return len(CORRELATIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    scale: float
    freedom: float


def _match(statistic: FloatArray, weight: FloatArray) -> _Fit:
    """Match Student's distribution to two quantiles of the simulated sizes."""
    from scipy.special import stdtrit  # noqa: PLC0415

    order = np.argsort(-statistic)
    beyond = np.cumsum(weight[order]) / weight.sum()
    body = float(statistic[order][np.searchsorted(beyond, BODY)])
    tail = float(statistic[order][np.searchsorted(beyond, TAIL)])
    # Fewer degrees of freedom: a longer tail.
    freedom = np.geomspace(3, 300, 60)
    ratio = stdtrit(freedom, 1 - TAIL / 2) / stdtrit(freedom, 1 - BODY / 2)
    best = int(np.abs(ratio - tail / body).argmin())
    scale = tail / float(stdtrit(freedom[best], 1 - TAIL / 2))
    return _Fit(scale=scale, freedom=float(freedom[best]))
