"""Which kind of request is drawn by whom: a new figure is a new file and a line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reportgen.figures import card, curve, dumbbell, histogram, history, maps, scatter, strips
from reportgen.figures.sheet import Sheet
from reportgen.model import figures as requests

DRAW: dict[type, Callable[[Any, Sheet], None]] = {
    requests.CardFigure: card.draw,
    requests.CurveFigure: curve.draw,
    requests.DumbbellFigure: dumbbell.draw,
    requests.HistogramFigure: histogram.draw,
    requests.HistoryFigure: history.draw,
    requests.MapFigure: maps.draw,
    requests.ScatterFigure: scatter.draw,
    requests.StripsFigure: strips.draw,
}
