"""Which values of a history are missing, and which mark each reason gets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportgen.figures.legend import Entry
from reportgen.figures.points import Points
from reportgen.figures.style import GAP_ROW, MUTED, SeriesStyle
from reportgen.figures.text import shorten

_MOST_ROWS = 6
_SYMBOLS = "x|+_"
OTHER = "other reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """Rows of marks: one per series that misses something, or one for all if they are many."""

    rows: Sequence[Sequence[int]]
    """Numbers of the series in each row."""
    symbols: Mapping[str, str]
    """Marker of each reason."""

    @property
    def height(self) -> int:
        """Return the room they need below the data."""
        return GAP_ROW * len(self.rows) + 4 if self.rows else 0

    def entries(self) -> list[Entry]:
        """Return lines of the legend that explain the marks."""
        shown: dict[str, str] = {}
        for reason, symbol in self.symbols.items():
            shown[symbol] = OTHER if symbol in shown else reason
        return [
            Entry(words=shorten(reason, 30), style=gap_style(symbol), line=False)
            for symbol, reason in shown.items()
        ]


def plan_gaps(series: Sequence[Points]) -> Gaps:
    """Give each series with missing values a row, and each reason a marker."""
    lacking = [index for index, points in enumerate(series) if len(points.missing)]
    counts: Counter[str] = Counter()
    for index in lacking:
        counts.update(series[index].missing_reasons())
    reasons = sorted(counts, key=lambda reason: (-counts[reason], reason))
    symbols = {reason: _SYMBOLS[min(at, len(_SYMBOLS) - 1)] for at, reason in enumerate(reasons)}
    rows = [[index] for index in lacking] if len(lacking) <= _MOST_ROWS else [lacking]
    return Gaps(rows=rows, symbols=symbols)


def gap_style(symbol: str) -> SeriesStyle:
    """Return how a mark looks in the legend."""
    return SeriesStyle(paint=MUTED, marker=symbol)
