"""What a figure shows, and the file it became."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A horizontal limit line."""

    label: str
    value: float
    operator: str
    kind: str = "requirement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One curve: ``values`` stand at the positions of the figure's axis, nan where missing."""

    label: str
    """For example the band; decides the colour and the marker."""
    values: Sequence[float]
    links: Sequence[str] = ()
    """Where each point leads, relative to the figure's page; empty for nowhere."""
    reasons: Sequence[str] = ()
    """Why a value is missing, where it is: drawn as a mark at the foot of the axis."""
    breaks: Sequence[int] = ()
    """Positions at which a new epoch begins: the curve is cut there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A vertical mark on the axis: a definition change, a confirmed step, a note."""

    position: float
    text: str
    kind: str = "epoch"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFigure:
    """Values of one quantity over runs (labels) or time (``times`` in MJD days)."""

    title: str
    unit: str
    labels: Sequence[str]
    """Run or date at each position."""
    series: Sequence[Series]
    times: Sequence[float] = ()
    """Positions on a time axis in MJD; empty: positions are 0, 1, 2 …"""
    limits: Sequence[Limit] = ()
    annotations: Sequence[Annotation] = ()
    demonstration: bool = False
    alt: str = ""
    """What somebody who cannot see the figure should know."""
    caption: str = ""
    details: Sequence[Sequence[str]] = field(default_factory=tuple)
    """Per series and position, extra words for the tooltip; may be empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapFigure:
    """A grid of cells with a number or a state, for example detector × amplifier."""

    title: str
    unit: str
    rows: Sequence[str]
    columns: Sequence[str]
    values: Sequence[Sequence[float]]
    """Shape rows × columns, nan where not measured. For states: 1 pass, 0 fail."""
    states: bool = False
    demonstration: bool = False
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureFile:
    """A drawn figure: files named by content below ``figures/``."""

    name: str
    """Content hash; the files are ``<name>.svg`` and ``<name>.png``."""
    width: int
    height: int
    """Size in CSS pixels."""
    alt: str
    caption: str
    title: str

    @property
    def svg(self) -> str:
        """Path from the root of the edition."""
        return f"figures/{self.name}.svg"

    @property
    def png(self) -> str:
        """Path from the root of the edition."""
        return f"figures/{self.name}.png"


Figure = Callable[["HistoryFigure | MapFigure"], FigureFile]
"""What a page calls to show a figure: the file is drawn later, its name is known at once."""
