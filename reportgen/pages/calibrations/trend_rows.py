"""Rows of the tables of trends: one series of nightly values each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from reportgen.model.anchors import anchor
from reportgen.model.calibration_places import Place
from reportgen.model.calibration_trends import WINDOWS, SeriesTrend, Trend, WindowDrift
from reportgen.model.calibration_verdicts import FAILED, NO_VERDICT, PASSED
from reportgen.model.calibrations import DetectorSummary, StageReport, Statistic
from reportgen.model.numbers import format_number, format_quantity
from reportgen.pages.calibrations import words as say
from reportgen.pages.calibrations.paths import detector_path

SPARK_NIGHTS = 40
"""Nights that a sparkline shows."""
STATES = {FAILED: "fail", PASSED: "pass"}
"""Words of verdicts; no verdict has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftCell:
    """The trend over one window: verdict, slope, and what lies behind in the title."""

    verdict: str
    slope: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendRow:
    """One series of a statistic: an amplifier, a detector, the median of one or of all."""

    anchor: str
    name: str
    path: str | None
    value: float | None
    unit: str | None
    state: str | None
    drifts: Sequence[DriftCell | None]
    """One per window of `WINDOWS`."""
    step: str
    remark: str
    spark: Sequence[float]


def trend_rows(report: StageReport, statistic: Statistic) -> list[TrendRow]:
    """Return the series of a statistic: detectors of a camera, or the places of one detector."""
    verdicts = last_verdicts(report, statistic)
    if len(statistic.summaries) > 1:
        rows = [_detector_row(report, statistic, one, verdicts) for one in statistic.summaries]
    else:
        rows = [
            replace(
                _row(report, statistic, place, statistic.nightly[:, column], trend),
                state=STATES.get(int(verdicts[column])),
            )
            for column, (place, trend) in enumerate(
                zip(statistic.places, statistic.trends, strict=True)
            )
        ]
    main = main_summary(statistic)
    if main is not None:
        rows.insert(0, _row(report, statistic, None, main.median, main.trend))
    return rows


def main_summary(statistic: Statistic) -> DetectorSummary | None:
    """Return the median that stands for everything: of the camera, or of its one detector."""
    if statistic.overall is not None:
        return statistic.overall
    return statistic.summaries[0] if len(statistic.summaries) == 1 else None


def last_verdicts(report: StageReport, statistic: Statistic) -> np.ndarray:
    """Return per place the worst verdict on its value at the last night of the statistic."""
    points = [
        n for n, point in enumerate(report.axis.points) if point.night == statistic.last_night
    ]
    codes = statistic.passed[points]
    passed = np.where((codes == PASSED).any(axis=0), PASSED, NO_VERDICT)
    worst: np.ndarray = np.where((codes == FAILED).any(axis=0), FAILED, passed)
    return worst


def _row(
    report: StageReport,
    statistic: Statistic,
    place: Place | None,
    values: np.ndarray,
    trend: SeriesTrend,
) -> TrendRow:
    last = statistic.last_night
    where = ("median",) if place is None else (place.detector, place.amplifier)
    return TrendRow(
        anchor=anchor(statistic.label, *where),
        name="median" if place is None else say.place_name(place),
        path=None,
        value=say.known(values[last]) if last >= 0 else None,
        unit=statistic.unit,
        remark=_outside(trend, statistic),
        state=None,
        drifts=[_drift_cell(trend.drift(window), statistic) for window in WINDOWS],
        step=_last_step(report, statistic, trend),
        spark=[float(value) for value in values[-SPARK_NIGHTS:]],
    )


def _detector_row(
    report: StageReport, statistic: Statistic, summary: DetectorSummary, verdicts: np.ndarray
) -> TrendRow:
    """Return the median of a detector with what its amplifiers are like."""
    columns = list(summary.columns)
    place = Place(detector=summary.detector)
    row = _row(report, statistic, place, summary.median, summary.trend)
    own = verdicts[columns]
    failing = int((own == FAILED).sum())
    drifting = sum(is_drifting(statistic.trends[column]) for column in columns)
    parts = [
        _range(statistic, columns),
        f"{failing} of {len(columns)} fail" if failing else "",
        f"{drifting} of {len(columns)} drift" if drifting else "",
        row.remark,
    ]
    return replace(
        row,
        path=None if summary.detector is None else detector_path(report.key, summary.detector),
        remark="; ".join(part for part in parts if part),
        state=STATES.get(FAILED if failing else int(own.max(initial=NO_VERDICT))),
    )


def is_drifting(trend: SeriesTrend) -> bool:
    """Tell whether a series drifts over 30 days."""
    drift = trend.drift()
    return drift is not None and drift.verdict is Trend.DRIFTING


def _range(statistic: Statistic, columns: Sequence[int]) -> str:
    if statistic.last_night < 0:
        return ""
    values = statistic.nightly[statistic.last_night, list(columns)]
    known = values[np.isfinite(values)]
    if not len(known):
        return "no value"
    text = f"{format_number(known.min())} to {format_number(known.max())}"
    return text if len(known) == len(values) else f"{text} ({len(known)} of {len(values)})"


def _drift_cell(drift: WindowDrift | None, statistic: Statistic) -> DriftCell | None:
    if drift is None:
        return None
    text = "" if drift.slope_per_30d is None else say.signed(drift.slope_per_30d, statistic.unit)
    parts = [f"{drift.nights} nights"]
    if say.interval(drift):
        parts.append(f"95 % interval {say.interval(drift)}")
    if drift.p_value is not None and drift.q_value is not None:
        parts.append(f"p {format_number(drift.p_value)}, q {format_number(drift.q_value)}")
    return DriftCell(verdict=drift.verdict.value, slope=text, title="; ".join(parts))


def _last_step(report: StageReport, statistic: Statistic, trend: SeriesTrend) -> str:
    if not trend.steps:
        return ""
    step = trend.steps[-1]
    return f"{report.axis.nights[step.night]}: {say.step_words(step, statistic)}"


def _outside(trend: SeriesTrend, statistic: Statistic) -> str:
    if not trend.outside or trend.limits is None:
        return ""
    low, high = format_number(trend.limits.low), format_quantity(trend.limits.high, statistic.unit)
    return f"outside {low} to {high}"
