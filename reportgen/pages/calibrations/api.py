"""The JSON of a stage: series with points, drift and steps; tests; verdicts by date."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from reportgen.model.calibration_places import Place
from reportgen.model.calibration_trends import LevelStep, SeriesTrend, WindowDrift
from reportgen.model.calibration_verdicts import (
    FAILED,
    NO_VERDICT,
    PASSED,
    SUCCESS,
    ListedFailure,
    SummaryVerdict,
    TestHistory,
)
from reportgen.model.calibrations import REASONS, DetectorSummary, StageReport, Statistic
from reportgen.model.dimensions import dimension_value
from reportgen.model.pages import Document
from reportgen.pages.calibrations.narrow import split_by_detector
from reportgen.pages.calibrations.paths import detector_api, stage_api, stage_path

MOST_AMPLIFIERS = 500
"""A stage with more has its amplifiers in one file per detector."""

_PASSED = {PASSED: True, FAILED: False, NO_VERDICT: None}

Json = dict[str, Any]


def documents(report: StageReport) -> Iterator[Document]:
    """Yield the JSON of a stage, and of each detector where there are many amplifiers."""
    apart = is_split(report)
    yield Document(path=stage_api(report.key), data=describe(report, apart=apart))
    if apart:
        for detector, own in split_by_detector(report).items():
            yield Document(path=detector_api(report.key, detector), data=describe_detector(own))


def is_split(report: StageReport) -> bool:
    """Tell whether the amplifiers of a stage are in files of their own."""
    places = {place for s in report.statistics for place in s.places if place.amplifier}
    return len(places) > MOST_AMPLIFIERS


def describe(report: StageReport, *, apart: bool) -> Json:
    """Return everything known of a stage; with ``apart`` without single amplifiers."""
    series = [one for s in report.statistics for one in _medians(report, s, apart=apart)]
    tests = [t for t in report.tests if not (apart and t.level == "amplifier")]
    for statistic in report.statistics:
        if not (apart and statistic.level == "amplifier"):
            series += _all_series(report, statistic, range(len(statistic.places)))
    described = _head(report) | {
        "series": series,
        "tests": _with_listed(report, [row for test in tests for row in _tests(report, test)]),
        "verdicts": [row for test in report.tests for row in _counts(report, test)],
        "files": [_file(report, verdict) for verdict in report.verdicts],
    }
    if apart:
        described["detectors"] = [
            {"detector": dimension_value("detector", name), "api": detector_api(report.key, name)}
            for name in report.detectors
        ]
    return described


def describe_detector(report: StageReport) -> Json:
    """Return the amplifiers of one detector; ``report`` is on this detector only."""
    series = [
        one
        for statistic in report.statistics
        if statistic.summaries
        for one in _all_series(report, statistic, range(len(statistic.places)))
    ]
    tests = [test for test in report.tests if test.level == "amplifier"]
    return _head(report) | {
        "detector": dimension_value("detector", report.only or ""),
        "series": series,
        "tests": [row for test in tests for row in _tests(report, test)],
    }


def _head(report: StageReport) -> Json:
    return {
        "instrument": report.key.instrument,
        "stage": report.key.stage,
        "demonstration": report.demonstration,
        "url": stage_path(report.key),
        "axis": report.axis.kind.value,
        "last_date": report.last_day,
        "statistics": list(dict.fromkeys(statistic.name for statistic in report.statistics)),
    }


def _all_series(
    report: StageReport, statistic: Statistic, columns: Sequence[int]
) -> Iterator[Json]:
    for column in columns:
        yield (
            _series_head(statistic, statistic.places[column])
            | {"points": [_point(report, statistic, point, column) for point in statistic.stated]}
            | _trend(report, statistic.trends[column])
        )


def _series_head(statistic: Statistic, place: Place) -> Json:
    detector = place.detector
    return {
        "statistic": statistic.name,
        "variant": statistic.variant or None,
        "detector": None if detector is None else dimension_value("detector", detector),
        "amplifier": place.amplifier,
        "unit": statistic.unit,
        "aggregate": None,
    }


def _point(report: StageReport, statistic: Statistic, number: int, column: int) -> Json:
    point = report.axis.points[number]
    value = float(statistic.values[number, column])
    missing = math.isnan(value)
    return {
        "exposure": None if point.exposure is None else dimension_value("exposure", point.exposure),
        "date": point.date,
        "mjd": point.mjd,
        "value": None if missing else value,
        "passed": _PASSED[int(statistic.passed[number, column])],
        "collection": point.collection,
    } | ({"reason": str(REASONS[statistic.reasons[number, column]])} if missing else {})


def _medians(report: StageReport, statistic: Statistic, *, apart: bool) -> Iterator[Json]:
    """Yield the median of each detector over its amplifiers, one point per night."""
    for summary in statistic.summaries:
        detector = summary.detector
        members: Json = {"n": len(summary.members), "of": len(summary.columns)}
        if apart and detector is not None:
            members["api"] = detector_api(report.key, detector)
        yield (
            _series_head(statistic, Place(detector=detector))
            | {"aggregate": "median", "members": members}
            | {"points": _median_points(report, summary)}
            | _trend(report, summary.trend)
        )


def _median_points(report: StageReport, summary: DetectorSummary) -> list[Json]:
    columns = zip(report.axis.nights, report.axis.times.tolist(), summary.median, strict=True)
    return [
        {
            "exposure": None,
            "date": night,
            "mjd": time,
            "value": float(value),
            "passed": None,
            "collection": None,
        }
        for night, time, value in columns
        if math.isfinite(value)
    ]


def _trend(report: StageReport, trend: SeriesTrend) -> Json:
    return {
        "drift": None if (drift := trend.drift()) is None else _drift(drift),
        "drifts": [_drift(drift) for drift in trend.drifts],
        "steps": [_step(report, step) for step in trend.steps],
        "control_limits": None
        if trend.limits is None
        else {
            "low": trend.limits.low,
            "high": trend.limits.high,
            "since": report.axis.nights[trend.limits.since],
            "outside": trend.outside,
        },
    }


def _drift(drift: WindowDrift) -> Json:
    return {
        "window_days": drift.window_days,
        "nights": drift.nights,
        "slope_per_30d": drift.slope_per_30d,
        "ci_low": drift.ci_low,
        "ci_high": drift.ci_high,
        "p_value": drift.p_value,
        "q_value": drift.q_value,
        "verdict": drift.verdict.value,
    }


def _step(report: StageReport, step: LevelStep) -> Json:
    return {
        "date": report.axis.nights[step.night],
        "mjd": float(report.axis.times[step.night]),
        "before": step.before,
        "after": step.after,
        "change": step.change,
        "ci_low": step.ci_low,
        "ci_high": step.ci_high,
        "state": "confirmed" if step.confirmed else "new",
    }


def _tests(report: StageReport, test: TestHistory) -> Iterator[Json]:
    for column, place in enumerate(test.places):
        outcomes = test.outcomes[:, column]
        for number in np.flatnonzero(outcomes != NO_VERDICT).tolist():
            point = report.axis.points[number]
            own, exposure = place.detector, point.exposure
            yield {
                "test": test.test,
                "level": test.level,
                "detector": None if own is None else dimension_value("detector", own),
                "amplifier": place.amplifier,
                "exposure": None if exposure is None else dimension_value("exposure", exposure),
                "date": point.date,
                "passed": bool(outcomes[number] == PASSED),
            }


def _with_listed(report: StageReport, rows: list[Json]) -> list[Json]:
    """Add what files per exposure or per run say, each verdict once."""
    told: defaultdict[int, set[ListedFailure]] = defaultdict(set)
    for verdict in report.verdicts:
        if verdict.exposure or verdict.detector:
            told[verdict.file].update(verdict.failures)
    for verdict in report.verdicts:
        if not (verdict.exposure or verdict.detector):
            # The failures of a whole file are those of its parts.
            own = [one for one in verdict.failures if one not in told[verdict.file]]
            verdict = replace(verdict, failures=own)  # noqa: PLW2901
        rows += _listed(_file(report, verdict))
    return list({tuple(row.values()): row for row in rows}.values())


def _listed(verdict: Json) -> Iterator[Json]:
    place = {key: verdict[key] for key in ("exposure", "date")}
    if verdict["success"] is not None:
        head = {"test": SUCCESS, "level": verdict["level"], "detector": verdict["detector"]}
        yield head | {"amplifier": None} | place | {"passed": verdict["success"]}
    for failure in verdict["failures"]:
        where = {"detector": failure["detector"], "amplifier": failure["amplifier"]}
        head = {"test": failure["test"], "level": verdict["level"]}
        yield head | where | place | {"passed": False}


def _counts(report: StageReport, test: TestHistory) -> Iterator[Json]:
    """Yield how many places fail at each date."""
    rows = zip(report.axis.nights, test.failing.tolist(), test.judged.tolist(), strict=True)
    for night, failing, judged in rows:
        if judged:
            yield {
                "test": test.test,
                "level": test.level,
                "date": night,
                "failing": failing,
                "judged": judged,
            }


def _file(report: StageReport, verdict: SummaryVerdict) -> Json:
    exposure, detector = verdict.exposure, verdict.detector
    return {
        "date": report.axis.nights[verdict.night],
        "level": verdict.level,
        "exposure": None if exposure is None else dimension_value("exposure", exposure),
        "detector": None if detector is None else dimension_value("detector", detector),
        "success": verdict.success,
        "failures": [
            {
                "test": failure.test,
                "detector": failure.detector and dimension_value("detector", failure.detector),
                "amplifier": failure.amplifier,
            }
            for failure in verdict.failures
        ],
    }
