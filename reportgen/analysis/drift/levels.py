"""Where the present level of each series began, as far as its drift is concerned."""

from __future__ import annotations

import numpy as np

from reportgen.analysis.drift.nights import Nights
from reportgen.analysis.statistics.packed import BoolArray, FloatArray
from reportgen.analysis.steps.find import find_steps_many

STEP_OR_LINE = -1.5
"""Passed as ``alone`` to the search for steps: in a calibration a slow trend is the likelier
story, and an exchanged board makes a step too large to be taken for one."""


def last_step_times(nights: Nights, covariate: FloatArray | None = None) -> FloatArray:
    """Give the time of the first night after the last step of each series; nan without steps.

    What follows the covariate, shape (nights, series), is no step.
    """
    values = nights.values
    if covariate is not None:
        values = _without_covariate(nights, covariate)
    found = find_steps_many(list(values.T), alone=STEP_OR_LINE)
    return np.array([nights.times[one.steps[-1]] if one.steps else np.nan for one in found])


def _without_covariate(nights: Nights, covariate: FloatArray) -> FloatArray:
    """Subtract what follows the covariate in a fit of both it and time."""
    known = np.isfinite(nights.values)
    time = np.where(known, nights.times[:, None], 0.0)
    time, other, value = (
        np.where(known, one - one.sum(axis=0) / np.maximum(known.sum(axis=0), 1), 0.0)
        for one in (time, np.where(known, covariate, 0.0), np.where(known, nights.values, 0.0))
    )
    slope = (time * other).sum(axis=0) / np.maximum((time * time).sum(axis=0), 1e-300)
    apart = other - slope * time
    size = (apart * apart).sum(axis=0)
    known_size = size > 1e-12 * np.maximum((other * other).sum(axis=0), 1e-300)
    factor = (apart * value).sum(axis=0) / np.where(known_size, size, 1.0)
    return np.asarray(nights.values - np.where(known_size, factor, 0.0) * other)


def usable_nights(nights: Nights, begin: FloatArray, window_days: float | None) -> BoolArray:
    """Tell which nights of each series belong to the window and to its present level."""
    times = nights.times[:, None]
    usable = np.isfinite(nights.values) & ~(times < begin)
    if window_days is not None and len(times):
        usable &= times >= nights.times[-1] - window_days
    return np.asarray(usable)
