"""Verdicts of cp_verify over time: read from the files, never reached again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from reportgen.analysis.calibrations.axis import PlacedMoments
from reportgen.analysis.calibrations.nights import at_places, nightly_worst
from reportgen.analysis.calibrations.rows import StageRows, TestRows
from reportgen.analysis.calibrations.tables import place_order
from reportgen.model.calibration_verdicts import FAILED, NO_VERDICT, PASSED, SUCCESS, TestHistory
from reportgen.model.calibrations import Statistic

_TABLE_LEVELS = ("amplifier", "detector", "exposure")

QUANTITIES = {"READ_NOISE_CONSISTENT": "READ_NOISE_ADU", "NO_SIGNIFICANT_DETECTION": "N_VALID"}
"""The statistic behind a test, where the two have different names."""


def make_tests(rows: TestRows, stage: StageRows, placed: PlacedMoments) -> list[TestHistory]:
    """Return the history of each test, by level and name; SUCCESS comes last."""
    keys = sorted(
        set(zip(rows.level.tolist(), rows.test.tolist(), strict=True)),
        key=lambda key: _order(stage.levels.word(key[0]), stage.tests.word(key[1])),
    )
    histories = []
    for level, test in keys:
        chosen = np.flatnonzero((rows.level == level) & (rows.test == test))
        chosen = chosen[_stands_for_level(rows.place[chosen], stage, stage.levels.word(level))]
        if len(chosen):
            histories.append(_history(rows, chosen, stage, placed))
    return histories


def _order(level: str, test: str) -> tuple[int, bool, str]:
    rank = _TABLE_LEVELS.index(level) if level in _TABLE_LEVELS else len(_TABLE_LEVELS)
    return (rank, test == SUCCESS, test)


def _stands_for_level(place: np.ndarray, stage: StageRows, level: str) -> np.ndarray:
    """Leave out the entries of FAILURES lists, which repeat the verdicts of another level.

    No place has the level of a whole run, which so has no history.
    """
    fits = np.array([one.level == level for one in stage.places], dtype=bool)
    chosen: np.ndarray = fits[place]
    return chosen


def _history(
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
    nightly = nightly_worst(outcomes, placed.axis.point_nights, len(placed.axis.nights))
    return TestHistory(
        test=stage.tests.word(int(rows.test[chosen[0]])),
        level=stage.levels.word(int(rows.level[chosen[0]])),
        places=[places[code] for code in codes],
        outcomes=outcomes,
        nightly=nightly,
        failing=(nightly == FAILED).sum(axis=1),
        judged=(nightly != NO_VERDICT).sum(axis=1),
        since=failing_since(nightly),
    )


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
    names = {one.name for one in statistics if one.level == test.level}
    own = QUANTITIES.get(test.test, test.test)
    for name in (own, f"DET_{own}", f"EXP_{own}", f"{stage.upper()}_{own}"):
        if name in names:
            return name
    return None


def with_verdicts(statistic: Statistic, tests: Sequence[TestHistory]) -> Statistic:
    """Return the statistic with the verdicts of the test that judges it."""
    test = next((test for test in tests if statistic.is_behind(test)), None)
    if test is None:
        return statistic
    passed = at_places(test.outcomes, test.places, statistic.places, NO_VERDICT)
    return replace(statistic, test=test.test, passed=passed)
