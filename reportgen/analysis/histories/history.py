"""Histories of metrics: values over the runs of a dataset, cut where they cannot be compared."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from types import MappingProxyType
from typing import Any, NamedTuple

from reportgen.analysis.judging.units import converts, factor_or_none
from reportgen.model.dimensions import DATA_ID, dimension_value
from reportgen.model.report import Epoch, HistorySeries
from reportgen.model.runs import Run
from reportgen.model.status import Reason

NAN = math.nan


class Point(NamedTuple):
    """What one run has of one series."""

    run: str
    value: float | None
    unit: str | None
    reason: str | None
    measured: int
    members: int
    data_id: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesKey:
    """Which series a point belongs to."""

    metric: str
    dataset: str
    producer: str | None
    band: str | None
    member: tuple[tuple[str, Any], ...] = ()


Repeated = Mapping[SeriesKey, Mapping[str, int]]
"""How many data IDs have several different values, by series of a band and run."""


def collect_points(
    rows: Mapping[str, Sequence[Any]],
    runs: Mapping[str, Run],
    names: Mapping[str, str],
    *,
    by_member: bool,
) -> dict[SeriesKey, list[Point]]:
    """Sort rows of `Store.history` (or measurements, ``by_member``) into series.

    Parameters
    ----------
    rows
        Columns as lists.
    runs
        The runs that count, by id.
    names
        Canonical name of each stored metric name.
    by_member
        Whether the whole data ID tells series apart, or the band alone.
    """
    dimensions = [name for name in DATA_ID if any(value is not None for value in rows[name])]
    count = len(rows["run"])
    places = zip(*(rows[name] for name in dimensions), strict=True) if dimensions else None
    columns = (
        rows["run"],
        rows["metric"],
        rows["producer"],
        rows["band"],
        places or [()] * count,
        rows["value"],
        rows["unit"],
        rows["reason"],
        rows.get("measured") or [int(value is not None) for value in rows["value"]],
        rows.get("members") or [1] * count,
    )
    # Plain tuples sort the rows: this loop sees every value of every run.
    found: defaultdict[tuple[Any, ...], list[Point]] = defaultdict(list)
    data_ids: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for run_id, stored, producer, band, place, value, unit, reason, n, of in zip(
        *columns, strict=True
    ):
        run = runs.get(run_id)
        if run is None:
            continue
        if place not in data_ids:
            data_ids[place] = _data_id(dimensions, place)
        member = place if by_member else ()
        key = (names.get(stored, stored), run.key.dataset, producer, band, member)
        found[key].append(Point(run_id, value, unit, reason, n, of, data_ids[place]))
    return {
        SeriesKey(
            metric=metric,
            dataset=dataset,
            producer=producer,
            band=band,
            member=tuple(data_ids[member].items()) if by_member else (),
        ): points
        for (metric, dataset, producer, band, member), points in found.items()
    }


def _data_id(dimensions: Sequence[str], place: Sequence[Any]) -> Mapping[str, Any]:
    return {
        name: dimension_value(name, one)
        for name, one in zip(dimensions, place, strict=True)
        if one is not None
    }


def choose_unit(defined: str | None, points: Iterable[Point]) -> str | None:
    """Return the unit of a history: the metric's own if values convert to it, else the newest."""
    units = [point.unit for point in points if point.unit is not None]
    if not units or (defined is not None and any(converts(unit, defined) for unit in units)):
        return defined
    return units[-1]


