"""What stands where figures are collected."""

from __future__ import annotations

from typing import Any

from reportgen.figures import plan_figure
from reportgen.model.figures import FigureRequest


class Drawing:
    """Stands where the figures are collected; keeps what was asked for."""

    def __init__(self) -> None:
        self.requests: list[FigureRequest] = []

    def __call__(self, request: FigureRequest) -> Any:
        """Return the file of a figure."""
        self.requests.append(request)
        return plan_figure(request)
