"""Statistics of a stage as tables: one value per point and place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.analysis.calibrations.axis import PlacedMoments
from reportgen.analysis.calibrations.nights import nightly_median
from reportgen.analysis.calibrations.rows import StageRows, ValueRows
from reportgen.analysis.judging.units import conversion_factor, converts
from reportgen.model.calibration_places import Place
from reportgen.model.calibration_verdicts import NO_VERDICT
from reportgen.model.calibrations import ABSENT, Statistic
from reportgen.model.natural import natural
from reportgen.model.numbers import format_unit

UnitOf = Callable[[str, str | None], str | None]
"""Unit of a metric whose file states one or none: an override may know better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """The rows of one metric that can stand on one axis of values."""

    unit: str | None
    physical_filter: str | None
    rows: np.ndarray
    value: np.ndarray


def place_order(place: Place) -> tuple[object, ...]:
    """Return a sort key: the exposure, then by detector, then by amplifier."""
    return (
        place.detector is not None,
        natural(place.detector or ""),
        place.amplifier is not None,
        natural(place.amplifier or ""),
    )


def make_statistics(
    rows: ValueRows, stage: StageRows, placed: PlacedMoments, name: str, unit_of: UnitOf
) -> Iterator[Statistic]:
    """Yield the tables of one metric, one per level, filter and group of units that convert."""
    parts = list(_by_unit_and_filter(rows, stage, placed, unit_of))
    units = {part.unit for part in parts}
    for part in parts:
        words = [part.physical_filter or ""]
        words += [format_unit(part.unit) or "dimensionless"] if len(units) > 1 else []
        for places in _by_level(np.unique(rows.place[part.rows]), stage.places):
            yield _statistic(rows, part, stage, placed, codes=places, name=name, words=words)


def _by_unit_and_filter(
    rows: ValueRows, stage: StageRows, placed: PlacedMoments, unit_of: UnitOf
) -> Iterator[_Part]:
    """Split the rows of a metric where units do not convert; the newest unit comes first."""
    known = rows.reason == 0
    latest = {
        int(code): int(placed.rank[rows.moment[known & (rows.unit == code)]].max())
        for code in np.unique(rows.unit[known] if known.any() else rows.unit[:0])
    } or {int(rows.unit[0]): 0}
    codes = sorted(latest, key=lambda code: -latest[code])
    stated = {code: unit_of(rows.metric, stage.units.word(code)) for code in codes}
    # Missing values often come without a unit; it tells nothing, so they join the newest.
    unit_code = np.where(np.isin(rows.unit, codes), rows.unit, codes[0])
    unit_code[~known] = codes[0]
    while codes:
        unit = stated[codes[0]]
        group = [code for code in codes if converts(stated[code], unit)]
        codes = [code for code in codes if code not in group]
        scale = np.ones(len(rows.value))
        for code in group:
            if unit is not None and stated[code] != unit:
                scale[unit_code == code] = conversion_factor(stated[code], unit)
        chosen = np.isin(unit_code, group)
        filters = {stage.filters.word(int(c)): c for c in np.unique(rows.physical_filter[chosen])}
        for physical_filter in sorted(filters, key=lambda name: name or ""):
            found = np.flatnonzero(chosen & (rows.physical_filter == filters[physical_filter]))
            yield _Part(
                unit=unit,
                physical_filter=physical_filter,
                rows=found,
                value=rows.value[found] * scale[found],
            )


def _by_level(codes: np.ndarray, places: Sequence[Place]) -> Iterator[list[int]]:
    """Yield the codes of the places of each level, in order of place."""
    ordered = sorted((int(code) for code in codes), key=lambda code: place_order(places[code]))
    for level in ("amplifier", "detector", "exposure"):
        chosen = [code for code in ordered if places[code].level == level]
        if chosen:
            yield chosen


def _statistic(
    rows: ValueRows,
    part: _Part,
    stage: StageRows,
    placed: PlacedMoments,
    *,
    codes: Sequence[int],
    name: str,
    words: Sequence[str],
) -> Statistic:
    places = [stage.places[code] for code in codes]
    column_of = np.full(len(stage.places), -1, dtype=np.int32)
    column_of[list(codes)] = np.arange(len(codes))
    column = column_of[rows.place[part.rows]]
    here = column >= 0
    moment = rows.moment[part.rows][here]
    # Where an exposure was verified twice the later assignment, the newest verdict, stays.
    order = np.argsort(placed.rank[moment], kind="stable")
    point, column = placed.point[moment][order], column[here][order]
    shape = (len(placed.axis.points), len(codes))
    values, reasons = np.full(shape, np.nan), np.full(shape, ABSENT, dtype=np.int8)
    values[point, column] = part.value[here][order]
    reasons[point, column] = rows.reason[part.rows][here][order]
    nightly = nightly_median(values, placed.axis.point_nights, len(placed.axis.nights))
    known = np.flatnonzero(np.isfinite(nightly).any(axis=1))
    return Statistic(
        name=name,
        variant=", ".join(word for word in words if word),
        metric=rows.metric,
        unit=part.unit,
        physical_filter=part.physical_filter,
        places=places,
        values=values,
        reasons=reasons,
        nightly=nightly,
        test=None,
        passed=np.full(shape, NO_VERDICT, dtype=np.int8),
        last_night=int(known[-1]) if len(known) else -1,
    )
