"""One statistic on the page of a stage or of a detector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from reportgen.model.anchors import anchor
from reportgen.model.calibration_verdicts import TestHistory
from reportgen.model.calibrations import StageReport, Statistic
from reportgen.model.figures import Figure, FigureFile, HistoryFigure
from reportgen.model.issues import Issue
from reportgen.model.numbers import format_quantity, format_unit
from reportgen.pages.calibrations import words as say
from reportgen.pages.calibrations.figures import moved_figure, values_figure, verdicts_figure
from reportgen.pages.calibrations.maps import drift_map, last_map
from reportgen.pages.calibrations.people import NOBODY, People
from reportgen.pages.calibrations.sentences import is_puzzling
from reportgen.pages.calibrations.trend_rows import TrendRow, main_summary, trend_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticView:
    """One statistic: its values and its verdicts, side by side."""

    anchor: str
    label: str
    unit: str
    state: str | None
    """Of its tests and drifts in one word; None: nothing judges it."""
    brief: str
    """How many fail and drift: what a closed section says."""
    sentence: str
    epochs: Sequence[str]
    always: str
    """Said in place of the picture of verdicts where they never changed."""
    rows: Sequence[TrendRow]
    covariates: str
    issues: Sequence[Issue] = ()
    """Known ones about its tests."""
    values: FigureFile | None = None
    verdicts: FigureFile | None = None
    moved: FigureFile | None = None
    last: FigureFile | None = None
    drift: FigureFile | None = None


def statistic_views(
    report: StageReport, figure: Figure, people: People = NOBODY
) -> list[StatisticView]:
    """Return the sections of the page of a stage."""
    views = []
    for statistic in _most_telling_first(report):
        tests = tests_of(report, statistic)
        view = plain_view(report, statistic, people)
        histories = _histories(report, statistic, tests, view.issues, people)
        moved = None if statistic.is_covariate else moved_figure(report, statistic)
        last, drift = last_map(report, statistic), drift_map(report, statistic)
        views.append(
            replace(
                _drawn(view, histories, figure),
                moved=figure(people.mark(moved, report, view.issues)) if moved else None,
                last=figure(last) if last else None,
                drift=figure(drift) if drift and not statistic.is_covariate else None,
            )
        )
    return views


def _drawn(
    view: StatisticView, histories: Sequence[HistoryFigure], figure: Figure
) -> StatisticView:
    """Add the pictures of values and, where there are any, of verdicts."""
    values, *verdicts = [figure(one) for one in histories]
    return replace(view, values=values, verdicts=verdicts[0] if verdicts else None)


def _histories(
    report: StageReport,
    statistic: Statistic,
    tests: Sequence[TestHistory],
    issues: Sequence[Issue],
    people: People,
) -> list[HistoryFigure]:
    """Return the histories of values and verdicts, with what people said on their axes."""
    requests = [values_figure(report, statistic)]
    requests += [verdicts_figure(report, tests)] if tests else []
    return [people.mark(one, report, issues) for one in requests]


def _most_telling_first(report: StageReport) -> list[Statistic]:
    """Return first what fails without its value, then what fails, is judged, the rest."""
    judged_by = {id(one): tests_of(report, one) for one in report.statistics}

    def puzzling_last(statistic: Statistic) -> tuple[bool, int]:
        tests = judged_by[id(statistic)]
        return (any(map(is_puzzling, tests)), sum(map(say.fails, tests)))

    by_failures = sorted(report.statistics, key=puzzling_last, reverse=True)
    return sorted(by_failures, key=lambda one: (one.is_covariate, not judged_by[id(one)]))


def detector_views(
    report: StageReport, figure: Figure | None, people: People = NOBODY
) -> list[StatisticView]:
    """Return the sections of the page of a detector; without ``figure`` they have no pictures."""
    views = [plain_view(report, statistic, people) for statistic in report.statistics]
    if figure is None:
        return views
    drawn = []
    for view, statistic in zip(views, report.statistics, strict=True):
        tests = [] if view.always else tests_of(report, statistic)
        histories = _histories(report, statistic, tests, view.issues, people)
        drawn.append(_drawn(view, histories, figure))
    return drawn


def plain_view(report: StageReport, statistic: Statistic, people: People = NOBODY) -> StatisticView:
    """Return a section without pictures."""
    state, brief = _brief(report, statistic)
    return StatisticView(
        anchor=anchor(statistic.label),
        label=statistic.label,
        unit=format_unit(statistic.unit) or "dimensionless",
        state=state,
        brief=brief,
        sentence=_sentence(report, statistic),
        epochs=[f"{report.axis.nights[e.night]}: {e.reason}" for e in statistic.epochs],
        always=_always(report, statistic),
        rows=trend_rows(report, statistic),
        covariates=" and ".join(statistic.covariates),
        issues=people.issues(report, tests_of(report, statistic), statistic),
    )


def _brief(report: StageReport, statistic: Statistic) -> tuple[str | None, str]:
    """Say in a word and a few numbers how a statistic stands at the last date."""
    if statistic.is_covariate:
        return None, "a condition"
    tests = _about(statistic, say.current(say.judging(report.tests)))
    failing = sum(map(say.fails, tests))
    judged = sum(int(test.judged[test.last_night]) for test in tests)
    drifting, places = len(say.drifting_places(statistic)), len(statistic.places)
    drifts = f"{drifting} of {places} drift over 30 days" if drifting else ""
    if failing:
        return "fail", ", ".join(filter(None, (f"{failing} of {judged}", drifts)))
    if drifting:
        return "drifting", drifts
    return ("pass", f"all {judged}") if judged else (None, "no test judges it")


def tests_of(report: StageReport, statistic: Statistic) -> list[TestHistory]:
    """Return the tests that judge a statistic."""
    return _about(statistic, report.tests)


def _about(statistic: Statistic, tests: Sequence[TestHistory]) -> list[TestHistory]:
    return [test for test in tests if statistic.is_behind(test)]


def _sentence(report: StageReport, statistic: Statistic) -> str:
    """Say how the values went, and beside it how the verdicts went."""
    if statistic.is_covariate:
        return "A condition, not a result: its influence is taken out of the drifts of the others."
    return " ".join([*_of_values(report, statistic), *_of_verdicts(report, statistic)])


def _of_values(report: StageReport, statistic: Statistic) -> list[str]:
    main = main_summary(statistic)
    start = statistic.epochs[-1].night if statistic.epochs else 0
    if main is not None:
        values, name = main.median[start:], f"Value: the median of {statistic.label}"
    elif len(statistic.places) == 1:
        values, name = statistic.nightly[start:, 0], f"Value: {statistic.label}"
    else:
        return []
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return ["No value."]
    first, last = values[known[0]], values[known[-1]]
    days = [report.axis.nights[start + n] for n in (known[0], known[-1])]
    amounts = [format_quantity(v, statistic.unit or "") for v in (first, last)]
    change = say.signed(last - first, statistic.unit) if last != first else "no change"
    if 0 < abs(last - first) < abs(first) / 2:  # about zero a percentage says nothing
        change += f" or {say.signed_percent((last - first) / abs(first))}"
    span = f"from {amounts[0]} on {days[0]} to {amounts[1]} on {days[1]}"
    return [f"{name} went {span}: {change}."]


def _of_verdicts(report: StageReport, statistic: Statistic) -> list[str]:
    sentences = []
    for test in tests_of(report, statistic):
        judged = np.flatnonzero(test.judged)
        if len(judged):
            ends = [f"{test.failing[n]} of {test.judged[n]}" for n in (judged[0], judged[-1])]
            sentences.append(
                f"Verdict: {test.test} fails in {ends[0]} at first, {ends[1]} at last."
            )
    return sentences


def _always(report: StageReport, statistic: Statistic) -> str:
    """Say that verdicts never changed, where that is so."""
    for test in tests_of(report, statistic):
        if not test.failing.any():
            return f"{test.test} passed at every date."
    return ""
