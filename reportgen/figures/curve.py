"""Curves and histograms that a job stored beside its measurements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reportgen.figures import hover
from reportgen.figures.plane import Axis, Plane, draw_plane
from reportgen.figures.scale import Floats, Range, finite
from reportgen.figures.sheet import Sheet, marker
from reportgen.figures.sizes import curve_legend, figure_size
from reportgen.figures.style import QUIET, Look, SeriesStyle, series_styles
from reportgen.figures.text import plain, quantity
from reportgen.model.figures import Curve, CurveFigure

_MOST_MARKED = 120
_MOST_HOVERED = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One curve as it is drawn; ``x`` of a histogram are the middles of its bins."""

    x: Floats
    y: Floats
    edges: Floats | None


def draw(request: CurveFigure, sheet: Sheet) -> None:
    """Draw curves on ``sheet``; one with an edge more than values is drawn as a histogram."""
    shapes = [_shape(curve) for curve in request.curves]
    styles = series_styles([curve.label for curve in request.curves])
    values = _range([shape.y for shape in shapes])
    if values and any(shape.edges is not None for shape in shapes):
        values = values.including([0.0])
    places = [shape.x if shape.edges is None else shape.edges for shape in shapes]
    span = values or Range(0.0, 1.0)
    across = (_range(places) or Range(0.0, 1.0)).padded(0.02)
    draw_plane(
        sheet,
        Plane(
            size=figure_size(request),
            title=request.title,
            x=Axis(range=across, label=request.x_label, unit=request.x_unit),
            y=Axis(range=span.padded(), label=request.y_label, unit=request.y_unit),
            legend=curve_legend(request),
            demonstration=request.demonstration,
        ),
    )
    for index, (shape, style) in enumerate(zip(shapes, styles, strict=True)):
        _draw_shape(sheet, shape, style, index, points=request.points)
    if values is None:
        middle = (sheet.box.left + sheet.box.right) / 2
        sheet.text(middle, sheet.box.top + 100, "No values", QUIET, align="center")
    sheet.hover |= _hover(sheet, request, shapes)


def _shape(curve: Curve) -> Shape:
    x, y = finite(curve.x), finite(curve.y)
    if len(x) == len(y) + 1:
        return Shape(x=(x[1:] + x[:-1]) / 2, y=y, edges=x)
    count = min(len(x), len(y))
    return Shape(x=x[:count], y=y[:count], edges=None)


def _range(arrays: Sequence[Floats]) -> Range | None:
    known = [array[np.isfinite(array)] for array in arrays]
    known = [array for array in known if len(array)]
    if not known:
        return None
    return Range(
        min(float(array.min()) for array in known), max(float(array.max()) for array in known)
    )


def _draw_shape(
    sheet: Sheet, shape: Shape, style: SeriesStyle, index: int, *, points: bool
) -> None:
    name = f"rg-series rg-series-{index}"
    look = Look(paint=style.paint, width=1.6, dashes=style.dashes)
    if shape.edges is not None:
        outline = np.concatenate(([0.0], np.repeat(shape.y, 2), [0.0]))
        sheet.curve(np.repeat(shape.edges, 2), outline, look, name=name)
        return
    count = len(shape.x)
    kind = marker(style, 3.4 if points and count > _MOST_MARKED else 5.5)
    if points:
        kind["linestyle"] = "none"
    elif count > _MOST_MARKED:
        kind["markevery"] = max(1, count // 12)
    sheet.curve(shape.x, shape.y, look, name=name, **kind)


def _hover(sheet: Sheet, request: CurveFigure, shapes: Sequence[Shape]) -> dict[str, Any]:
    series = []
    for curve, shape in zip(request.curves, shapes, strict=True):
        if len(shape.x) > _MOST_HOVERED:  # more than can be pointed at
            continue
        name = plain(request.x_label)
        entry = hover.series_entry(
            curve.label,
            y=hover.pixels(sheet.down(shape.y)),
            value=hover.exact(shape.y),
            text=[
                f"{name} {quantity(value, request.x_unit, 6)}".lstrip()
                for value in shape.x.tolist()
            ],
        )
        entry["x"] = hover.pixels(sheet.across(shape.x))
        series.append(entry)
    return {
        "kind": "curve",
        "unit": plain(request.y_unit),
        "box": hover.bounds(sheet.box),
        "series": series,
    }
