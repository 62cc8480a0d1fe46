"""The time axis of a stage: exposures by night, or the same exposures by version."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from reportgen.analysis.calibrations.rows import Moment
from reportgen.model.calibrations import MJD_ZERO, Point, TimeAxis, TimeKind
from reportgen.model.runs import Run

NOON = 0.5
"""A day_obs begins at noon UTC, half a day after the MJD does."""

_EXPOSURE = re.compile(r"\d?(20\d{2})(\d{2})(\d{2})\d{5}")
"""Exposure identifiers of LSST cameras: day_obs and number, a digit for the controller before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedMoments:
    """A time axis, and where on it each moment lies."""

    axis: TimeAxis
    point: np.ndarray
    """Per moment, its position in ``axis.points``."""
    rank: np.ndarray
    """Per moment, its place in the order of verification: of two verdicts on one exposure the
    newest counts."""


def make_axis(moments: Sequence[Moment], runs: Mapping[str, Run]) -> PlacedMoments:
    """Sort moments into points and nights.

    Where the same exposures were verified again and again the axis is that of the versions;
    otherwise that of the nights, and only the newest verification of an exposure counts. A date
    that a row states comes before the night of its exposure: a configured one holds for all rows
    of a file, so that none is torn.
    """
    runs_order = {run_id: number for number, run_id in enumerate(runs)}
    versions = [_version(moment, runs) for moment in moments]
    nights = [_night(moment) for moment in moments]
    software = _is_software_history(moments, versions, nights)
    days = versions if software else _days(moments, nights, versions)
    order = sorted(
        range(len(moments)),
        key=lambda i: (versions[i], moments[i].date or "", runs_order.get(moments[i].run, -1), i),
    )
    rank = np.empty(len(moments), dtype=np.int32)
    rank[order] = np.arange(len(moments))
    grouped: defaultdict[tuple[float, str], list[int]] = defaultdict(list)
    for i in order:
        moment = moments[i]
        own = moment.exposure or ("" if software or moment.mjd is None else f"mjd {moment.mjd!r}")
        grouped[days[i], own].append(i)
    return _assemble(moments, grouped, runs, rank, software=software)


def _assemble(
    moments: Sequence[Moment],
    grouped: Mapping[tuple[float, str], Sequence[int]],
    runs: Mapping[str, Run],
    rank: np.ndarray,
    *,
    software: bool,
) -> PlacedMoments:
    times = {
        key: key[0] if software else _time(key[0], [moments[i] for i in members])
        for key, members in grouped.items()
    }
    keys = sorted(grouped, key=lambda key: (key[0], times[key], key[1]))
    days = sorted({key[0] for key in keys})
    night_of = {day: number for number, day in enumerate(days)}
    point = np.empty(len(moments), dtype=np.int32)
    points = []
    for number, key in enumerate(keys):
        members = grouped[key]
        point[members] = number
        newest = moments[members[-1]]
        run = runs.get(newest.run)
        points.append(
            Point(
                exposure=newest.exposure,
                date=newest.date or (_day_name(key[0]) if key[0] else None),
                mjd=_first(moments[i].mjd for i in members),
                collection=run.key.collection if run else None,
                run=newest.run,
                time=times[key],
                night=night_of[key[0]],
            )
        )
    observed = {_night(moment) for moment in moments} - {None}
    taken = TimeKind.NIGHTS if observed & set(days) else TimeKind.DATES
    axis = TimeAxis(
        kind=TimeKind.VERSIONS if software else taken,
        points=points,
        nights=[_day_name(day) for day in days],
        times=_mean_times(points, len(days)),
    )
    return PlacedMoments(axis=axis, point=point, rank=rank)


def _is_software_history(
    moments: Sequence[Moment], versions: Sequence[float], nights: Sequence[float | None]
) -> bool:
    """Tell whether most exposures were verified more than once, in more versions than nights."""
    verified: defaultdict[str, set[float]] = defaultdict(set)
    for moment, version in zip(moments, versions, strict=True):
        if moment.exposure is not None:
            verified[moment.exposure].add(version)
    known = {night for night in nights if night is not None}
    if not verified:
        # Without exposures only the time tells: one night under many dates.
        return 0 < len(known) < len(set(versions))
    again = sum(len(found) > 1 for found in verified.values())
    return 2 * again > len(verified) and len(known) < len(set(versions))


def _days(
    moments: Sequence[Moment], nights: Sequence[float | None], versions: Sequence[float]
) -> list[float]:
    """Return the date that each row states, else its night, else the date of its run."""
    known = zip(moments, nights, versions, strict=True)
    return [
        version if night is None or (moment.date and _parse_day(moment.date[:10])) else night
        for moment, night, version in known
    ]


def _time(day: float, members: Sequence[Moment]) -> float:
    """Return when exposures were taken, MJD; the middle of the day where that is another night."""
    taken = (one.mjd for one in members if _night(one) == day)
    return _first(taken) or day + NOON


def _night(moment: Moment) -> float | None:
    """Return the MJD day number of the day_obs, or None where nothing tells it."""
    if moment.day_obs is not None and (day := _parse_day(moment.day_obs)) is not None:
        return day
    if moment.mjd is not None:
        return float(np.floor(moment.mjd - NOON))
    if moment.exposure is not None and (found := _EXPOSURE.fullmatch(moment.exposure)):
        return _parse_day("".join(found.groups()))
    return None


def _version(moment: Moment, runs: Mapping[str, Run]) -> float:
    """Return the MJD day number of the file, or of its run; 0 where there is none."""
    day = _parse_day(moment.date[:10]) if moment.date else None
    if day is None and (run := runs.get(moment.run)) is not None and run.day:
        day = _parse_day(run.day)
    return day if day is not None else 0.0


def _parse_day(text: str) -> float | None:
    try:
        return float((date.fromisoformat(text) - MJD_ZERO).days)
    except ValueError:
        return None


def _day_name(day: float) -> str:
    return (MJD_ZERO + timedelta(days=day)).isoformat()


def _mean_times(points: Sequence[Point], nights: int) -> np.ndarray:
    night = np.array([point.night for point in points], dtype=int)
    time = np.array([point.time for point in points])
    counts = np.bincount(night, minlength=nights)
    return np.bincount(night, weights=time, minlength=nights) / np.maximum(counts, 1)


def _first(values: Iterable[float | None]) -> float | None:
    return next((value for value in values if value is not None), None)
