"""Sentences about calibrations: verdicts and values are two things, and both are said."""

from __future__ import annotations

import math
from collections.abc import Sequence

from reportgen.model.calibration_places import Place
from reportgen.model.calibration_trends import LevelStep, Trend, WindowDrift
from reportgen.model.calibration_verdicts import TestHistory, VerdictChange, sums_up
from reportgen.model.calibrations import ChangeKind, StageReport, Statistic
from reportgen.model.numbers import (
    format_change,
    format_number,
    format_relative,
    plural,
)

CHANGE_NOTES = {
    ChangeKind.OUTSIDE: "outside its control limits",
    ChangeKind.NOT_MEASURED: "had a value last month",
}
"""Said beside the state of a change where that alone is not clear."""


def place_name(place: Place) -> str:
    """Return a place in words: ``R22_S11 C05``, ``detector 0 C10``, ``exposure``."""
    parts = [detector_name(place.detector) if place.detector is not None else ""]
    parts.append(place.amplifier or "")
    return " ".join(part for part in parts if part) or "exposure"


def detector_name(detector: str | None) -> str:
    """Return the name of a detector; one that has only a number says that it is a detector."""
    if detector is None:
        return "detector not stated"
    return f"detector {detector}" if detector.isdigit() else detector


def signed(value: float, unit: str | None) -> str:
    """Return a change with sign and unit; nothing is said of a unit that nobody states."""
    return format_change(value, unit or "")


def signed_percent(fraction: float) -> str:
    """Return a relative change in percent, small ones as 0.00 %."""
    return "0.00\u00a0%" if abs(fraction) < 5e-5 else format_relative(fraction)


def judging(tests: Sequence[TestHistory]) -> list[TestHistory]:
    """Return the tests that are counted: SUCCESS only sums up the others."""
    return [test for test in tests if not sums_up(test.test)]


def current(tests: Sequence[TestHistory]) -> list[TestHistory]:
    """Return the tests of the last night that was judged; others are no longer made."""
    last = max((test.last_night for test in tests), default=-1)
    return [test for test in tests if test.last_night == last >= 0]


def decisive(report: StageReport) -> list[TestHistory]:
    """Return the tests of the last night that decide whether a stage is good.

    SUCCESS is one of them where it fails although nothing else does, or stands alone. That of
    exposures is told with their files.
    """
    wanted = [t for t in report.tests if t.level != "exposure" or not sums_up(t.test)]
    tests = current(wanted)
    single = judging(tests)
    if any(map(fails, single)):
        return single
    return single + [t for t in tests if sums_up(t.test) and (fails(t) or not single)]


def amplifier_tests(report: StageReport) -> list[TestHistory]:
    """Return the tests of amplifiers that are still made."""
    return [test for test in decisive(report) if test.level == "amplifier"]


def fails(test: TestHistory) -> int:
    """Return how many places fail at the last night of a test."""
    return int(test.failing[test.last_night]) if test.last_night >= 0 else 0


def is_unexplained(change: VerdictChange) -> bool:
    """Tell whether values cannot explain a change of verdicts: such values had the other one."""
    return change.seen_before > 0 and 2 * change.seen_before >= change.comparable


def unmoved(test: TestHistory, change: VerdictChange) -> str:
    """Say whose value is what it was: ``NOISE is what it was when they passed``."""
    changed = len(change.newly_failing) + len(change.fixed)
    seen, comparable = change.seen_before, change.comparable
    if comparable < changed:
        who = f" of the {comparable} that can be compared" if comparable > 1 else " of one of them"
        who = f" of {seen}" + who if 1 < comparable != seen else who
    else:
        who = "" if seen == changed else f" of {seen} of them"
    verdict = "passed" if change.newly_failing else "failed"
    return f"{test.statistic}{who} is what it was when {'it' if seen == 1 else 'they'} {verdict}"


def moved(change: VerdictChange) -> str:
    """Return the median change of the values behind a change of verdicts."""
    if change.relative_change is not None and abs(change.relative_change) < 10:
        return signed_percent(change.relative_change)
    return signed(change.value_change or 0.0, None)


def drifting_places(statistic: Statistic, window: float | None = 30.0) -> list[int]:
    """Return the columns that drift over a window, the steepest first."""
    found = [
        (abs(drift.slope_per_30d or 0.0), column)
        for column, trend in enumerate(statistic.trends)
        if (drift := trend.drift(window)) is not None and drift.verdict is Trend.DRIFTING
    ]
    return [column for _, column in sorted(found, reverse=True)]


def drifting_detectors(statistic: Statistic, window: float | None = 30.0) -> list[int]:
    """Return the positions of detectors whose median drifts over a window."""
    return [
        number
        for number, summary in enumerate(statistic.summaries)
        if (drift := summary.trend.drift(window)) is not None and drift.verdict is Trend.DRIFTING
    ]


def can_tell(statistics: Sequence[Statistic]) -> bool:
    """Tell whether any series has nights enough for a slope over 30 days."""
    drifts = (trend.drift() for statistic in statistics for trend in statistic.trends)
    return any(drift is not None and drift.slope_per_30d is not None for drift in drifts)


def slope(drift: WindowDrift | None, statistic: Statistic) -> str:
    """Return a slope in words with its unit: ``+0.25 e⁻ per 30 days``."""
    if drift is None or drift.slope_per_30d is None:
        return "slope not known"
    unstated = ", unit not stated" if statistic.unit is None else ""
    return f"{signed(drift.slope_per_30d, statistic.unit)} per 30 days{unstated}"


def interval(drift: WindowDrift) -> str:
    """Return the interval of a slope."""
    if drift.ci_low is None or drift.ci_high is None:
        return ""
    return f"{format_number(drift.ci_low)} to {format_number(drift.ci_high)}"


def step_words(step: LevelStep, statistic: Statistic) -> str:
    """Return a step in words."""
    state = "" if step.confirmed else " (new, not yet confirmed)"
    return f"{signed(step.change, statistic.unit)}{state}"


def verdict_change_words(test: TestHistory, change: VerdictChange) -> str:
    """Say whether the values behind a change of verdicts moved."""
    parts = []
    if is_unexplained(change):
        parts.append(f"{unmoved(test, change)}: what it is judged against changed")
    if change.value_change is not None:
        compared = plural(change.compared, "place")
        parts.append(f"median change of {test.statistic} {moved(change)} ({compared} compared)")
    return "; ".join(parts) or "no values to compare"


def known(value: float | None) -> float | None:
    """Return a number, None in place of nan."""
    return None if value is None or not math.isfinite(value) else float(value)
