"""Student's distribution by its sum for whole degrees of freedom.

Loading scipy for it takes longer than finding all steps of a site.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist


@cache
def t_quantile(probability: float, freedom: int) -> float:
    """Give the value that t with so many degrees of freedom stays below so often.

    Newton's way from the quantile of the normal distribution, which lies nearer to zero: above
    zero the distribution bends down, so that no step leads too far.
    """
    if probability < 0.5:
        return -t_quantile(1 - probability, freedom)
    at = NormalDist().inv_cdf(probability)
    for _ in range(200):
        step = (probability - _below(at, freedom)) / _density(at, freedom)
        at += step
        if abs(step) <= 1e-15 * abs(at):
            break
    return at


def _below(at: float, freedom: int) -> float:
    """Return the share below a value (Abramowitz and Stegun 26.7.3 and 26.7.4)."""
    angle = math.atan2(at, math.sqrt(freedom))
    cosine = math.cos(angle)
    odd = freedom % 2
    term = cosine if odd else 1.0
    total = 0.0
    for n in range(2 + odd, freedom + 1, 2):
        total += term
        term *= cosine**2 * (n - 1) / n
    share = math.sin(angle) * total
    if odd:
        share = (angle + share) * 2 / math.pi
    return (1 + share) / 2


def _density(at: float, freedom: int) -> float:
    half = (freedom + 1) / 2
    scale = math.lgamma(half) - math.lgamma(freedom / 2) - math.log(freedom * math.pi) / 2
    return math.exp(scale - half * math.log1p(at * at / freedom))
