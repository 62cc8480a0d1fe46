"""The series of a history as arrays: what is known, missing, cut and alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.figures.scale import Floats, Range, finite
from reportgen.figures.text import plain
from reportgen.model.figures import ELSEWHERE, HistoryFigure, Series

NO_REASON = "no value"
PAUSE = 6.0
"""Usual intervals between runs after which the line is not drawn on."""
_FAR = 20.0
"""Spans beyond the axis at which a line towards an outlier may end; it is not seen there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Positions:
    """Where the runs stand on the horizontal axis, in ascending order."""

    order: NDArray[np.intp]
    """Which run of the request stands at each place; runs without a time are left out."""
    x: Floats
    pauses: NDArray[np.bool_]
    """Whether nothing was run for long before this place: no line leads over a pause."""
    left_out: int

    def pick(self, values: Sequence[str]) -> list[str]:
        """Return what belongs to the placed runs; empty if there is nothing."""
        if not values:
            return []
        return [values[index] if index < len(values) else "" for index in self.order.tolist()]


def positions(request: HistoryFigure) -> Positions:
    """Order runs by time where there is one; the order of the request otherwise."""
    count = len(request.labels)
    if not len(request.times):
        return Positions(
            order=np.arange(count),
            x=np.arange(count, dtype=np.float64),
            pauses=np.zeros(count, dtype=bool),
            left_out=0,
        )
    times = finite(request.times)[:count]
    order = np.argsort(times, kind="stable")
    order = order[np.isfinite(times[order])]
    x = times[order]
    return Positions(order=order, x=x, pauses=_pauses(x), left_out=count - len(order))


def _pauses(x: Floats) -> NDArray[np.bool_]:
    """Return the places before which many times the usual interval has passed."""
    intervals = np.diff(x, prepend=x[:1])
    usual = np.median(intervals[intervals > 0]) if (intervals > 0).any() else 0.0
    pauses: NDArray[np.bool_] = intervals > PAUSE * usual
    return pauses


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """One series at the placed runs."""

    label: str
    y: Floats
    cuts: NDArray[np.bool_]
    """Whether a new epoch begins here."""
    parted: NDArray[np.bool_]
    """Whether no line leads here from the place before: a new epoch, or a pause."""
    reasons: Sequence[str]
    missing: NDArray[np.intp]
    """The places without a value, but for those where another curve has it."""

    def missing_reasons(self) -> list[str]:
        """Say for each missing value why there is none."""
        places = self.missing.tolist()
        if not self.reasons:
            return [NO_REASON] * len(places)
        return [plain(self.reasons[place]) or NO_REASON for place in places]

    def lone(self) -> NDArray[np.intp]:
        """Return the places whose value no line reaches."""
        known = np.isfinite(self.y)
        joined = known[1:] & known[:-1] & ~self.parted[1:]
        before = np.concatenate(([False], joined))
        after = np.concatenate((joined, [False]))
        return np.flatnonzero(known & ~before & ~after)

    def beyond(self, span: Range) -> NDArray[np.intp]:
        """Return the places whose value lies outside the axis."""
        return np.flatnonzero((self.y < span.low) | (self.y > span.high))


def points(series: Series, placed: Positions) -> Points:
    """Take the values of ``series`` in the order of the axis."""
    count = int(placed.order.max()) + 1 if len(placed.order) else 0
    values = np.full(max(count, len(series.values)), np.nan)
    values[: len(series.values)] = finite(series.values) if len(series.values) else ()
    cuts = np.isin(placed.order, np.array(series.breaks, dtype=int))
    y, reasons = values[placed.order], placed.pick(series.reasons)
    without = np.isnan(y)
    if ELSEWHERE in reasons:
        without &= np.array(reasons) != ELSEWHERE
    return Points(
        label=series.label,
        y=y,
        cuts=cuts,
        parted=cuts | placed.pauses,
        reasons=reasons,
        missing=np.flatnonzero(without),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Coordinates of a curve; nan parts it."""

    x: Floats
    y: Floats
    places: NDArray[np.intp]
    """Where in ``x`` each place stands."""


def line(x: Floats, series: Points, span: Range) -> Line:
    """Return the curve of a series, parted where values are missing, and at epochs and pauses."""
    far = _FAR * span.span
    y = np.clip(series.y, span.low - far, span.high + far)
    cuts = np.flatnonzero(series.parted)
    places = np.arange(len(x)) + np.cumsum(series.parted)
    return Line(x=np.insert(x, cuts, np.nan), y=np.insert(y, cuts, np.nan), places=places)
