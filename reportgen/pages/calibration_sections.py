"""One statistic on the page of a stage or of a detector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.model.anchors import anchor
from reportgen.model.calibration_verdicts import FAILED, TestHistory
from reportgen.model.calibrations import StageReport, Statistic
from reportgen.model.figures import Figure, FigureFile
from reportgen.model.numbers import format_quantity, format_unit
from reportgen.pages import calibration_words as say
from reportgen.pages.calibration_figures import moved_figure, values_figure, verdicts_figure
from reportgen.pages.calibration_maps import drift_map, last_map
from reportgen.pages.calibration_trend_rows import TrendRow, main_summary, trend_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticView:
    """One statistic: its values and its verdicts, side by side."""

    anchor: str
    label: str
    unit: str
    sentence: str
    epochs: Sequence[str]
    values: FigureFile | None
    verdicts: FigureFile | None
    always: str
    """Said in place of the picture of verdicts where they never changed."""
    moved: FigureFile | None
    last: FigureFile | None
    drift: FigureFile | None
    rows: Sequence[TrendRow]
    covariates: str


def statistic_views(report: StageReport, figure: Figure) -> list[StatisticView]:
    """Return the sections of the page of a stage."""
    return [_stage_view(report, statistic, figure) for statistic in report.statistics]


def _stage_view(report: StageReport, statistic: Statistic, figure: Figure) -> StatisticView:
    tests = tests_of(report, statistic)
    moved = None if statistic.is_covariate else moved_figure(report, statistic)
    last, drift = last_map(report, statistic), drift_map(report, statistic)
    return _view(
        report,
        statistic,
        values=figure(values_figure(report, statistic)),
        verdicts=figure(verdicts_figure(report, tests)) if tests else None,
        moved=figure(moved) if moved else None,
        last=figure(last) if last else None,
        drift=figure(drift) if drift and not statistic.is_covariate else None,
    )


def detector_view(
    report: StageReport, statistic: Statistic, detector: str, figure: Figure | None
) -> StatisticView:
    """Return the section of the page of a detector; without ``figure`` it has no picture."""
    if figure is None:
        return _view(report, statistic, detector=detector)
    tests = tests_of(report, statistic)
    shown = bool(tests) and not _always(report, statistic, detector)
    return _view(
        report,
        statistic,
        detector=detector,
        values=figure(values_figure(report, statistic, detector)),
        verdicts=figure(verdicts_figure(report, tests, detector)) if shown else None,
    )


def _view(
    report: StageReport,
    statistic: Statistic,
    *,
    detector: str | None = None,
    values: FigureFile | None = None,
    verdicts: FigureFile | None = None,
    moved: FigureFile | None = None,
    last: FigureFile | None = None,
    drift: FigureFile | None = None,
) -> StatisticView:
    return StatisticView(
        anchor=anchor(statistic.label),
        label=statistic.label,
        unit=format_unit(statistic.unit) or "dimensionless",
        sentence=_sentence(report, statistic, detector),
        epochs=[f"{report.axis.nights[e.night]}: {e.reason}" for e in statistic.epochs],
        values=values,
        verdicts=verdicts,
        always=_always(report, statistic, detector),
        moved=moved,
        last=last,
        drift=drift,
        rows=trend_rows(report, statistic, detector),
        covariates=" and ".join(statistic.covariates),
    )


def tests_of(report: StageReport, statistic: Statistic) -> list[TestHistory]:
    """Return the tests that judge a statistic."""
    level = statistic.places[0].level
    return [t for t in report.tests if t.level == level and t.statistic == statistic.name]


def _sentence(report: StageReport, statistic: Statistic, detector: str | None) -> str:
    """Say how the values went, and beside it how the verdicts went."""
    if statistic.is_covariate:
        return "A condition, not a result: its influence is taken out of the drifts of the others."
    return " ".join([*_of_values(report, statistic, detector), *_of_verdicts(report, statistic)])


def _of_values(report: StageReport, statistic: Statistic, detector: str | None) -> list[str]:
    main = main_summary(statistic, detector)
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
    change = f", {say.signed_percent((last - first) / abs(first))}" if first else ""
    amounts = [format_quantity(v, statistic.unit or "") for v in (first, last)]
    if statistic.unit is None:
        amounts[1] += " (unit not stated)"
    return [f"{name} went from {amounts[0]} ({days[0]}) to {amounts[1]} ({days[1]}){change}."]


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


def _always(report: StageReport, statistic: Statistic, detector: str | None) -> str:
    """Say that verdicts never changed, where that is so."""
    for test in tests_of(report, statistic):
        columns = [c for c, p in enumerate(test.places) if detector in (None, p.detector)]
        if columns and not (test.nightly[:, columns] == FAILED).any():
            return f"{test.test} passed at every date."
    return ""
