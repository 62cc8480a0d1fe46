"""Student's distribution; scipy is imported at first use, since that takes a while."""

from __future__ import annotations

from functools import cache


@cache
def t_quantile(probability: float, freedom: int) -> float:
    """Give the value that t with so many degrees of freedom stays below so often."""
    from scipy.special import stdtrit  # noqa: PLC0415  (0.1 s that pages without steps save)

    return float(stdtrit(freedom, probability))
