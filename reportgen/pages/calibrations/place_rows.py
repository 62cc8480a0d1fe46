"""Rows of the tables of places: last values and verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.model.anchors import anchor
from reportgen.model.calibration_places import Place
from reportgen.model.calibration_verdicts import SUCCESS, TestHistory, sums_up
from reportgen.model.calibrations import StageReport, Statistic
from reportgen.model.issues import Issue
from reportgen.pages import words
from reportgen.pages.calibrations import files
from reportgen.pages.calibrations import words as say
from reportgen.pages.calibrations.paths import detector_path
from reportgen.pages.calibrations.people import People
from reportgen.pages.calibrations.trend_rows import STATES, last_verdicts

MOST_NAMES = 3
"""Drifting amplifiers named in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCell:
    """The last value of one statistic and the verdict on it."""

    value: float | None
    state: str | None
    title: str
    issues: Sequence[Issue] = ()
    """Known ones, where it fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """One place with its values or verdicts at the last date."""

    anchor: str
    name: str
    cells: Sequence[ValueCell]
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestCount:
    """How many amplifiers of a detector fail a test at the last date."""

    __test__ = False  # pytest would collect it by its name

    test: str
    failing: int
    judged: int

    @property
    def state(self) -> str | None:
        """In one word, None where nothing was judged."""
        if not self.judged:
            return None
        return "fail" if self.failing else "pass"


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorRow:
    """One detector: how many of its amplifiers fail each test, and what drifts."""

    anchor: str
    name: str
    path: str
    counts: Sequence[TestCount]
    drifting: str

    @property
    def is_quiet(self) -> bool:
        """Nothing fails and nothing drifts."""
        return not self.drifting and not any(count.failing for count in self.counts)


def value_rows(report: StageReport, statistics: Sequence[Statistic]) -> list[PlaceRow]:
    """Return the last values, a row per place; ``statistics`` share their level."""
    places = dict.fromkeys(place for statistic in statistics for place in statistic.places)
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


def verdict_rows(
    report: StageReport, tests: Sequence[TestHistory], people: People
) -> list[PlaceRow]:
    """Return the verdicts at the last date, a row per place; ``tests`` share their level."""
    places = dict.fromkeys(place for test in tests for place in test.places)
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
                cells=[
                    ValueCell(
                        value=None,
                        state=state,
                        title="",
                        issues=people.at(report, test, place) if state == "fail" else (),
                    )
                    for test, state in zip(tests, states, strict=True)
                ],
                remark=_remark(tests, states),
            )
        )
    return rows


def _at_last(test: TestHistory, column: int) -> int:
    return int(test.nightly[test.last_night, column])


def _remark(tests: Sequence[TestHistory], states: Sequence[str | None]) -> str:
    """Say where SUCCESS and the tests it sums up do not fit together."""
    summary = [s for t, s in zip(tests, states, strict=True) if t.test == SUCCESS]
    others = [(t.test, s) for t, s in zip(tests, states, strict=True) if not sums_up(t.test)]
    if summary == ["fail"] and others and all(state != "fail" for _, state in others):
        return files.UNEXPLAINED
    failing = [name for name, state in others if state == "fail"]
    if summary == ["pass"] and failing:
        verb = words.verb(len(failing), "fail")
        return f"SUCCESS is true although {words.join(failing)} {verb}"
    return ""


def detector_row(report: StageReport, tests: Sequence[TestHistory]) -> DetectorRow:
    """Return the row of one detector of a camera.

    Parameters
    ----------
    report
        On this detector only.
    tests
        Of the amplifiers of the whole stage, at the same last night: one count for each.
    """
    detector = report.only or ""
    drifting = [text for s in report.statistics if not s.is_covariate and (text := _drifts(s))]
    return DetectorRow(
        anchor=anchor("detector", detector),
        name=say.detector_name(detector),
        path=detector_path(report.key, detector),
        counts=[_count(report, test) for test in tests],
        drifting="; ".join(drifting),
    )


def _count(report: StageReport, test: TestHistory) -> TestCount:
    """Return how many amplifiers of a detector fail a test at its last night."""
    night = test.last_night
    own = next((t for t in report.tests if (t.test, t.level) == (test.test, test.level)), None)
    return TestCount(
        test=test.test,
        failing=0 if own is None else int(own.failing[night]),
        judged=0 if own is None else int(own.judged[night]),
    )


def _drifts(statistic: Statistic) -> str:
    places = [statistic.places[c].amplifier or "" for c in say.drifting_places(statistic)]
    names = ["median"] if say.drifting_detectors(statistic) else []
    names += places[:MOST_NAMES]
    if not names:
        return ""
    rest = len(places) - MOST_NAMES
    more = f" and {rest} more" if rest > 0 else ""
    return f"{statistic.label} ({', '.join(names)}{more})"
