"""The legend: rows above the data, so that it never covers them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportgen.figures.style import (
    INK,
    LEGEND_ROW,
    MARGIN,
    SOLID,
    TEXT_SIZE,
    VARIANTS,
    WIDTH,
    SeriesStyle,
    maker_of,
)
from reportgen.figures.text import plain
from reportgen.figures.textsize import fit, text_width

_LONGEST = 300.0
_GAP = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the legend: a sample of the look, and words."""

    words: str
    style: SeriesStyle
    line: bool = True
    """Show a line through the marker."""

    @property
    def swatch(self) -> int:
        """Return the room of the sample."""
        if self.line:
            return 24
        return 14 if self.style.marker else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """Entries with their places, in pixels from the left and in rows."""

    entries: Sequence[Entry]
    left: Sequence[float]
    rows: Sequence[int]

    @property
    def height(self) -> int:
        """Return the room it needs, in pixels."""
        return LEGEND_ROW * (max(self.rows) + 1) if self.rows else 0


def plan_legend(entries: Sequence[Entry], width: float = WIDTH) -> Legend:
    """Set the entries in a line, and in a new one where the first is full."""
    left, rows = [], []
    at, row = float(MARGIN), 0
    for entry in entries:
        room = entry.swatch + min(text_width(entry.words, TEXT_SIZE), _LONGEST) + _GAP
        if at + room > width - MARGIN and at > MARGIN:
            at, row = float(MARGIN), row + 1
        left.append(at)
        rows.append(row)
        at += room
    return Legend(entries=entries, left=left, rows=rows)


def history_entries(labels: Sequence[str], styles: Sequence[SeriesStyle]) -> list[Entry]:
    """Return the entries of a history: where each band has its producers, both of them once.

    The colour and marker of a band, and beside them the filling and dashes of a producer.
    """
    makers = dict(zip(map(maker_of, labels), styles, strict=True))
    if "" in makers or not 1 < len(makers) <= len(VARIANTS):
        return series_entries(labels, styles)
    bands = dict(zip((label.partition(" ")[0] for label in labels), styles, strict=True))
    plain_bands = [replace(style, hollow=False, dashes=SOLID) for style in bands.values()]
    plain_makers = [replace(style, paint=INK, marker="o") for style in makers.values()]
    of_bands = series_entries(list(bands), plain_bands, line=False)
    return [*of_bands, *series_entries(list(makers), plain_makers)]


def series_entries(
    labels: Sequence[str], styles: Sequence[SeriesStyle], *, line: bool = True
) -> list[Entry]:
    """Return an entry for each series that has a label."""
    return [
        Entry(words=fit(plain(label), TEXT_SIZE, _LONGEST), style=style, line=line)
        for label, style in zip(labels, styles, strict=True)
        if label
    ]
