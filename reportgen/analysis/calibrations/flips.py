"""When verdicts changed, and whether the values behind them did.

A verdict can change while its value stays: LATISS NOISE stood at 7.83 while failing amplifiers
went from 0 to 9, because the nominal read noise behind the test had changed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from reportgen.analysis.calibrations.nights import at_places
from reportgen.model.calibration_verdicts import (
    FAILED,
    NO_VERDICT,
    PASSED,
    TestHistory,
    VerdictChange,
)
from reportgen.model.calibrations import Statistic

SAME = 1e-4
"""Values that differ by less than this fraction are the same: processing again moves digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    """What the values did where verdicts changed."""

    compared: int = 0
    change: float | None = None
    relative: float | None = None
    comparable: int = 0
    seen_before: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flips:
    """The places whose verdict is another at a night than it last was."""

    previous: int
    """The judged night before."""
    night: int
    newly_failing: np.ndarray
    fixed: np.ndarray
    first_seen: np.ndarray
    """Failing where there was no verdict before."""

    @property
    def changed(self) -> np.ndarray:
        """Those that had another verdict."""
        return np.concatenate([self.newly_failing, self.fixed])


def verdict_changes(test: TestHistory, values: Statistic | None) -> list[VerdictChange]:
    """Return each night at which a place has another verdict than it last had.

    Parameters
    ----------
    test
        Its ``nightly`` verdicts are compared.
    values
        The statistic that the test judges, None where there is none.
    """
    behind, epochs = None, []
    if values is not None:
        behind = at_places(values.nightly, values.places, test.places, np.nan)
        epochs = [epoch.night for epoch in values.epochs]
    changes = []
    for flips in _flips(test):
        start = max((epoch for epoch in epochs if epoch <= flips.night), default=0)
        move = _Move() if behind is None else _move(test, behind, flips, start=start)
        changes.append(_change(test, flips, move))
    return changes


def _flips(test: TestHistory) -> Iterator[_Flips]:
    """Yield the nights at which any place has another verdict than it last had."""
    judged = np.flatnonzero(test.judged)
    if not len(judged):
        return
    known = test.nightly[judged[0]].copy()
    for previous, night in itertools.pairwise(judged.tolist()):
        now = test.nightly[night]
        flips = _Flips(
            previous=previous,
            night=night,
            newly_failing=np.flatnonzero((known == PASSED) & (now == FAILED)),
            fixed=np.flatnonzero((known == FAILED) & (now == PASSED)),
            first_seen=np.flatnonzero((known == NO_VERDICT) & (now == FAILED)),
        )
        known = np.where(now == NO_VERDICT, known, now)
        if len(flips.changed) or len(flips.first_seen):
            yield flips


def _change(test: TestHistory, flips: _Flips, move: _Move) -> VerdictChange:
    return VerdictChange(
        night=flips.night,
        newly_failing=flips.newly_failing.tolist(),
        fixed=flips.fixed.tolist(),
        first_seen=flips.first_seen.tolist(),
        failing_before=int(test.failing[flips.previous]),
        judged_before=int(test.judged[flips.previous]),
        failing=int(test.failing[flips.night]),
        judged=int(test.judged[flips.night]),
        compared=move.compared,
        value_change=move.change,
        relative_change=move.relative,
        lasting=_is_lasting(test.nightly, flips.changed, flips.night),
        comparable=move.comparable,
        seen_before=move.seen_before,
    )


def _is_lasting(nightly: np.ndarray, columns: np.ndarray, night: int) -> bool:
    """Tell whether a changed verdict is more than one night that stands alone.

    What begins or ends the history is given the benefit of the doubt.
    """
    for column in columns:
        before = nightly[:night, column]
        after = nightly[night:, column]
        before, after = before[before != NO_VERDICT], after[after != NO_VERDICT]
        held = len(before) < 2 or before[-1] == before[-2]
        if held and (len(after) < 2 or after[0] == after[1]):
            return True
    return not len(columns)


def _move(test: TestHistory, behind: np.ndarray, flips: _Flips, *, start: int) -> _Move:
    columns, previous, night = flips.changed, flips.previous, flips.night
    both = np.isfinite(behind[previous, columns]) & np.isfinite(behind[night, columns])
    if previous < start or not both.any():
        return _seen_before(test.nightly, behind, columns, start, night)
    chosen = columns[both]
    before, change = behind[previous, chosen], behind[night, chosen] - behind[previous, chosen]
    return replace(
        _seen_before(test.nightly, behind, chosen, start, night),
        compared=len(chosen),
        change=float(np.median(change)),
        relative=float(np.median(change / np.abs(before))) if before.all() else None,
    )


def _seen_before(
    nightly: np.ndarray, behind: np.ndarray, columns: np.ndarray, start: int, night: int
) -> _Move:
    """Count the places whose value lies among those that had the other verdict before.

    The other verdict is the last known one. A value that crossed its limit lies outside.
    """
    comparable = seen = 0
    for column in columns:
        verdicts, values = nightly[start:night, column], behind[start:night, column]
        value = behind[night, column]
        known = verdicts[verdicts != NO_VERDICT]
        if not len(known) or not np.isfinite(value):
            continue
        other = values[(verdicts == known[-1]) & np.isfinite(values)]
        if len(other):
            room = SAME * abs(value)
            comparable += 1
            seen += bool(other.min() - room <= value <= other.max() + room)
    return _Move(comparable=comparable, seen_before=seen)
