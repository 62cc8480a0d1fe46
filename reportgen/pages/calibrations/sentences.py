"""The sentences at the top of the pages of calibrations: what somebody reads who has no time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from reportgen.model.calibration_verdicts import TestHistory, VerdictChange
from reportgen.model.calibrations import StageReport, Statistic, TimeKind
from reportgen.model.numbers import plural
from reportgen.pages import words
from reportgen.pages.calibrations import files
from reportgen.pages.calibrations import words as say

MOST_NAMES = 4
"""Tests named in a sentence."""

SPOKEN_WINDOWS = (30.0, 90.0)
"""Windows in days that sentences speak of; the tables have all."""


def stage_sentence(report: StageReport) -> str:
    """Say in one sentence what fails, since when and why, and what drifts."""
    return f"{_capital('; '.join([*_main_failure(report), _drifts(report)]))}."


def more_findings(report: StageReport) -> list[str]:
    """Return one sentence per failing test and per drifting statistic.

    Those that `stage_sentence` tells in full are left out.
    """
    told = set(_main_failure(report))
    found = [failing_sentence(report, test) for test in _failing(report)]
    found += [text for s in _watched(report) if (text := _drift_sentence(s))]
    return [f"{_capital(text)}." for text in found if text not in told]


def _failing(report: StageReport) -> list[TestHistory]:
    """Return the failing tests, first those whose values cannot explain it."""
    tests = [test for test in say.decisive(report) if say.fails(test)]
    return sorted(tests, key=lambda test: (not is_puzzling(test), -say.fails(test)))


def failing_since(report: StageReport) -> str:
    """Return the day since which most of what fails does so; empty where nothing fails."""
    nights: Counter[int] = Counter()
    for test in _failing(report):
        nights.update(night for night in test.since if night is not None)
    if not nights:
        return ""
    return report.axis.nights[nights.most_common(1)[0][0]]


def is_puzzling(test: TestHistory) -> bool:
    """Tell whether most places began to fail at values at which they had passed."""
    change = _change_behind(test)
    return change is not None and say.is_unexplained(change)


def _main_failure(report: StageReport) -> Iterator[str]:
    tests, failing = say.decisive(report), _failing(report)
    if files_decide(report):
        yield from files.sentences(report)
    elif not tests:
        yield "the files give no verdicts on places"
    if failing:
        yield failing_sentence(report, failing[0])
        others = [name for name in _names(failing[1:]) if name != failing[0].test]
        if others:
            verb = words.verb(len(others), "fail")
            shown = words.join(others) if len(others) <= MOST_NAMES else f"{len(others)} more tests"
            yield f"{shown} {verb} as well"
    elif tests:
        day = report.axis.nights[tests[0].last_night]
        yield f"{_all_tests(len(tests))} on {day}"
    yield from files.unexplained(report)


def files_decide(report: StageReport) -> bool:
    """Tell whether files per exposure or run say whether the stage is good.

    They do where there are no tests of places, or only older ones, and where they alone say no.
    """
    parts, tests = files.counted(files.newest(report)), say.decisive(report)
    if not parts or not tests:
        return bool(parts)
    last, judged = files.last_night(report), tests[0].last_night
    alone = any(map(files.fails, parts)) and not _failing(report)
    return last > judged or (last == judged and alone)


def verdict_night(report: StageReport) -> int:
    """Return the night of the verdicts that count; -1 where there are none."""
    if files_decide(report):
        return files.last_night(report)
    return max((test.last_night for test in say.decisive(report)), default=-1)


def _names(tests: Sequence[TestHistory]) -> list[str]:
    return list(dict.fromkeys(test.test for test in tests))


def _all_tests(n: int) -> str:
    if n < 3:
        return "the test passes" if n == 1 else "both tests pass"
    return f"all {n} tests pass"


def failing_sentence(report: StageReport, test: TestHistory) -> str:
    """Say how many places fail a test, since when, and whether their values moved with it."""
    n, judged = say.fails(test), int(test.judged[test.last_night])
    noun = plural(judged, test.level).partition(" ")[2]
    start = f"{n} of {judged} {noun} {'fails' if n == 1 else 'fail'} {test.test}"
    night = _main_night(test)
    members = sum(since == night for since in test.since)
    day = report.axis.nights[night]
    if members == n and night == _first_judged(test):
        return f"{start} since the first date, {day}"
    who = "" if members == n else f", {members} of them" if 2 * members > n else ", the last"
    change = _change_behind(test)
    return f"{start}{who} since {day}{_although(test, change) if change else ''}"


def _main_night(test: TestHistory) -> int:
    """Return the night since which most of the failing places fail, or the last of them."""
    since = Counter(night for night in test.since if night is not None)
    night, members = since.most_common(1)[0]
    return night if 2 * members > sum(since.values()) else max(since)


def _change_behind(test: TestHistory) -> VerdictChange | None:
    if not say.fails(test):
        return None
    return next((change for change in test.changes if change.night == _main_night(test)), None)


def _although(test: TestHistory, change: VerdictChange) -> str:
    if say.is_unexplained(change):
        return f", although {say.unmoved(test, change)}"
    if change.value_change is None:
        return ""
    return f", when {test.statistic} changed by {say.moved(change)}"


def _first_judged(test: TestHistory) -> int:
    return next((night for night, n in enumerate(test.judged) if n), 0)


def _watched(report: StageReport) -> list[Statistic]:
    return [statistic for statistic in report.statistics if not statistic.is_covariate]


def _drifts(report: StageReport) -> str:
    """Say which statistics drift over the last month, or else over three."""
    watched = _watched(report)
    parts = []
    known: set[str] = set()
    for window in SPOKEN_WINDOWS:
        names = [s.label for s in watched if s.label not in known and _moves(s, window)]
        known.update(names)
        if names:
            verb = words.verb(len(names), "drift")
            parts.append(f"{words.join(names)} {verb} over {window:g} days")
    if parts:
        return words.join(parts)
    if not watched:
        return "the files give no numbers"
    if say.can_tell(watched):
        return "nothing is seen to drift over 30 days"
    return f"too few {report.axis.kind} in the last 30 days to tell whether anything drifts"


def _moves(statistic: Statistic, window: float) -> bool:
    places = say.drifting_places(statistic, window)
    return bool(places or say.drifting_detectors(statistic, window))


def _drift_sentence(statistic: Statistic) -> str:
    for window in SPOKEN_WINDOWS:
        if _moves(statistic, window):
            where = _where(statistic, window)
            return f"{statistic.label} drifts over {window:g} days in {where}"
    return ""


def _where(statistic: Statistic, window: float) -> str:
    places = say.drifting_places(statistic, window)
    detectors = say.drifting_detectors(statistic, window)
    parts = []
    if places:
        noun = plural(len(places), statistic.level)
        worst = say.slope(statistic.trends[places[0]].drift(window), statistic)
        name = say.place_name(statistic.places[places[0]])
        parts.append(f"{noun} ({'most: ' if len(places) > 1 else ''}{name}, {worst})")
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
    span = " to ".join(dict.fromkeys((axis.nights[0], axis.nights[-1])))
    if axis.kind is TimeKind.VERSIONS:
        return (
            f"The same exposures, verified again by {len(axis.nights)} versions of the software"
            f" from {span}: a history of the software, not of the camera."
        )
    if axis.kind is TimeKind.DATES:
        return (
            f"{plural(len(axis.nights), 'date')}, {span}: the dates of the files, not of"
            " their exposures."
        )
    return f"{plural(len(axis.points), 'verification')} in {len(axis.nights)} nights, {span}."


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
