"""Rows of the tables of places: last values and verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.model.anchors import anchor
from reportgen.model.calibration_places import Place
from reportgen.model.calibration_verdicts import FAILED, PASSED, TestHistory
from reportgen.model.calibrations import StageReport, Statistic
from reportgen.pages import calibration_words as say
from reportgen.pages import words
from reportgen.pages.calibration_paths import detector_path
from reportgen.pages.calibration_trend_rows import STATES, last_verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCell:
    """The last value of one statistic and the verdict on it."""

    value: float | None
    state: str | None
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """One place with its values or verdicts at the last date."""

    anchor: str
    name: str
    cells: Sequence[ValueCell]
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorRow:
    """One detector: how many of its amplifiers fail each test, and what drifts."""

    anchor: str
    name: str
    path: str
    failing: Sequence[str]
    states: Sequence[str | None]
    drifting: str
    drift_state: str


def value_rows(
    report: StageReport, statistics: Sequence[Statistic], detector: str | None = None
) -> list[PlaceRow]:
    """Return the last values, a row per place; ``statistics`` share their level."""
    places = dict.fromkeys(
        place
        for statistic in statistics
        for place in statistic.places
        if detector in (None, place.detector)
    )
    columns = [_Column(statistic, last_verdicts(report, statistic)) for statistic in statistics]
    return [
        PlaceRow(
            anchor=anchor("value", place.detector, place.amplifier),
            name=say.place_name(place),
            cells=[column.cell(place) for column in columns],
        )
        for place in places
    ]


class _Column:
    """The last values of one statistic."""

    def __init__(self, statistic: Statistic, verdicts: np.ndarray) -> None:
        self._statistic = statistic
        self._verdicts = verdicts
        self._at = {place: column for column, place in enumerate(statistic.places)}

    def cell(self, place: Place) -> ValueCell:
        """Return value and verdict at one place."""
        column, statistic = self._at.get(place), self._statistic
        if column is None or statistic.last_night < 0:
            return ValueCell(value=None, state=None, title="")
        state = STATES.get(int(self._verdicts[column]))
        value = say.known(statistic.nightly[statistic.last_night, column])
        return ValueCell(
            value=value, state=state, title=f"{statistic.test}: {state}" if state else ""
        )


def verdict_rows(tests: Sequence[TestHistory], detector: str | None = None) -> list[PlaceRow]:
    """Return the verdicts at the last date, a row per place; ``tests`` share their level."""
    places = dict.fromkeys(
        place for test in tests for place in test.places if detector in (None, place.detector)
    )
    columns = [{p: c for c, p in enumerate(t.places)} for t in tests]
    rows = []
    for place in places:
        states = [
            None if found.get(place) is None else STATES.get(_at_last(test, found[place]))
            for test, found in zip(tests, columns, strict=True)
        ]
        rows.append(
            PlaceRow(
                anchor=anchor("verdict", place.detector, place.amplifier),
                name=say.place_name(place),
                cells=[ValueCell(value=None, state=state, title="") for state in states],
                remark=_remark(tests, states),
            )
        )
    return rows


def _at_last(test: TestHistory, column: int) -> int:
    return int(test.nightly[test.last_night, column])


def _remark(tests: Sequence[TestHistory], states: Sequence[str | None]) -> str:
    """Say where SUCCESS and the tests it sums up do not fit together."""
    summary = [s for t, s in zip(tests, states, strict=True) if t.test == say.SUCCESS]
    others = [
        (t.test, s) for t, s in zip(tests, states, strict=True) if not t.test.endswith(say.SUCCESS)
    ]
    if summary == ["fail"] and others and all(state != "fail" for _, state in others):
        return say.UNEXPLAINED
    failing = [name for name, state in others if state == "fail"]
    if summary == ["pass"] and failing:
        verb = "fails" if len(failing) == 1 else "fail"
        return f"SUCCESS is true although {words.join(failing)} {verb}"
    return ""


def detector_rows(report: StageReport) -> list[DetectorRow]:
    """Return one row per detector of a camera."""
    tests = [t for t in say.current(say.judging(report.tests)) if t.level == "amplifier"]
    statistics = [s for s in report.statistics if s.summaries and not s.is_covariate]
    rows = []
    for detector in report.detectors:
        counts = [_fails_in(test, detector) for test in tests]
        drifting = [_drifts_in(statistic, detector) for statistic in statistics]
        named = [text for text in drifting if text]
        rows.append(
            DetectorRow(
                anchor=anchor("detector", detector),
                name=say.detector_name(detector),
                path=detector_path(report.key, detector),
                failing=[f"{n.failing} of {n.judged}" if n.judged else "" for n in counts],
                states=[None if not n.judged else "fail" if n.failing else "pass" for n in counts],
                drifting="; ".join(named),
                drift_state="drifting" if named else "",
            )
        )
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fails:
    failing: int
    judged: int


def _fails_in(test: TestHistory, detector: str) -> _Fails:
    codes = [
        int(code)
        for place, code in zip(test.places, test.nightly[test.last_night], strict=True)
        if place.detector == detector
    ]
    return _Fails(failing=codes.count(FAILED), judged=codes.count(FAILED) + codes.count(PASSED))


def _drifts_in(statistic: Statistic, detector: str) -> str:
    found = [
        statistic.places[c].amplifier or ""
        for c in say.drifting_places(statistic)
        if statistic.places[c].detector == detector
    ]
    median = any(
        statistic.summaries[n].detector == detector for n in say.drifting_detectors(statistic)
    )
    if not found and not median:
        return ""
    names = ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")
    parts = [part for part in ("median" if median else "", names) if part]
    return f"{statistic.label} ({', '.join(parts)})"
