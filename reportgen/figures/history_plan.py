"""What a history will show and how much room it takes, decided without drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.figures.legend import Legend, history_entries, plan_legend
from reportgen.figures.missing import Gaps, plan_gaps
from reportgen.figures.points import Points, Positions, points, positions
from reportgen.figures.scale import Floats
from reportgen.figures.style import (
    AXIS_HEIGHT,
    FLAG_ROW,
    MOST_FLAG_ROWS,
    NAME_ROOM,
    TITLE_HEIGHT,
    SeriesStyle,
    series_styles,
)
from reportgen.model.figures import Annotation, HistoryFigure

PLOT_HEIGHT = 212


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPlan:
    """A request and what follows from it."""

    request: HistoryFigure
    placed: Positions
    series: Sequence[Points]
    styles: Sequence[SeriesStyle]
    gaps: Gaps
    legend: Legend
    marks: Sequence[Annotation]

    @property
    def top(self) -> int:
        """Return where the data begin, in pixels from the top."""
        rows = min(max(len(self.marks), 1), MOST_FLAG_ROWS)
        return TITLE_HEIGHT + self.legend.height + NAME_ROOM + FLAG_ROW * (rows - 1)

    @property
    def height(self) -> int:
        """Return the height of the figure."""
        return self.top + PLOT_HEIGHT + self.gaps.height + AXIS_HEIGHT


def plan_history(request: HistoryFigure) -> HistoryPlan:
    """Sort the values of ``request`` and count what has to stand around them."""
    placed = positions(request)
    series = [points(one, placed) for one in request.series]
    styles = series_styles([one.label for one in request.series])
    gaps = plan_gaps(series)
    entries = history_entries([one.label for one in series], styles)
    return HistoryPlan(
        request=request,
        placed=placed,
        series=series,
        styles=styles,
        gaps=gaps,
        legend=plan_legend([*entries, *gaps.entries()]),
        marks=_marks(request, series, placed.x),
    )


def _marks(request: HistoryFigure, series: Sequence[Points], x: Floats) -> list[Annotation]:
    """Return the annotations, and one for each break that none of them explains."""
    marks = list(request.annotations)
    cut: dict[int, list[str]] = {}
    for one in series:
        for place in np.flatnonzero(one.cuts).tolist():
            cut.setdefault(place, []).append(one.label)
    for place, labels in cut.items():
        low = float(x[place - 1]) if place else -np.inf
        explained = any(
            mark.kind == "epoch" and low < mark.position <= x[place] for mark in request.annotations
        )
        if not explained:
            words = "" if len(labels) == len(series) else f": {', '.join(labels)}"
            marks.append(Annotation(position=_between(x, place), text=f"new epoch{words}"))
    return marks


def _between(x: Floats, place: int) -> float:
    """Return the middle between a place and the one before it."""
    return float(x[place] + x[place - 1]) / 2 if place else float(x[0])
