"""The pictures of a stage over its nights: values, verdicts, and what moved."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.model.calibration_trends import SeriesTrend
from reportgen.model.calibration_verdicts import TestHistory
from reportgen.model.calibrations import DetectorSummary, StageReport, Statistic
from reportgen.model.figures import Annotation, HistoryFigure, Limit, Series
from reportgen.model.numbers import format_number, format_quantity, format_unit, plural
from reportgen.pages import words
from reportgen.pages.calibrations import words as say
from reportgen.pages.calibrations.trend_rows import main_summary

MOST_CURVES = 17
"""Curves in one figure: the amplifiers of an LSST detector and their median."""
MOST_MOVED = 8
"""Curves in the figure of what moved."""
CONTROL = "watch_range"
"""Control limits are drawn as ranges to watch: outside of them somebody should look."""


def values_figure(report: StageReport, statistic: Statistic) -> HistoryFigure:
    """Return the values over the nights: detectors of a camera, or amplifiers of a detector."""
    curves = _curves(statistic)
    main = main_summary(statistic)
    return HistoryFigure(
        title=f"{stage_title(report)} {statistic.label}",
        unit=format_unit(statistic.unit),
        labels=tuple(report.axis.nights),
        times=tuple(report.axis.times.tolist()),
        series=tuple(_series(curve, statistic) for curve in curves),
        limits=tuple(_control_limits(main.trend)) if main else (),
        annotations=tuple(_annotations(report, statistic)),
        demonstration=report.demonstration,
        alt=_values_alt(report, statistic, curves),
        caption=_values_caption(report, statistic, main),
    )


@dataclass(frozen=True, slots=True)
class _Curve:
    """One line of a figure."""

    label: str
    values: np.ndarray


def _curves(statistic: Statistic) -> list[_Curve]:
    if len(statistic.summaries) > 1:
        found = [_Curve(say.detector_name(s.detector), s.median) for s in statistic.summaries]
    else:
        alone = len(statistic.summaries) == 1
        found = [
            _Curve((alone and place.amplifier) or say.place_name(place), values)
            for place, values in zip(statistic.places, statistic.nightly.T, strict=True)
        ]
    main = main_summary(statistic)
    if main is None:
        return found[:MOST_CURVES]
    median = _Curve("median", main.median)
    if len(found) < MOST_CURVES:
        return [median, *found]
    return [median, _Curve("lowest", main.low), _Curve("highest", main.high)]


def _series(curve: _Curve, statistic: Statistic) -> Series:
    values = tuple(curve.values.tolist())
    known = np.isfinite(statistic.nightly).any(axis=1)
    return Series(
        label=curve.label,
        values=values,
        reasons=tuple(
            "not measured" if math.isnan(value) and known[night] else ""
            for night, value in enumerate(values)
        ),
        breaks=tuple(epoch.night for epoch in statistic.epochs),
    )


def _control_limits(trend: SeriesTrend) -> Iterator[Limit]:
    if trend.limits is not None:
        yield Limit(label="watch: control", value=trend.limits.low, operator=">=", kind=CONTROL)
        yield Limit(label="watch: control", value=trend.limits.high, operator="<=", kind=CONTROL)


def _annotations(report: StageReport, statistic: Statistic) -> Iterator[Annotation]:
    """Yield epochs and confirmed steps; a step of many places is one mark."""
    times = report.axis.times
    for epoch in statistic.epochs:
        yield Annotation(position=float(times[epoch.night]), text=epoch.reason, kind="epoch")
    shown: dict[int, list[str]] = {}
    for summary in statistic.summaries:
        for step in summary.trend.steps:
            if step.confirmed:
                name = say.detector_name(summary.detector)
                text = f"{name} {say.signed(step.change, statistic.unit)}"
                shown.setdefault(step.night, []).append(text)
    for night, texts in sorted(shown.items()):
        more = f" and {len(texts) - 2} more" if len(texts) > 2 else ""
        text = f"step: {', '.join(texts[:2])}{more}"
        yield Annotation(position=float(times[night]), text=text, kind="step")


def _values_alt(report: StageReport, statistic: Statistic, curves: Sequence[_Curve]) -> str:
    parts = []
    for curve in curves[:MOST_CURVES]:
        known = curve.values[np.isfinite(curve.values)]
        if not len(known):
            parts.append(f"{curve.label}: no value")
            continue
        low, high = format_number(known.min()), format_quantity(known.max(), statistic.unit or "")
        parts.append(f"{curve.label}: {low} to {high}, last {format_number(known[-1])}")
    nights = plural(len(report.axis.nights), "date")
    return f"{statistic.label} of {stage_title(report)} over {nights}. {'; '.join(parts)}."


def _values_caption(report: StageReport, statistic: Statistic, main: DetectorSummary | None) -> str:
    text = (
        f"{statistic.label} by {_date_word(report)} ({format_unit(statistic.unit) or 'no unit'})."
    )
    if main is not None and len(main.members) < len(main.columns):
        text += (
            f" The median is over the {len(main.members)} of {len(main.columns)} that have values"
            " at nearly all dates."
        )
    if main is not None and main.trend.limits is not None:
        since = report.axis.nights[main.trend.limits.since]
        text += f" Control limits of the median, from its level since {since}."
    return text


def verdicts_figure(report: StageReport, tests: Sequence[TestHistory]) -> HistoryFigure:
    """Return the number of places that fail each test, night by night."""
    counts = [_Count(test.test, test.failing.tolist(), test.judged.tolist()) for test in tests]
    series = [Series(label=f"{one.test} fails", values=_numbers(one)) for one in counts]
    details = [tuple(f"of {n} judged" if n else "" for n in one.judged) for one in counts]
    if len({n for n in counts[0].judged if n}) > 1:
        # With more or fewer amplifiers judged, a number of failures alone would mislead.
        judged = tuple(float(n) if n else math.nan for n in counts[0].judged)
        series.append(Series(label="judged", values=judged))
        details.append(("",) * len(judged))
    noun = plural(2, tests[0].level).partition(" ")[2]
    named = words.join([one.test for one in counts])
    return HistoryFigure(
        title=f"{stage_title(report)} {named}: failing {noun}",
        unit=noun,
        labels=tuple(report.axis.nights),
        times=tuple(report.axis.times.tolist()),
        series=tuple(series),
        details=tuple(details),
        demonstration=report.demonstration,
        alt=_verdicts_alt(report, counts),
        caption=f"{noun.capitalize()} that fail, by {_date_word(report)}, as the files say it.",
    )


@dataclass(frozen=True, slots=True)
class _Count:
    """How many places fail a test, night by night."""

    test: str
    failing: Sequence[int]
    judged: Sequence[int]


def _numbers(count: _Count) -> tuple[float, ...]:
    pairs = zip(count.failing, count.judged, strict=True)
    return tuple(float(n) if of else math.nan for n, of in pairs)


def _verdicts_alt(report: StageReport, counts: Sequence[_Count]) -> str:
    parts = []
    for one in counts:
        nights = [night for night, n in enumerate(one.judged) if n]
        if nights:
            ends = [
                f"{one.failing[n]} of {one.judged[n]} on {report.axis.nights[n]}"
                for n in (nights[0], nights[-1])
            ]
            parts.append(f"{one.test}: {ends[0]}, {ends[1]}")
    return f"Number failing per date. {'; '.join(parts)}."


def moved_figure(report: StageReport, statistic: Statistic) -> HistoryFigure | None:
    """Return drifting and stepping places as the change from their own first level."""
    curves = list(_moved(statistic))
    if not curves:
        return None
    shown = curves[:MOST_MOVED]
    return HistoryFigure(
        title=f"{stage_title(report)} {statistic.label}: what moved",
        unit=format_unit(statistic.unit),
        labels=tuple(report.axis.nights),
        times=tuple(report.axis.times.tolist()),
        series=tuple(_series(curve, statistic) for curve in shown),
        demonstration=report.demonstration,
        alt=_values_alt(report, statistic, shown),
        caption=f"Change of {statistic.label} from the level of the first ten dates, for what"
        f" drifts or stepped ({len(shown)} of {len(curves)} shown).",
    )


def _moved(statistic: Statistic) -> Iterator[_Curve]:
    """Yield drifting places, then detectors that drift or stepped, since the last epoch."""
    start = statistic.epochs[-1].night if statistic.epochs else 0
    for column in say.drifting_places(statistic):
        name = say.place_name(statistic.places[column])
        yield _Curve(name, _from_first_level(statistic.nightly[:, column], start))
    drifting = say.drifting_detectors(statistic)
    for number, summary in enumerate(statistic.summaries):
        stepped = any(step.confirmed and step.night > start for step in summary.trend.steps)
        if number in drifting or stepped:
            name = f"median of {say.detector_name(summary.detector)}"
            yield _Curve(name, _from_first_level(summary.common, start))


def _from_first_level(values: np.ndarray, start: int) -> np.ndarray:
    """Return the change from the level of the first ten values since a night."""
    known = values[start:][np.isfinite(values[start:])][:10]
    level = float(np.median(known)) if len(known) else math.nan
    return np.concatenate([np.full(start, np.nan), values[start:] - level])


def stage_title(report: StageReport) -> str:
    """Return what a report is about: instrument, stage, and the detector if it is only one."""
    about = f" {say.detector_name(report.only)}" if report.only is not None else ""
    return f"{report.key.instrument} {report.key.stage}{about}"


def _date_word(report: StageReport) -> str:
    return report.axis.kind.value.removesuffix("s")
