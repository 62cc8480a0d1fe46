"""How well residuals look like noise: first-order autocorrelated, with heavy tails."""

from __future__ import annotations

import numpy as np

from reportgen.analysis.statistics.packed import FloatArray, IntArray

DEGREES = 5.0
"""Of the Student distribution: normal noise loses little, and two outliers make no step."""
MAX_AUTOCORRELATION = 0.6
"""Beyond it any step could be called noise."""
ROUNDS = 8
"""Of the fixed point for the scale; it gains a digit in each."""


def deviance(residuals: FloatArray, counts: IntArray, floor: FloatArray) -> FloatArray:
    """Fit AR(1) noise with Student innovations to each row of residuals.

    Gives -2 log likelihood up to a constant of the series.

    Parameters
    ----------
    residuals
        Shape (models, points), zero in the padding.
    floor
        Smallest variance to allow, per row: no fit may be better than the rounding of the data.
    """
    autocorrelation = _lag_one(residuals, counts)
    innovations = residuals.copy()
    innovations[:, 1:] -= autocorrelation[:, None] * residuals[:, :-1]
    if residuals.shape[1]:
        # The padding behind the last point must stay zero.
        beyond = np.flatnonzero(counts < residuals.shape[1])
        innovations[beyond, counts[beyond]] = 0.0
    squares = innovations * innovations
    variance = np.maximum(squares.sum(axis=1) / counts, floor)
    weighted = np.empty_like(squares)
    for _ in range(ROUNDS):
        np.divide(squares, variance[:, None], out=weighted)
        weighted += DEGREES
        np.divide(squares, weighted, out=weighted)
        variance = np.maximum((DEGREES + 1) * weighted.sum(axis=1) / counts, floor)
    tails = np.log1p(squares / (DEGREES * variance)[:, None]).sum(axis=1)
    return np.asarray(counts * np.log(variance) + (DEGREES + 1) * tails)


def _lag_one(residuals: FloatArray, counts: IntArray) -> FloatArray:
    """Give the least-squares autocorrelation, within 0 and its limit."""
    if residuals.shape[1] < 2:
        return np.zeros(len(residuals))
    product = np.einsum("ij,ij->i", residuals[:, 1:], residuals[:, :-1])
    total = np.einsum("ij,ij->i", residuals, residuals)
    rows = np.arange(len(residuals))
    inner = total - residuals[:, 0] ** 2 - residuals[rows, np.maximum(counts - 1, 0)] ** 2
    ratio = np.where(inner > 0, product / np.where(inner > 0, inner, 1.0), 0.0)
    return np.asarray(np.minimum(np.maximum(ratio, 0.0), MAX_AUTOCORRELATION))
