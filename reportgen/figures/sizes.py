"""How large each kind of figure will be, in CSS pixels, decided without matplotlib."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reportgen.figures.grid import map_height
from reportgen.figures.history_plan import plan_history
from reportgen.figures.legend import Entry, Legend, plan_legend, series_entries
from reportgen.figures.style import (
    AXIS_HEIGHT,
    FAIL,
    FLAG_ROW,
    INK,
    LEGEND_ROW,
    MOST_FLAG_ROWS,
    MUTED,
    NAME_HEIGHT,
    NAME_ROOM,
    PASS,
    TITLE_HEIGHT,
    WIDTH,
    SeriesStyle,
    series_styles,
)
from reportgen.figures.text import plain
from reportgen.model import figures as requests

PLANE_HEIGHT = 220
CARD_WIDTH, CARD_HEIGHT = 600, 315
"""Twice as many pixels in the PNG: 1200 × 630, what link previews ask for."""
SCATTER_SIDE = 340
SCATTER_WIDTH = 600
DUMBBELL_ROW = 21
MOST_DUMBBELLS = 60
STRIP_HEIGHT, THIN_STRIP = 66, 36
"""Of a strip with a distribution, and of one that shows points alone."""
STRIP_LIMITS = 2
"""Rows for the words of limits above the strips."""
VERDICTS = {
    "improved": SeriesStyle(paint=PASS, marker="^"),
    "regressed": SeriesStyle(paint=FAIL, marker="v"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Width and height of a figure."""

    width: int
    height: int


def figure_size(request: requests.FigureRequest) -> Size:
    """Return the size of the figure that ``request`` will become."""
    return _SIZES[type(request)](request)


def plane_top(legend: Legend, flags: int) -> int:
    """Return where the data begin below a legend and the words of ``flags`` annotations."""
    rows = min(max(flags, 1), MOST_FLAG_ROWS)
    return TITLE_HEIGHT + legend.height + NAME_ROOM + FLAG_ROW * (rows - 1)


def scatter_legend() -> Legend:
    """Return the legend of a scatter plot: its line of equality."""
    equal = Entry(words="equal", style=SeriesStyle(paint=MUTED, marker=""))
    return plan_legend([equal], SCATTER_WIDTH)


def curve_legend(request: requests.CurveFigure) -> Legend:
    """Return the legend of the curves."""
    labels = [curve.label for curve in request.curves]
    return plan_legend(series_entries(labels, series_styles(labels), line=not request.points))


def histogram_legend(request: requests.HistogramFigure) -> Legend:
    """Return the legend of the samples; one alone needs none."""
    labels = [sample.label for sample in request.samples]
    return plan_legend(series_entries(labels, series_styles(labels)) if len(labels) > 1 else ())


def dumbbell_legend(request: requests.DumbbellFigure) -> Legend:
    """Return the legend of the two runs and of the verdicts that occur."""
    styles = {
        plain(request.before): SeriesStyle(paint=MUTED, marker="o", hollow=True),
        plain(request.after): SeriesStyle(paint=INK, marker="o"),
    }
    verdicts = {row.verdict for row in request.rows}
    styles |= {verdict: style for verdict, style in VERDICTS.items() if verdict in verdicts}
    return plan_legend(
        [Entry(words=words, style=style, line=False) for words, style in styles.items()]
    )


def _history(request: requests.HistoryFigure) -> Size:
    return Size(width=WIDTH, height=plan_history(request).height)


def _map(request: requests.MapFigure) -> Size:
    return Size(width=WIDTH, height=map_height(request))


def _scatter(request: requests.ScatterFigure) -> Size:  # noqa: ARG001 - all have one size
    top = plane_top(scatter_legend(), 0)
    return Size(width=SCATTER_WIDTH, height=top + SCATTER_SIDE + AXIS_HEIGHT + NAME_HEIGHT)


def _curve(request: requests.CurveFigure) -> Size:
    top = plane_top(curve_legend(request), 0)
    return Size(width=WIDTH, height=top + PLANE_HEIGHT + AXIS_HEIGHT + NAME_HEIGHT)


def _histogram(request: requests.HistogramFigure) -> Size:
    top = plane_top(histogram_legend(request), len(request.annotations)) + LEGEND_ROW
    return Size(width=WIDTH, height=top + PLANE_HEIGHT + AXIS_HEIGHT + NAME_HEIGHT)


def _dumbbell(request: requests.DumbbellFigure) -> Size:
    rows = DUMBBELL_ROW * max(min(len(request.rows), MOST_DUMBBELLS), 1)
    top = TITLE_HEIGHT + dumbbell_legend(request).height + 6
    return Size(width=WIDTH, height=top + rows + AXIS_HEIGHT + NAME_HEIGHT)


def strip_height(strip: requests.Strip) -> int:
    """Return the height of one strip."""
    return THIN_STRIP if len(strip.named) >= len(strip.values) else STRIP_HEIGHT


def _strips(request: requests.StripsFigure) -> Size:
    top = TITLE_HEIGHT + FLAG_ROW * (STRIP_LIMITS if request.limits else 0) + 8
    rows = sum(map(strip_height, request.strips)) or THIN_STRIP
    return Size(width=WIDTH, height=top + rows + AXIS_HEIGHT + NAME_HEIGHT)


def _card(request: requests.CardFigure) -> Size:  # noqa: ARG001 - all have the size of previews
    return Size(width=CARD_WIDTH, height=CARD_HEIGHT)


_SIZES: dict[type, Callable[[Any], Size]] = {
    requests.CardFigure: _card,
    requests.CurveFigure: _curve,
    requests.DumbbellFigure: _dumbbell,
    requests.HistogramFigure: _histogram,
    requests.HistoryFigure: _history,
    requests.MapFigure: _map,
    requests.ScatterFigure: _scatter,
    requests.StripsFigure: _strips,
}