def make_series(
    key: SeriesKey,
    points: Sequence[Point],
    positions: Mapping[str, int],
    unit: str | None,
    epochs: Sequence[Epoch] = (),
    *,
    repeated: Mapping[str, int] = MappingProxyType({}),
) -> HistorySeries:
    """Return one series on the axis of its dataset, with values in ``unit``.

    ``repeated``: how many data IDs have several different values, by run, where any has.

    A value whose unit does not convert stands in an epoch of its own and is left out of the
    series with reason *unreadable*, as is one that overflows in the new unit; a run without the
    metric has the reason *absent*.
    """
    size = len(positions)
    values = [NAN] * size
    reasons: list[str | None] = [Reason.ABSENT.value] * size
    measured, members = [0] * size, [0] * size
    factors = {point.unit: factor_or_none(point.unit, unit) for point in points}
    for point in points:
        at = positions[point.run]
        if measured[at] > point.measured:
            continue  # a member that is stored twice: the one with a value counts
        measured[at], members[at] = point.measured, point.members
        convert = factors[point.unit]
        if point.value is None:
            reasons[at] = point.reason or Reason.NULL.value
        elif convert is None or not math.isfinite(point.value * convert):
            reasons[at] = Reason.UNREADABLE.value
        else:
            values[at], reasons[at] = point.value * convert, None
    return HistorySeries(
        dataset=key.dataset,
        producer=key.producer,
        data_id=common_data_id(points),
        aggregate=max(members, default=0) > 1,
        values=values,
        reasons=reasons,
        measured=measured,
        members=members,
        epochs=tuple(epochs),
        repeated={positions[run]: n for run, n in repeated.items()},
    )


def join_mixed(
    joined: Mapping[SeriesKey, list[Point]], members: Mapping[SeriesKey, Sequence[Point]]
) -> dict[SeriesKey, list[Point]]:
    """Join the members anew where a run has several points, by units or by stored names."""
    mixed = {
        key: [run for run, n in Counter(point.run for point in points).items() if n > 1]
        for key, points in joined.items()
    }
    mixed = {key: runs for key, runs in mixed.items() if runs}
    if not mixed:
        return dict(joined)
    found: defaultdict[tuple[SeriesKey, str], list[Point]] = defaultdict(list)
    for key, points in members.items():
        whole = replace(key, member=())
        for point in points if whole in mixed else ():
            found[whole, point.run].append(point)
    anew = {
        key: [point for point in joined[key] if point.run not in runs]
        + [_join(found[key, run]) for run in runs]
        for key, runs in mixed.items()
    }
    return dict(joined) | anew


def _join(members: Sequence[Point]) -> Point:
    """Return the members of a run as one point, in the unit of the first value, as its row has."""
    measured = [(point.value, point.unit) for point in members if point.value is not None]
    unit = measured[0][1] if measured else members[0].unit
    factors = [(value, factor_or_none(one, unit)) for value, one in measured]
    values = [value * factor for value, factor in factors if factor is not None]
    return Point(
        run=members[0].run,
        value=median(values) if values else None,
        unit=unit,
        reason=next((point.reason for point in members if point.reason), None),
        measured=len(values),
        members=len(members),
        data_id=common_data_id(members),
    )


def count_repeated(members: Mapping[SeriesKey, Sequence[Point]]) -> Repeated:
    """Count the data IDs with several different values in a run, for the series of each band."""
    found: defaultdict[SeriesKey, Counter[str]] = defaultdict(Counter)
    for key, points in members.items():
        if len({point.run for point in points}) == len(points):
            continue
        different: defaultdict[str, set[tuple[float, str | None]]] = defaultdict(set)
        for point in points:
            if point.value is not None:
                different[point.run].add((point.value, point.unit))
        several = [run for run, values in different.items() if len(values) > 1]
        if several:
            found[replace(key, member=())].update(several)
    return found


def collect_repeated(
    rows: Mapping[str, Sequence[Any]], runs: Mapping[str, Run], names: Mapping[str, str]
) -> Repeated:
    """Sort rows of `Store.repeated` into series, as `collect_points` sorts values."""
    found: defaultdict[SeriesKey, dict[str, int]] = defaultdict(dict)
    columns = (rows[name] for name in ("run", "metric", "producer", "band", "n"))
    for run, stored, producer, band, n in zip(*columns, strict=True):
        if run in runs:
            name, dataset = names.get(stored, stored), runs[run].key.dataset
            found[SeriesKey(metric=name, dataset=dataset, producer=producer, band=band)][run] = n
    return found


def common_data_id(points: Sequence[Point]) -> dict[str, Any]:
    """Return the dimensions on which all points agree."""
    first = dict(points[0].data_id) if points else {}
    for point in points[1:]:
        if point.data_id != first:
            first = {k: v for k, v in first.items() if point.data_id.get(k) == v}
    return first
