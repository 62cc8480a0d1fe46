"""Maps of detectors × amplifiers: last values, slopes, verdicts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from reportgen.model.calibration_places import Place
from reportgen.model.calibration_verdicts import FAILED, NO_VERDICT, TestHistory
from reportgen.model.calibrations import StageReport, Statistic
from reportgen.model.figures import MapFigure
from reportgen.model.natural import natural
from reportgen.model.numbers import format_number, format_unit
from reportgen.pages.calibrations import words as say
from reportgen.pages.calibrations.figures import stage_title


def last_map(report: StageReport, statistic: Statistic) -> MapFigure | None:
    """Return the last value of each amplifier."""
    if statistic.last_night < 0:
        return None
    day = report.axis.nights[statistic.last_night]
    values = statistic.nightly[statistic.last_night]
    title = f"{stage_title(report)} {statistic.label}, values of {day}"
    caption = f"{statistic.label} on {day}."
    return _map(report, statistic, values, title=title, unit=statistic.unit, caption=caption)


def drift_map(report: StageReport, statistic: Statistic) -> MapFigure | None:
    """Return the slope of each amplifier over the last 30 days; None where none is known."""
    drifts = [trend.drift() for trend in statistic.trends]
    slopes = [math.nan if d is None or d.slope_per_30d is None else d.slope_per_30d for d in drifts]
    if all(math.isnan(slope) for slope in slopes):
        return None
    unit = f"{statistic.unit} / (30 d)" if statistic.unit else "per 30 days"
    title = f"{stage_title(report)} {statistic.label}: change per 30 days"
    values = _two_digits(np.array(slopes))
    caption = f"Slope of {statistic.label} over the last 30 days, whether significant or not."
    return _map(report, statistic, values, title=title, unit=unit, caption=caption)


def _two_digits(values: np.ndarray) -> np.ndarray:
    """Return numbers rounded to two digits of the largest, so that they fit into their cells."""
    largest = float(np.nanmax(np.abs(values)))
    if not largest > 0:
        return values
    rounded: np.ndarray = np.round(values, 1 - math.floor(math.log10(largest)))
    return rounded


def _map(
    report: StageReport,
    statistic: Statistic,
    values: np.ndarray,
    *,
    title: str,
    unit: str | None,
    caption: str,
) -> MapFigure | None:
    if statistic.level != "amplifier" or len(statistic.places) < 2:
        return None
    rows = list(dict.fromkeys(place.detector for place in statistic.places))
    columns = sorted({place.amplifier or "" for place in statistic.places}, key=natural)
    at = dict(zip(statistic.places, values.tolist(), strict=True))
    known = values[np.isfinite(values)]
    span = "no value"
    if len(known):
        span = f"{format_number(known.min())} to {format_number(known.max())}"
    return MapFigure(
        title=title,
        unit=format_unit(unit),
        rows=tuple(say.detector_name(row) for row in rows),
        columns=tuple(columns),
        values=tuple(
            tuple(at.get(Place(detector=r, amplifier=c), math.nan) for c in columns) for r in rows
        ),
        demonstration=report.demonstration,
        alt=f"{title}: {len(known)} of {len(values)} places have a value, {span}.",
        caption=caption,
    )


def pass_maps(report: StageReport, tests: Sequence[TestHistory]) -> Iterator[MapFigure]:
    """Yield the verdicts at the last date: one map for a detector, one per test for a camera."""
    tests = [t for t in tests if t.level == "amplifier" and t.last_night >= 0]
    if not tests:
        return
    detectors = {place.detector for test in tests for place in test.places}
    if len(detectors) > 1:
        for test in tests:
            if say.fails(test):
                rows = list(dict.fromkeys(place.detector for place in test.places))
                yield _pass_map(report, [test], rows, by_test=False)
    else:
        yield _pass_map(report, tests, list(detectors), by_test=True)


def _pass_map(
    report: StageReport,
    tests: Sequence[TestHistory],
    detectors: Sequence[str | None],
    *,
    by_test: bool,
) -> MapFigure:
    columns = sorted({p.amplifier or "" for test in tests for p in test.places}, key=natural)
    lines = [_states(test, d, columns) for test in tests for d in detectors]
    names = [t.test for t in tests] if by_test else [say.detector_name(d) for d in detectors]
    day = report.axis.nights[tests[0].last_night]
    what = "verdicts" if by_test else f"{tests[0].test} verdicts"
    failing = sum(line.count(0.0) for line in lines)
    return MapFigure(
        title=f"{stage_title(report)} {what} of {day}",
        unit="",
        rows=tuple(names),
        columns=tuple(columns),
        values=tuple(lines),
        states=True,
        demonstration=report.demonstration,
        alt=f"{stage_title(report)} {what} of {day}: {failing} fail. A table below has them all.",
        caption=f"Verdicts of {day}, as the files say them.",
    )


def _states(test: TestHistory, detector: str | None, columns: Sequence[str]) -> tuple[float, ...]:
    outcome = {
        place.amplifier or "": int(code)
        for place, code in zip(test.places, test.nightly[test.last_night], strict=True)
        if place.detector == detector
    }
    codes = (outcome.get(column, NO_VERDICT) for column in columns)
    return tuple(math.nan if c == NO_VERDICT else float(c != FAILED) for c in codes)
