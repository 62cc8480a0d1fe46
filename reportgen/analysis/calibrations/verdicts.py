"""Verdicts of cp_verify over time: read from the files, never reached again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from reportgen.analysis.calibrations.axis import PlacedMoments
from reportgen.analysis.calibrations.nights import nightly_worst
from reportgen.analysis.calibrations.rows import StageRows, TestRows
from reportgen.analysis.calibrations.tables import place_order
from reportgen.model.calibration_verdicts import FAILED, NO_VERDICT, PASSED, SUCCESS, TestHistory
from reportgen.model.calibrations import Statistic, TimeAxis

_TABLE_LEVELS = ("amplifier", "detector", "exposure")

QUANTITIES = {"READ_NOISE_CONSISTENT": "READ_NOISE_ADU", "NO_SIGNIFICANT_DETECTION": "N_VALID"}
"""The statistic behind a test, where the two have different names."""


def make_tests(rows: TestRows, stage: StageRows, placed: PlacedMoments) -> list[TestHistory]:
    """Return the history of each test, by level and name; SUCCESS comes last."""
    keys = sorted(
        set(zip(rows.level.tolist(), rows.test.tolist(), strict=True)),
        key=lambda key: _order(stage.levels.word(key[0]), stage.tests.word(key[1])),
    )
    tables = []
    for level, test in keys:
        if stage.levels.word(level) not in _TABLE_LEVELS:
            continue
        chosen = np.flatnonzero((rows.level == level) & (rows.test == test))
        chosen = chosen[_stands_for_level(rows.place[chosen], stage, stage.levels.word(level))]
        if len(chosen):
            table = _outcomes(rows, chosen, stage, placed)
            tables.append(replace(table, test=stage.tests.word(test)))
    return tables


def _order(level: str, test: str) -> tuple[int, bool, str]:
    rank = _TABLE_LEVELS.index(level) if level in _TABLE_LEVELS else len(_TABLE_LEVELS)
    return (rank, test == SUCCESS, test)


def _stands_for_level(place: np.ndarray, stage: StageRows, level: str) -> np.ndarray:
    """Leave out the entries of FAILURES lists, which repeat the verdicts of another level."""
    fits = np.array([one.level == level for one in stage.places], dtype=bool)
    chosen: np.ndarray = fits[place]
    return chosen


def _outcomes(
    rows: TestRows, chosen: np.ndarray, stage: StageRows, placed: PlacedMoments
) -> TestHistory:
    places = stage.places
    codes = sorted(
        (int(code) for code in np.unique(rows.place[chosen])),
        key=lambda code: place_order(places[code]),
    )
    column_of = np.full(len(places), -1, dtype=np.int32)
    column_of[codes] = np.arange(len(codes))
    order = chosen[np.argsort(placed.rank[rows.moment[chosen]], kind="stable")]
    outcomes = np.full((len(placed.axis.points), len(codes)), NO_VERDICT, dtype=np.int8)
    outcomes[placed.point[rows.moment[order]], column_of[rows.place[order]]] = rows.outcome[order]
    nightly = verdict_nights(outcomes, placed.axis)
    return TestHistory(
        test="",
        level=stage.levels.word(int(rows.level[chosen[0]])),
        places=[places[code] for code in codes],
        outcomes=outcomes,
        nightly=nightly,
        failing=(nightly == FAILED).sum(axis=1),
        judged=(nightly != NO_VERDICT).sum(axis=1),
        since=failing_since(nightly),
    )


def verdict_nights(outcomes: np.ndarray, axis: TimeAxis) -> np.ndarray:
    """Return one verdict per night and place."""
    night = np.array([point.night for point in axis.points], dtype=int)
    return nightly_worst(outcomes, night, len(axis.nights))


def failing_since(nightly: np.ndarray) -> list[int | None]:
    """Return per place the night since which it fails without a pass, None if it passed last.

    Only places with a verdict at the last night that has any count as failing.
    """
    judged = np.flatnonzero((nightly != NO_VERDICT).any(axis=1))
    since: list[int | None] = []
    for column in range(nightly.shape[1]):
        outcome = nightly[:, column]
        if not len(judged) or outcome[judged[-1]] != FAILED:
            since.append(None)
            continue
        passed = np.flatnonzero(outcome == PASSED)
        failed = np.flatnonzero(outcome == FAILED)
        since.append(int(failed[failed > (passed[-1] if len(passed) else -1)][0]))
    return since


def statistic_of(test: TestHistory, stage: str, statistics: Sequence[Statistic]) -> str | None:
    """Return the name of the number that a test judges, where the stage has it.

    Tests of old files lack the prefix (``GAIN`` of stage ptc is ``PTC_GAIN``); tests of a whole
    detector judge a number of the block ``DET``.
    """
    names = {one.name for one in statistics if one.places[0].level == test.level}
    own = QUANTITIES.get(test.test, test.test)
    for name in (own, f"DET_{own}", f"EXP_{own}", f"{stage.upper()}_{own}"):
        if name in names:
            return name
    return None


def with_verdicts(statistic: Statistic, tests: Sequence[TestHistory]) -> Statistic:
    """Return the statistic with the verdicts of the test that judges it."""
    level = statistic.places[0].level
    test = next((t for t in tests if t.level == level and t.statistic == statistic.name), None)
    if test is None:
        return statistic
    column_of = {place: column for column, place in enumerate(test.places)}
    passed = statistic.passed.copy()
    for column, place in enumerate(statistic.places):
        if (found := column_of.get(place)) is not None:
            passed[:, column] = test.outcomes[:, found]
    return replace(statistic, test=test.test, passed=passed)
