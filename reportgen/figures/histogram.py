"""Distribution of numbers, for example of the differences of all members."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from reportgen.figures import hover
from reportgen.figures.plane import Axis, Plane, draw_plane
from reportgen.figures.scale import Floats, Range, finite, robust_range
from reportgen.figures.sheet import BEHIND, Sheet, rectangles
from reportgen.figures.sizes import figure_size, histogram_legend
from reportgen.figures.style import MARGIN, QUIET, TITLE_HEIGHT, Look, SeriesStyle, series_styles
from reportgen.figures.text import number, plain
from reportgen.figures.ticks import nice_ticks
from reportgen.model.figures import HistogramFigure

MOST_BINS = 60


def draw(request: HistogramFigure, sheet: Sheet) -> None:
    """Draw a histogram on ``sheet``; one sample as bars, several as outlines."""
    samples = [finite(sample.values) for sample in request.samples]
    samples = [sample[np.isfinite(sample)] for sample in samples]
    edges = bin_edges(samples, [mark.position for mark in request.annotations])
    counts = [np.histogram(sample, edges)[0].astype(float) for sample in samples]
    styles = series_styles([sample.label for sample in request.samples])
    top = max((float(count.max()) for count in counts), default=0.0)
    draw_plane(
        sheet,
        Plane(
            size=figure_size(request),
            title=request.title,
            x=Axis(range=Range(edges[0], edges[-1]), label=request.x_label, unit=request.unit),
            y=Axis(range=Range(0.0, max(top * 1.08, 4.0)), label="count"),
            legend=histogram_legend(request),
            annotations=request.annotations,
            demonstration=request.demonstration,
        ),
    )
    for index, (count, style) in enumerate(zip(counts, styles, strict=True)):
        if len(counts) == 1:
            _draw_bars(sheet, edges, count, style)
        else:
            outline = np.concatenate(([0.0], np.repeat(count, 2), [0.0]))
            look = Look(paint=style.paint, width=1.6, dashes=style.dashes)
            name = f"rg-series rg-series-{index}"
            sheet.curve(np.repeat(edges, 2), outline, look, name=name)
    _draw_remark(sheet, samples, edges, histogram_legend(request).height)
    sheet.hover |= _hover(sheet, request, edges, counts)


def bin_edges(samples: Sequence[Floats], shown: Sequence[float]) -> Floats:
    """Return edges at round numbers, as wide as Freedman and Diaconis recommend.

    The range holds all but lone outliers, and the places in ``shown`` if they are near.
    """
    span = robust_range(samples, ordered=False)
    if span is None:
        return np.array([0.0, 1.0])
    near = [place for place in shown if span.low - span.span <= place <= span.high + span.span]
    span = span.including(near)
    if span.span == 0:
        span = span.padded()
    everything = np.concatenate(list(samples))
    lower, upper = np.percentile(everything, (25, 75))
    width = 2 * (upper - lower) / len(everything) ** (1 / 3)
    bins = min(MOST_BINS, max(8, math.ceil(span.span / width))) if width > 0 else 20
    ticks = nice_ticks(span, most=math.ceil(1.6 * bins))  # rounding widens the bins
    step = ticks.values[1] - ticks.values[0] if len(ticks.values) > 1 else span.span
    first = math.floor(span.low / step) * step
    count = math.ceil((span.high - first) / step + 1e-9)
    return first + step * np.arange(max(count, 1) + 1, dtype=np.float64)


def _draw_bars(sheet: Sheet, edges: Floats, counts: Floats, style: SeriesStyle) -> None:
    filled = counts > 0
    across = sheet.across(edges)
    path = rectangles(
        across[:-1][filled] + 0.5,
        sheet.down(counts[filled]),
        across[1:][filled] - 0.5,
        np.full(int(filled.sum()), sheet.box.bottom - 0.5),
    )
    if filled.any():
        sheet.area(path, style.paint, order=BEHIND / 2, opacity=0.7)


def _draw_remark(
    sheet: Sheet, samples: Sequence[Floats], edges: Floats, legend_height: int
) -> None:
    """Say how many numbers there are and which lie outside."""
    everything = np.concatenate(list(samples)) if samples else np.empty(0)
    below, above = everything[everything < edges[0]], everything[everything > edges[-1]]
    words = [f"n = {len(everything)}"]
    if len(below):
        words.append(f"{len(below)} below, down to {number(float(below.min()))}")
    if len(above):
        words.append(f"{len(above)} above, up to {number(float(above.max()))}")
    sheet.text(MARGIN, TITLE_HEIGHT + legend_height + 13, " · ".join(words), QUIET)


def _hover(
    sheet: Sheet, request: HistogramFigure, edges: Floats, counts: Sequence[Floats]
) -> dict[str, Any]:
    labels = [
        f"{number(low)} … {number(high)}"
        for low, high in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
    ]
    return {
        "kind": "histogram",
        "unit": plain(request.unit),
        "box": hover.bounds(sheet.box),
        "labels": labels,
        "x": hover.pixels(sheet.across((edges[1:] + edges[:-1]) / 2)),
        "series": [
            hover.series_entry(
                sample.label, y=hover.pixels(sheet.down(count)), value=hover.exact(count)
            )
            for sample, count in zip(request.samples, counts, strict=True)
        ],
    }
