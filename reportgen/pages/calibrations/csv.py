"""The tables of a stage as CSV: values, what the figures show, changes."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reportgen.model.calibration_verdicts import FAILED, NO_VERDICT, PASSED
from reportgen.model.calibrations import REASONS, StageReport, Statistic
from reportgen.model.pages import Document
from reportgen.pages.calibrations.api import is_split
from reportgen.pages.calibrations.narrow import split_by_detector
from reportgen.pages.calibrations.paths import (
    changes_csv,
    detector_csv,
    nights_csv,
    values_csv,
)
from reportgen.pages.run_api import safe_cell

VALUE_COLUMNS = (
    "statistic",
    "unit",
    "detector",
    "amplifier",
    "exposure",
    "date",
    "mjd",
    "value",
    "reason",
    "test",
    "passed",
    "collection",
)
NIGHT_COLUMNS = (
    "date",
    "mjd",
    "quantity",
    "unit",
    "detector",
    "median",
    "lowest",
    "highest",
    "failing",
    "judged",
)
CHANGE_COLUMNS = (
    "kind",
    "detector",
    "amplifier",
    "name",
    "unit",
    "before",
    "after",
    "slope_per_30d",
    "q_value",
    "since",
    "amplifiers",
)

_PASSED = {PASSED: "true", FAILED: "false", NO_VERDICT: ""}


def documents(report: StageReport) -> Iterator[Document]:
    """Yield the tables of a stage; where there are many amplifiers, their values by detector."""
    apart = is_split(report)
    if apart or len(report.detectors) > 1:
        for detector, own in split_by_detector(report).items():
            rows = _values(own, own.statistics)
            path = detector_csv(report.key, detector)
            yield Document(path=path, text=_text(VALUE_COLUMNS, rows))
    shown = [s for s in report.statistics if not (apart and s.summaries)]
    values = _values(report, shown)
    yield Document(path=values_csv(report.key), text=_text(VALUE_COLUMNS, values))
    yield Document(path=nights_csv(report.key), text=_text(NIGHT_COLUMNS, _nights(report)))
    yield Document(path=changes_csv(report.key), text=_text(CHANGE_COLUMNS, _changes(report)))


def _values(report: StageReport, statistics: Sequence[Statistic]) -> Iterator[Sequence[Any]]:
    for statistic in statistics:
        for column, place in enumerate(statistic.places):
            for number in statistic.stated:
                point = report.axis.points[number]
                value = float(statistic.values[number, column])
                yield (
                    statistic.label,
                    statistic.unit,
                    place.detector,
                    place.amplifier,
                    point.exposure,
                    point.date,
                    point.mjd,
                    _number(value),
                    REASONS[statistic.reasons[number, column]],
                    statistic.test,
                    _PASSED[int(statistic.passed[number, column])],
                    point.collection,
                )


def _nights(report: StageReport) -> Iterator[Sequence[Any]]:
    """Yield what the histories show: medians of detectors, and failing places of tests."""
    dates = list(zip(report.axis.nights, report.axis.times.tolist(), strict=True))
    for statistic in report.statistics:
        for one in statistic.summaries:
            for night, (day, time) in enumerate(dates):
                numbers = [_number(v[night]) for v in (one.median, one.low, one.high)]
                yield (day, time, statistic.label, statistic.unit, one.detector, *numbers, "", "")
    for test in report.tests:
        name = f"{test.test} ({test.level})"
        for night, (day, time) in enumerate(dates):
            counts = (int(test.failing[night]), int(test.judged[night]))
            if counts[1]:
                yield (day, time, name, "", "", "", "", "", *counts)


def _changes(report: StageReport) -> Iterator[Sequence[Any]]:
    for change in report.changes:
        drift = change.drift
        yield (
            change.kind.value,
            change.place.detector,
            change.place.amplifier,
            change.name,
            change.unit,
            _number(change.before),
            _number(change.after),
            drift.slope_per_30d if drift else "",
            drift.q_value if drift else "",
            "" if change.night is None else report.axis.nights[change.night],
            change.of or "",
        )


def _number(value: float | None) -> float | str:
    return "" if value is None or math.isnan(value) else float(value)


def _text(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    return out.getvalue()
