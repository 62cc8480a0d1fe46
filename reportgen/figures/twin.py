"""One pass over a figure for both files: matplotlib's own work per artist is done once."""

from __future__ import annotations

from typing import Any

from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.path import Path
from matplotlib.transforms import Transform
from matplotlib.typing import ColorType

from reportgen.figures.png import PngRenderer
from reportgen.figures.sheet import DPI, Sheet
from reportgen.figures.svg import SvgRenderer


class TwinRenderer(RendererBase):
    """Hands all that is drawn to an SVG and to a PNG renderer of the same size."""

    def __init__(self, svg: SvgRenderer, png: PngRenderer) -> None:
        super().__init__()
        self.svg, self.png = svg, png
        self.dpi = DPI

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Return the size in pixels of the PNG."""
        return self.svg.get_canvas_width_height()

    def points_to_pixels(self, points: Any) -> Any:
        """Return ``points`` in pixels of the PNG."""
        return self.svg.points_to_pixels(points)

    def open_group(self, s: str, gid: str | None = None) -> None:
        """Begin a group; pictures of pixels have none."""
        self.svg.open_group(s, gid)

    def close_group(self, s: str) -> None:
        """End a group."""
        self.svg.close_group(s)

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        rgbFace: ColorType | None = None,  # noqa: N803 - matplotlib's
    ) -> None:
        """Draw one path in both."""
        self.svg.draw_path(gc, path, transform, rgbFace)
        self.png.draw_path(gc, path, transform, rgbFace)  # type: ignore[no-untyped-call]

    def draw_markers(self, *what: Any) -> None:
        """Draw markers in both."""
        self.svg.draw_markers(*what)
        self.png.draw_markers(*what)

    def draw_text(self, gc: GraphicsContextBase, *what: Any, **kind: Any) -> None:
        """Write words in both; the PNG, which changes ``gc``, comes last."""
        self.svg.draw_text(gc, *what, **kind)
        self.png.draw_text(gc, *what, **kind)


def draw_twins(sheet: Sheet, prefix: str) -> TwinRenderer:
    """Draw the figure on ``sheet`` as SVG, with ids that begin with ``prefix``, and as PNG."""
    twins = TwinRenderer(
        SvgRenderer(sheet.width, sheet.height, prefix), PngRenderer(sheet.width, sheet.height)
    )
    sheet.figure.draw(twins)
    return twins
