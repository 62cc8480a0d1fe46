"""Which steps stood already when the last points were not yet known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.analysis.statistics.packed import BoolArray, FloatArray, IntArray, measured
from reportgen.analysis.statistics.robust import Cleaned
from reportgen.analysis.steps.criterion import complexity
from reportgen.analysis.steps.likelihood import deviance
from reportgen.analysis.steps.outline import Outline
from reportgen.analysis.steps.segments import level_residuals
from reportgen.analysis.steps.staircase import MIN_LENGTH

LOOKS = 2
"""Earlier looks, each one point shorter, at which a step must have stood."""


def confirmed_steps(cleaned: Cleaned, outlines: Sequence[Outline]) -> list[list[bool]]:
    """Tell, for every step of every series, whether it stands since ``LOOKS`` looks.

    Only the last step of a series can be in doubt: the levels on both sides of an earlier one
    were complete before. The last one stood if, without the newest points, levels with it have
    a better criterion than levels without it.
    """
    verdicts = [[True] * len(outline.steps) for outline in outlines]
    rows = [row for row, outline in enumerate(outlines) if outline.steps]
    open_rows = []
    for row in rows:
        after = int(cleaned.counts[row]) - outlines[row].steps[-1].place
        verdicts[row][-1] = after >= MIN_LENGTH + LOOKS
        if verdicts[row][-1] and not (outlines[row].smooth or outlines[row].exact):
            open_rows.append(row)
    if open_rows:
        stood = _stood(cleaned, [outlines[row].starts for row in open_rows], np.array(open_rows))
        for row, stands in zip(open_rows, stood, strict=True):
            verdicts[row][-1] = bool(stands)
    return verdicts


def _stood(cleaned: Cleaned, starts: Sequence[Sequence[int]], rows: IntArray) -> BoolArray:
    """Compare levels with and without the last step at each earlier look."""
    known = cleaned.take(rows)
    with_it = np.zeros(known.values.shape, dtype=np.bool_)
    for row, places in enumerate(starts):
        with_it[row, list(places)] = True
    without = with_it.copy()
    without[np.arange(len(rows)), [places[-1] for places in starts]] = False
    looks = range(1, LOOKS + 1)
    counts = np.concatenate([known.counts - look for look in looks for _ in range(2)])
    models = np.concatenate([with_it, without] * LOOKS)
    repeated = known.take(np.tile(np.arange(len(rows)), 2 * LOOKS))
    found = _criterion(repeated, counts, models).reshape(LOOKS, 2, len(rows))
    return np.asarray((found[:, 0] < found[:, 1]).all(axis=0))


def _criterion(known: Cleaned, counts: IntArray, flags: BoolArray) -> FloatArray:
    """Give the criterion of levels for series of which only so many points are known yet."""
    keep = measured(counts, known.values.shape[1])
    residuals = level_residuals(np.where(keep, known.values, 0.0), counts, flags)
    steps = flags.sum(axis=1) - 1
    price = complexity(counts, steps, steps.astype(np.float64))
    return np.asarray(deviance(residuals, counts, known.floor) + price)
