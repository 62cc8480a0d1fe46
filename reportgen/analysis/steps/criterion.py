"""The price of a step, and of every other thing a model may contain."""

from __future__ import annotations

import numpy as np

from reportgen.analysis.statistics.packed import FloatArray, IntArray

STEP_PRICE = 3.2
STEP_PRICE_PER_LOG = 2.5
"""A step must lower the deviance by 3.2 + 2.5 ln n: BIC would ask for 2 ln n (a place and a
level), which a search over all places reaches by chance too often in short series. Chosen on
simulated noise for false steps in at most 1 % of white series of 6 to 300 points."""
LINE = 0.4
"""One slope in place of a level, in steps."""
KINK = 0.9
"""A place where a line bends, in steps: a place and a slope. Cheaper than a step, so that of a
staircase and a bent line with as many places the line is taken."""
BREAK = 2.0
"""A place where a line bends and jumps, in steps: a place, a slope and a level; dear, because two
lines can follow any curve."""
SINE = 1.55
"""A sine of free period, in steps: amplitude, phase and period."""
PROPOSAL_PER_LOG = 2.0
"""Penalty, in robust variances, of the partition that proposes steps: too many, on purpose."""
ALONE = 3.5
"""What a trend must gain, times ln n, over a single step: one step is the simpler story."""


def step_price(counts: IntArray) -> FloatArray:
    """Give the price of one step in a series of so many points."""
    return STEP_PRICE + STEP_PRICE_PER_LOG * np.log(np.maximum(counts, 2))


def complexity(counts: IntArray, breaks: IntArray, cost: FloatArray) -> FloatArray:
    """Price a model with so many ``breaks`` that cost so many steps.

    The factor is the small-sample correction of the variance (as in AICc): with few points
    left over, residuals are small whatever the truth. Models that leave fewer than two are
    not allowed.
    """
    left = counts - 3 - breaks
    price = step_price(counts) * counts / np.maximum(left, 1) * cost
    return np.where((left < 2) & (cost > 0), np.inf, price)
