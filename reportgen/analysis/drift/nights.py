"""One value a night, from however many exposures it had."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reportgen.analysis.statistics.packed import LARGEST, FloatArray, pack
from reportgen.analysis.statistics.robust import clean

NIGHT_BEGINS = 0.5
"""Fraction of a day by which a night begins later than its date in UTC: ``day_obs`` is the date
of UTC - 12 h, so that the nights of Chile are not cut in two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nights:
    """Nightly values of many series."""

    times: FloatArray
    """Mean time of the exposures of each night, days."""
    values: FloatArray
    """Shape (nights, series); nan where a series has none."""


def one_value_per_night(times_days: npt.ArrayLike, values: npt.ArrayLike) -> Nights:
    """Average the exposures of each night, spikes left out, in order of time.

    Parameters
    ----------
    times_days
        Time of each exposure in days, for example an MJD; in any order. Exposures without a
        time are dropped.
    values
        Shape (exposures, series) or (exposures,).
    """
    times = np.asarray(times_days, dtype=np.float64)
    table = np.asarray(values, dtype=np.float64)
    table = table[:, None] if table.ndim == 1 else table
    known = np.isfinite(times)
    order = np.argsort(times[known], kind="stable")
    times, table = times[known][order], without_spikes(table[known][order])
    if not len(times):
        return Nights(times=times, values=table)
    night = np.floor(times - NIGHT_BEGINS)
    first = np.flatnonzero(np.diff(night, prepend=night[0] - 1))
    return Nights(
        times=np.add.reduceat(times, first) / np.diff(np.append(first, len(times))),
        values=_mean_of_groups(table, first),
    )


def without_spikes(table: FloatArray) -> FloatArray:
    """Blank the values far from their neighbours in time, shape (times, series)."""
    cleaned = np.where(np.abs(table) < LARGEST, table, np.nan)
    packed = pack(list(cleaned.T))
    spikes = clean(packed).spikes
    for column, positions in enumerate(packed.positions):
        cleaned[positions[spikes[column, : len(positions)]], column] = np.nan
    return cleaned


def _mean_of_groups(table: FloatArray, first: npt.NDArray[np.int64]) -> FloatArray:
    """Average runs of rows, missing values left out."""
    known = np.isfinite(table)
    number = np.add.reduceat(known.astype(np.float64), first, axis=0)
    total = np.add.reduceat(np.where(known, table, 0.0), first, axis=0)
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)
