"""Figures that pages ask for, collected so that each is drawn once."""

from __future__ import annotations

from reportgen.figures import plan_figure
from reportgen.model.figures import FigureFile, FigureRequest


class FigureBook:
    """Gives each figure its file at once; the drawing comes later."""

    def __init__(self) -> None:
        self.requests: dict[str, FigureRequest] = {}

    def add(self, request: FigureRequest) -> FigureFile:
        """Return the file that this figure will be in."""
        file = plan_figure(request)
        self.requests.setdefault(file.name, request)
        return file
