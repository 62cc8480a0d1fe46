"""Requests for tests, and what can be read off a drawn sheet."""

from __future__ import annotations

import json
import math
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
from matplotlib.lines import Line2D

from reportgen.figures.artists import Label, Marks, Stroke
from reportgen.figures.document import svg_document
from reportgen.figures.kinds import DRAW
from reportgen.figures.sheet import Sheet
from reportgen.figures.twin import draw_twins
from reportgen.model.figures import (
    FigureRequest,
    HistoryFigure,
    Limit,
    MapFigure,
    ScatterFigure,
    Series,
)

NAN = math.nan
DESIGN = Limit(label="design", value=5.0, operator="<=")


def make_series(label: str = "r", values: Any = (4.8, 5.0, 5.1), **more: Any) -> Series:
    """Return one series."""
    return Series(label=label, values=tuple(values), **more)


def make_history(*series: Series, **more: Any) -> HistoryFigure:
    """Return a history; labels are made up to fit."""
    shown = series or (make_series(),)
    count = max(len(one.values) for one in shown)
    fields: dict[str, Any] = {
        "title": "validate_drp.PA1",
        "unit": "mmag",
        "labels": [f"w_2021_{run:02d}" for run in range(count)],
        "series": shown,
    }
    return HistoryFigure(**(fields | more))


def make_map(values: Any = ((1.0, 2.0), (3.0, NAN)), **more: Any) -> MapFigure:
    """Return a map; names of rows and columns are made up to fit."""
    fields: dict[str, Any] = {
        "title": "bias NOISE",
        "unit": "adu",
        "rows": [f"R22_S{row:02d}" for row in range(len(values))],
        "columns": [f"C{column:02d}" for column in range(len(values[0]))],
        "values": values,
    }
    return MapFigure(**(fields | more))


def make_scatter(x: Any, y: Any, **more: Any) -> ScatterFigure:
    """Return a scatter plot; names of members are made up to fit."""
    fields: dict[str, Any] = {
        "title": "PA1",
        "unit": "mmag",
        "x_label": "w_2021_30",
        "y_label": "w_2021_34",
        "members": [f"tract {member}" for member in range(len(x))],
        "x": tuple(x),
        "y": tuple(y),
    }
    return ScatterFigure(**(fields | more))


def drawn(request: FigureRequest) -> Sheet:
    """Return a new sheet with the figure."""
    sheet = Sheet()
    DRAW[type(request)](request, sheet)
    return sheet


def words(sheet: Sheet) -> list[str]:
    """Return all that is written on a sheet."""
    return [label.get_text() for label in labels(sheet)]


def labels(sheet: Sheet) -> list[Label]:
    """Return all words with their places."""
    return [artist for artist in sheet.figure.artists if isinstance(artist, Label)]


def curves(sheet: Sheet) -> list[Line2D]:
    """Return the lines of all series, in the coordinates of the axes."""
    return [line for line in sheet.axes.lines if "rg-series" in (line.get_gid() or "").split()]


def strokes(sheet: Sheet, name: str) -> list[Stroke]:
    """Return the lines of a kind, in pixels: ``rg-limit`` or ``rg-mark``."""
    artists = sheet.figure.artists
    return [one for one in artists if isinstance(one, Stroke) and one.get_gid() == name]


def marks(sheet: Sheet) -> list[Marks]:
    """Return the markers in and below the area of the data, in pixels."""
    artists = sheet.figure.artists
    return [one for one in artists if isinstance(one, Marks) and one.y[0] > sheet.box.top - 1]


def pieces(line: Line2D) -> list[list[float]]:
    """Return the runs of values that a line joins."""
    found: list[list[float]] = [[]]
    for value in np.asarray(line.get_ydata(), dtype=float).tolist():
        if math.isnan(value):
            found.append([])
        else:
            found[-1].append(value)
    return [piece for piece in found if piece]


def svg(request: FigureRequest, name: str = "0123456789abcdef0123") -> str:
    """Return the document of a figure."""
    sheet = drawn(request)
    twins = draw_twins(sheet, f"rg-{name}")
    return svg_document(
        sheet, twins.svg, title=request.title, description=request.alt or request.title
    )


def parsed(document: str) -> ET.Element:
    """Return the document as XML."""
    return ET.fromstring(document)


def hover(document: str) -> dict[str, Any]:
    """Return what the document tells scripts."""
    found = parsed(document).find("{http://www.w3.org/2000/svg}metadata[@class='rg-points']")
    assert found is not None
    return json.loads(found.text or "")
