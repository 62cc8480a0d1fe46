"""Blobs as figures and tables: the curves, distributions and numbers that a job stored."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from reportgen.model.figures import (
    Annotation,
    Curve,
    CurveFigure,
    Figure,
    FigureFile,
    FigureRequest,
    HistogramFigure,
    Sample,
)
from reportgen.model.members import Blob, Datum
from reportgen.model.numbers import format_quantity, format_unit

SHORTEST = 3
"""Numbers from which a list is drawn; shorter ones are written out."""

MOST_POINTS = 600
"""Points of one curve in a picture; the JSON has all."""

MOST_CURVES = 6
"""Curves or samples in one picture."""

_ACROSS = (
    "edges", "bin_edges", "bins", "binvalues", "bin_centers", "radius", "radii", "separation",
    "x", "mag", "magmean", "mean_mag", "snr", "time", "mjd", "wavelength",
)  # fmt: skip
"""Names of data that stand on the horizontal axis, the first that there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalarRow:
    """One number or word of a blob."""

    name: str
    label: str
    value: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraView:
    """One blob on a page."""

    anchor: str
    title: str
    owner: str
    """Which members refer to it."""
    scalars: Sequence[ScalarRow]
    figures: Sequence[FigureFile]
    json: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A value that the pictures of a blob mark where they are in its unit."""

    value: float
    unit: str | None
    text: str


def scalar_rows(blob: Blob) -> list[ScalarRow]:
    """Return what of a blob is written out: numbers, words and short lists."""
    return [
        ScalarRow(
            name=datum.name,
            label=datum.label,
            value=_written(datum),
            description=datum.description,
        )
        for datum in blob.data
        if _numbers(datum.value) is None
    ]


def draw_blob(
    blob: Blob, figure: Figure, *, mark: Mark | None = None, demonstration: bool = False
) -> list[FigureFile]:
    """Return a figure for each group of data of a blob that belong together."""
    arrays = {
        datum.name: _Array(datum, found)
        for datum in blob.data
        if (found := _numbers(datum.value)) is not None
    }
    by_length: defaultdict[int, list[_Array]] = defaultdict(list)
    for array in arrays.values():
        by_length[len(array.values)].append(array)
    requests: list[FigureRequest] = []
    edges = {n for n in by_length if n - 1 in by_length and _across(by_length[n])}
    for length, group in by_length.items():
        across = _across(by_length[length + 1]) if length + 1 in edges else _across(group)
        up = [array for array in group if array is not across]
        if across is not None and up:
            requests += _curves(blob, across, up, demonstration=demonstration)
        elif length not in edges:
            requests += _distributions(blob, group, mark, demonstration=demonstration)
    return [figure(request) for request in requests]


@dataclass(frozen=True, slots=True)
class _Array:
    datum: Datum
    values: Sequence[float]

    @property
    def words(self) -> str:
        """Name and label, where the label says more."""
        name, label = self.datum.name, self.datum.label
        return f"{name} ({label})" if label and label.lower() != name.lower() else name


def _numbers(value: Any) -> list[float] | None:
    """Return the numbers of a list, those of lists in it one after another; None if it is none."""
    if not isinstance(value, list) or len(value) < SHORTEST:
        return None
    found: list[float] = []
    for item in value:
        inner = [_number(one) for one in (item if isinstance(item, list) else [item])]
        if any(one is None for one in inner):
            return None
        found += [one for one in inner if one is not None]
    return found


def _number(item: Any) -> float | None:
    if item is None:
        return math.nan
    return float(item) if isinstance(item, int | float) and not isinstance(item, bool) else None


def _across(arrays: Sequence[_Array]) -> _Array | None:
    """Return the data that stand on the horizontal axis, if their name says so."""
    by_name = {array.datum.name.lower(): array for array in arrays}
    return next((by_name[name] for name in _ACROSS if name in by_name), None)


def _curves(
    blob: Blob, across: _Array, up: Sequence[_Array], *, demonstration: bool
) -> Iterator[CurveFigure]:
    """Yield a figure per unit: curves where the axis ascends, points where it does not."""
    known = [value for value in across.values if not math.isnan(value)]
    ascends = all(a <= b for a, b in pairwise(known))
    by_unit: defaultdict[str, list[_Array]] = defaultdict(list)
    for array in up:
        by_unit[array.datum.unit].append(array)
    for unit, group in by_unit.items():
        shown = group[:MOST_CURVES]
        step = max(1, math.ceil(len(across.values) / MOST_POINTS))
        if len(across.values) != len(shown[0].values):
            step = 1  # a histogram is drawn with all of its bins
        names = ", ".join(array.words for array in shown)
        yield CurveFigure(
            title=f"{blob.name}: {names}",
            x_label=across.words,
            x_unit=format_unit(across.datum.unit),
            y_label=shown[0].words if len(shown) == 1 else "",
            y_unit=format_unit(unit),
            curves=[
                Curve(label=array.words, x=across.values[::step], y=array.values[::step])
                for array in shown
            ],
            points=not ascends,
            demonstration=demonstration,
            alt=f"{names} against {across.words}, {len(across.values)} values of each.",
            caption=_caption(shown) + _thinned(len(across.values), step),
        )


def _distributions(
    blob: Blob, group: Sequence[_Array], mark: Mark | None, *, demonstration: bool
) -> Iterator[HistogramFigure]:
    """Yield a histogram per unit of data that stand against nothing."""
    by_unit: defaultdict[str, list[_Array]] = defaultdict(list)
    for array in group:
        by_unit[array.datum.unit].append(array)
    for unit, arrays in by_unit.items():
        shown = arrays[:MOST_CURVES]
        names = ", ".join(array.words for array in shown)
        marks = [Annotation(position=mark.value, text=mark.text, kind="note")] if mark else []
        yield HistogramFigure(
            title=f"{blob.name}: {names}",
            unit=format_unit(unit),
            x_label=names if len(shown) == 1 else "value",
            samples=[Sample(label=array.words, values=array.values) for array in shown],
            annotations=marks if mark and mark.unit == unit else (),
            demonstration=demonstration,
            alt=f"Distribution of {names}, {len(shown[0].values)} values.",
            caption=_caption(shown),
        )


def _caption(arrays: Sequence[_Array]) -> str:
    described = (
        f"{array.datum.name}: {array.datum.description.rstrip('.')}"
        for array in arrays
        if array.datum.description
    )
    text = "; ".join(described)
    return f"{text}." if text else f"{', '.join(array.words for array in arrays)} as stored."


def _thinned(count: int, step: int) -> str:
    return f" Every {step}th of {count} values; the JSON has all." if step > 1 else ""


def _written(datum: Datum) -> str:
    value, unit = datum.value, datum.unit
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return format_quantity(float(value), unit) if math.isfinite(value) else "no value"
    if isinstance(value, list):
        shown = ", ".join(_item(one) for one in value[:8])
        more = f" … ({len(value)})" if len(value) > 8 else ""
        return " ".join(part for part in (f"{shown}{more}", format_unit(unit)) if part) or "empty"
    if value is None:
        return "no value"
    text = str(value)
    return text if len(text) <= 200 else f"{text[:200]}…"


def _item(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return format_quantity(float(value), "")
    return "no value" if value is None else str(value)[:60]


def describe_blob(blob: Blob, job: str, origin: str) -> Mapping[str, Any]:
    """Return a blob as its JSON has it."""
    return {
        "identifier": blob.identifier,
        "name": blob.name,
        "job": job,
        "origin": origin,
        "data": {
            datum.name: {
                "value": datum.value,
                "unit": datum.unit,
                "label": datum.label,
                "description": datum.description,
            }
            for datum in blob.data
        },
    }
