"""Conditions such as a temperature: what else explains the numbers of a stage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.analysis.statistics.robust import MAD_TO_SIGMA
from reportgen.analysis.steps.find import find_steps_many
from reportgen.model.calibration_places import Place
from reportgen.model.calibrations import Statistic

_CONDITION = re.compile(r"(?:^|_)(?:TEMP|TEMPERATURE|PRESSURE|HUMIDITY)(?:_|$)", re.IGNORECASE)


FEWEST_NIGHTS = 12
"""Fewer nights tell nothing about the influence of a condition."""
OUTLIER_SIGMA = 5.0
"""Changes from night to night beyond so many robust standard deviations are steps or spikes."""
SIGNIFICANT = 3.0
"""Standard errors beyond which an influence counts."""


def is_covariate(name: str) -> bool:
    """Tell whether a statistic is a condition of the measurement and not its result."""
    return _CONDITION.search(name) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition at the places of one statistic."""

    name: str
    values: np.ndarray
    """Shape nights × places."""

    def means(self, groups: Sequence[Sequence[int]]) -> np.ndarray:
        """Return its mean over groups of places, shape nights × groups."""
        columns = []
        for group in groups:
            own = self.values[:, list(group)]
            known = np.isfinite(own)
            total = np.where(known, own, 0.0).sum(axis=1)
            number = known.sum(axis=1)
            columns.append(np.where(number > 0, total / np.maximum(number, 1), np.nan))
        return np.stack(columns, axis=1)


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions that a stage has."""

    known: Sequence[Statistic]

    def at(self, statistic: Statistic) -> Condition | None:
        """Return the condition at the places of a statistic, None where there is none.

        At each place its own counts, else that of its detector, else that of the exposure. A
        condition that is missing in most of the nights with values is left out: with it, those
        nights would be lost.
        """
        for known in self.known:
            if known.physical_filter not in (None, statistic.physical_filter):
                continue
            columns = _columns(known, statistic.places)
            if columns is None:
                continue
            values = known.nightly[:, columns]
            measured = np.isfinite(statistic.nightly)
            both = measured & np.isfinite(values)
            if 2 * both.sum() > measured.sum():
                return Condition(name=known.label, values=values)
        return None


def find_conditions(statistics: Sequence[Statistic]) -> Conditions:
    """Return the conditions among the statistics of a stage, those given by place first."""
    found = [statistic for statistic in statistics if statistic.is_covariate]
    return Conditions(sorted(found, key=lambda statistic: -len(statistic.places)))


def _columns(condition: Statistic, places: Sequence[Place]) -> list[int] | None:
    column_of = {place: column for column, place in enumerate(condition.places)}
    columns = []
    for place in places:
        wider = (place, Place(detector=place.detector), Place())
        found = next((column_of[one] for one in wider if one in column_of), None)
        if found is None:
            return None
        columns.append(found)
    return columns


def without_condition(
    times: np.ndarray, values: np.ndarray, condition: np.ndarray | None
) -> np.ndarray:
    """Return nightly values with the influence of a condition taken out, for finding steps.

    First roughly, by the slope between the changes from night to night of value and condition:
    neither a step nor a slow drift of the value can pass for it. Then by least squares beside
    the levels found so far and a drift. An influence counts where it is significant; the
    condition is taken about its median, so that values keep their level.

    Parameters
    ----------
    times
        MJD of the nights.
    values, condition
        Shape nights × series.
    """
    if condition is None:
        return values
    known = np.isfinite(values) & np.isfinite(condition)
    columns = np.flatnonzero(known.sum(axis=0) >= FEWEST_NIGHTS)
    rough = values.copy()
    for column in columns:
        value, other = values[known[:, column], column], condition[known[:, column], column]
        rough[known[:, column], column] -= _rough(value, other) * (other - np.median(other))
    corrected = values.copy()
    steps = find_steps_many(list(rough[:, columns].T))
    for column, found in zip(columns, steps, strict=True):
        rows = np.flatnonzero(known[:, column])
        other = condition[rows, column]
        levels = np.searchsorted(np.array(found.steps), rows, side="right")
        usual = np.isin(rows, found.spikes, invert=True)
        influence = _influence(times[rows], values[rows, column], other, levels, usual)
        corrected[rows, column] -= influence * (other - np.median(other))
    return corrected


def _rough(value: np.ndarray, condition: np.ndarray) -> float:
    """Return the slope of the changes from night to night, steps and spikes left out."""
    change, other = np.diff(value), np.diff(condition)
    centre = float(np.median(change))
    spread = MAD_TO_SIGMA * float(np.median(np.abs(change - centre)))
    usual = np.abs(change - centre) <= OUTLIER_SIGMA * spread
    change, other = change[usual], other[usual]
    squares = float(other @ other)
    return float(change @ other) / squares if squares > 0 else 0.0


def _influence(
    times: np.ndarray,
    value: np.ndarray,
    condition: np.ndarray,
    levels: np.ndarray,
    usual: np.ndarray,
) -> float:
    """Return the coefficient of the condition beside levels and drift, 0 if not significant."""
    design = [levels == level for level in np.unique(levels)]
    span = max(float(np.ptp(times)), 1.0)
    columns = np.array([condition, (times - times.mean()) / span, *design], dtype=float)[:, usual]
    known = value[usual]
    left = len(known) - len(columns)
    if left < 2 or np.ptp(columns[0]) == 0:
        return 0.0
    inverse = np.linalg.pinv(columns @ columns.T)
    solution = inverse @ (columns @ known)
    rest = known - solution @ columns
    error = float(np.sqrt(rest @ rest / left * inverse[0, 0]))
    return float(solution[0]) if abs(solution[0]) > SIGNIFICANT * error else 0.0
