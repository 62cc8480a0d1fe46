"""The file that a figure will become, known before it is drawn."""

from __future__ import annotations

from reportgen.figures.names import figure_name
from reportgen.figures.sizes import figure_size
from reportgen.figures.text import plain
from reportgen.model.figures import FigureFile, FigureRequest


def plan_figure(request: FigureRequest) -> FigureFile:
    """Return name, size and words of the figure, without drawing it."""
    size = figure_size(request)
    return FigureFile(
        name=figure_name(request),
        width=size.width,
        height=size.height,
        alt=plain(request.alt or request.title),
        caption=request.caption,
        title=request.title,
    )
