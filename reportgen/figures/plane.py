"""Axes of two numbers with marks: what histograms and curves share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.figures.annotations import draw_flags, plan_flags
from reportgen.figures.frame import (
    draw_header,
    draw_x_axis,
    draw_y_axis,
    left_margin,
    value_labels,
)
from reportgen.figures.layout import Box
from reportgen.figures.legend import Legend
from reportgen.figures.limits import NO_WORDS
from reportgen.figures.scale import Range
from reportgen.figures.sheet import IN_FRONT, Sheet
from reportgen.figures.sizes import PLANE_HEIGHT, Size
from reportgen.figures.style import (
    AXIS_HEIGHT,
    MARGIN,
    NAME_HEIGHT,
    TEXT_SIZE,
)
from reportgen.figures.text import axis_title
from reportgen.figures.textsize import text_width
from reportgen.figures.ticks import nice_ticks
from reportgen.model.figures import Annotation


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One axis: its range and its name."""

    range: Range
    label: str
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """All but the data."""

    size: Size
    title: str
    x: Axis
    y: Axis
    legend: Legend
    annotations: Sequence[Annotation] = ()
    demonstration: bool = False


def draw_plane(sheet: Sheet, plane: Plane) -> None:
    """Start a figure and draw its frame; the data come after."""
    x_ticks, y_ticks = nice_ticks(plane.x.range), nice_ticks(plane.y.range, most=6)
    bottom = plane.size.height - AXIS_HEIGHT - NAME_HEIGHT
    right = plane.size.width - NO_WORDS
    sheet.start(plane.size.width, plane.size.height)
    box = Box(left_margin(y_ticks), bottom - PLANE_HEIGHT, right, bottom)
    sheet.place_axes(box, plane.x.range, plane.y.range)
    draw_header(sheet, plane.title, plane.legend, demonstration=plane.demonstration)
    y_name = _name(plane.y, y_ticks.factor)
    draw_y_axis(sheet, y_ticks, y_name)
    draw_x_axis(sheet, value_labels(sheet, x_ticks), bottom, _name(plane.x, x_ticks.factor))
    flags = plan_flags(plane.annotations, sheet, taken=MARGIN + text_width(y_name, TEXT_SIZE))
    draw_flags(sheet, flags, order=IN_FRONT)
    sheet.hover["marks"] = flags.hover()


def _name(axis: Axis, factor: str) -> str:
    comma = "," if axis.label and (axis.unit or factor) else ""
    return axis_title(axis.label + comma, axis.unit, factor)
