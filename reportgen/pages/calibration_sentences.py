"""The sentences at the top of the pages of calibrations: what somebody reads who has no time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from reportgen.model.calibration_trends import Trend
from reportgen.model.calibration_verdicts import TestHistory, VerdictChange
from reportgen.model.calibrations import StageReport, Statistic, TimeKind
from reportgen.pages import calibration_words as say
from reportgen.pages import words

MOST_TESTS = 3
"""Failing tests named in a sentence."""

SPOKEN_WINDOWS = (30.0, 90.0)
"""Windows in days that sentences speak of; the tables have all."""


def stage_sentence(report: StageReport) -> str:
    """Say in one sentence what fails, since when and why, and what drifts."""
    parts = [*_failing(report), *_unexplained(report), *_drifting(report)]
    return ". ".join(_capital(part) for part in parts) + "."


def _failing(report: StageReport) -> Iterator[str]:
    tests = say.current(say.judging(report.tests))
    failing = sorted((t for t in tests if say.fails(t)), key=lambda test: -say.fails(test))
    if not tests:
        yield "the files give no verdicts"
    elif not failing:
        day = report.axis.nights[tests[0].last_night]
        yield f"{_all_tests(len(tests))} at the last date, {day}"
    for test in failing[:MOST_TESTS]:
        yield failing_sentence(report, test)
    if len(failing) > MOST_TESTS:
        rest = words.plural(len(failing) - MOST_TESTS, "more test")
        yield f"{rest} {'fails' if len(failing) == MOST_TESTS + 1 else 'fail'} as well"


def _all_tests(n: int) -> str:
    return "the test passes" if n == 1 else f"all {n} tests pass"


def failing_sentence(report: StageReport, test: TestHistory) -> str:
    """Say how many places fail a test, since when, and whether their values moved with it."""
    n, judged = say.fails(test), int(test.judged[test.last_night])
    noun = words.plural(judged, test.level).partition(" ")[2]
    start = f"{n} of {judged} {noun} {'fails' if n == 1 else 'fail'} {test.test}"
    since = Counter(night for night in test.since if night is not None)
    night, members = max(since.items(), key=lambda item: (item[1], item[0]))
    day = report.axis.nights[night]
    if members < n:
        start += f", {members} of them since {day}"
    elif night == _first_judged(test):
        return f"{start} since the first date, {day}"
    else:
        start += f" since {day}"
    change = next((one for one in test.changes if one.night == night), None)
    return f"{start}{_although(test, change)}" if change else start


def _although(test: TestHistory, change: VerdictChange) -> str:
    if say.is_unexplained(change):
        return f", although {say.unmoved(test, change)}"
    if change.value_change is None:
        return ""
    return f", when {test.statistic} changed by {say.moved(change)}"


def _first_judged(test: TestHistory) -> int:
    return next((night for night, n in enumerate(test.judged) if n), 0)


def _unexplained(report: StageReport) -> Iterator[str]:
    last = len(report.axis.nights) - 1
    found = [v for v in report.verdicts if v.night == last and v.unexplained and v.exposure]
    if found:
        yield f"for {words.plural(len(found), 'exposure')} {say.UNEXPLAINED}"


def _drifting(report: StageReport) -> Iterator[str]:
    """Say what drifts over the last month, or else over three; detectors beside amplifiers."""
    watched = [statistic for statistic in report.statistics if not statistic.is_covariate]
    if not watched:
        return
    found = [text for text in (_drift_sentence(s) for s in watched) if text]
    yield from found[:MOST_TESTS]
    if len(found) > MOST_TESTS:
        yield f"{words.plural(len(found) - MOST_TESTS, 'more statistic')} drift as well"
    if found:
        return
    verdicts = {d.verdict for s in watched for t in s.trends if (d := t.drift()) is not None}
    if verdicts - {None, Trend.CANNOT_TELL} or _nights_enough(watched):
        yield "no statistic is seen to drift over the last 30 days"
    else:
        yield f"too few {report.axis.kind} in the last 30 days to tell whether anything drifts"


def _nights_enough(statistics: Sequence[Statistic]) -> bool:
    drifts = (trend.drift() for statistic in statistics for trend in statistic.trends)
    return any(drift is not None and drift.slope_per_30d is not None for drift in drifts)


def _drift_sentence(statistic: Statistic) -> str:
    for window in SPOKEN_WINDOWS:
        if say.drifting_places(statistic, window) or say.drifting_detectors(statistic, window):
            where = _where(statistic, window)
            return f"{statistic.label} drifts over {window:g} days in {where}"
    return ""


def _where(statistic: Statistic, window: float) -> str:
    places = say.drifting_places(statistic, window)
    detectors = say.drifting_detectors(statistic, window)
    parts = []
    if places:
        noun = words.plural(len(places), statistic.places[0].level)
        worst = say.slope(statistic.trends[places[0]].drift(window), statistic)
        parts.append(f"{noun} (most: {say.place_name(statistic.places[places[0]])}, {worst})")
    if detectors:
        names = [say.detector_name(statistic.summaries[number].detector) for number in detectors]
        shown = words.join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        parts.append(f"the median of {shown}")
    return words.join(parts)


def axis_sentence(report: StageReport) -> str:
    """Say what the time axis counts."""
    axis = report.axis
    if not axis.nights:
        return "No dates."
    span = f"{axis.nights[0]} to {axis.nights[-1]}"
    if axis.kind is TimeKind.VERSIONS:
        return (
            f"The same exposures, verified again by {len(axis.nights)} versions of the software"
            f" from {span}: a history of the software, not of the camera."
        )
    if axis.kind is TimeKind.DATES:
        return (
            f"{words.plural(len(axis.nights), 'date')}, {span}: the dates of the files, which do"
            " not say when the exposures were taken."
        )
    return f"{words.plural(len(axis.points), 'verification')} in {len(axis.nights)} nights, {span}."


def retired(report: StageReport) -> str:
    """Name the tests that are no longer made, with the last date of each."""
    tests = say.judging(report.tests)
    last = max((test.last_night for test in tests), default=-1)
    return ", ".join(
        f"{test.test} of the {test.level} (last {report.axis.nights[test.last_night]})"
        for test in tests
        if 0 <= test.last_night < last
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:] if text[:1].islower() else text
