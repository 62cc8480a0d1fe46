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
    series: Sequence[str] = ()
    """Labels of the series that it applies to; empty for all."""


ELSEWHERE = "another curve tells"
"""The reason of a value that is not missed: its place at the foot of the axis stays empty."""


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
    """In the coordinates of the axis: the number of the run, or MJD where ``times`` are given."""
    text: str
    kind: str = "epoch"
    """``epoch``, ``step``, ``release``, ``issue``, ``note``; others are drawn like a note."""
    since: float | None = None
    """Where what the mark stands for may have begun: shaded from there on."""


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
    remarks: Sequence[str] = ()
    """Per position, what else is known of the run, for the tooltip: its date, its ticket."""


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
class ScatterFigure:
    """One quantity in run A against the same quantity in run B, a point per member."""

    title: str
    unit: str
    x_label: str
    """What stands on the horizontal axis, for example the name of run A."""
    y_label: str
    members: Sequence[str]
    """Visit, tract, detector … of each point."""
    x: Sequence[float]
    y: Sequence[float]
    demonstration: bool = False
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Numbers whose distribution a histogram shows; not finite ones are counted apart."""

    label: str
    values: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistogramFigure:
    """Distribution of numbers, for example the differences B − A of all members."""

    title: str
    unit: str
    x_label: str
    samples: Sequence[Sample]
    annotations: Sequence[Annotation] = ()
    """Vertical marks at a value in ``unit``: zero, the median, a tolerance."""
    demonstration: bool = False
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DumbbellRow:
    """One quantity before and after, both already on the common axis of the figure."""

    label: str
    before: float
    after: float
    verdict: str = ""
    """``improved``, ``regressed`` or another word; decides colour and icon."""
    text: str = ""
    """The numbers in words, shown at the right: ``5.1 → 5.6 mmag``."""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DumbbellFigure:
    """Many quantities, each as a step from A to B on one axis without unit."""

    title: str
    axis: str
    """What the axis counts, for example ``change / tolerance``."""
    rows: Sequence[DumbbellRow]
    before: str = "A"
    """Name of run A, for the legend."""
    after: str = "B"
    tolerance: float = 1.0
    """Half width of the band around zero in which a change does not count; 0 for none."""
    demonstration: bool = False
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A curve, or the edges (one more than ``y``) and counts of a histogram."""

    label: str
    x: Sequence[float]
    y: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveFigure:
    """Curves or histograms that a job stored beside its measurements."""

    title: str
    x_label: str
    x_unit: str
    y_label: str
    y_unit: str
    curves: Sequence[Curve]
    points: bool = False
    """Draw markers without a line."""
    demonstration: bool = False
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMember:
    """One member that is drawn as a point of its own."""

    name: str
    value: float
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """All members of one band."""

    label: str
    """Decides the colour and the marker."""
    values: Sequence[float]
    """Of all members that have one; nan is left out."""
    of: int
    """How many members there are, with or without a value."""
    named: Sequence[NamedMember]
    """Drawn as points: all of few members, of many the worst, first the one to be labelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StripsFigure:
    """The values of many members, one strip per band on a common axis."""

    title: str
    unit: str
    strips: Sequence[Strip]
    limits: Sequence[Limit] = ()
    demonstration: bool = False
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLine:
    """One line of a card: a state, and what has it."""

    state: str
    """``fail``, ``pass``, ``not_measured`` … decides icon and colour."""
    text: str
    value: str = ""
    limit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFigure:
    """What a page says at first sight: the picture that stands for it where its link is pasted."""

    title: str
    above: str
    """Stands over the title, smaller: the dataset."""
    below: str
    """Stands under the title: date, ticket."""
    counts: Sequence[CardLine]
    """How many have which state; few, in one row."""
    lines: Sequence[CardLine]
    """The worst, in order; those without room are counted."""
    demonstration: bool = False
    alt: str = ""
    caption: str = ""


FigureRequest = (
    HistoryFigure
    | MapFigure
    | ScatterFigure
    | HistogramFigure
    | DumbbellFigure
    | CurveFigure
    | StripsFigure
    | CardFigure
)


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


Figure = Callable[[FigureRequest], FigureFile]
"""What a page calls to show a figure: the file is drawn later, its name is known at once."""
