"""When verdicts changed, and whether the values behind them did.

A verdict can change while its value stays: LATISS NOISE stood at 7.83 while failing amplifiers
went from 0 to 9, because the nominal read noise behind the test had changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

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


def verdict_changes(test: TestHistory, values: Statistic | None) -> list[VerdictChange]:
    """Return each night at which a place has another verdict than it last had.

    Parameters
    ----------
    test
        Its ``nightly`` verdicts are compared.
    values
        The statistic that the test judges, None where there is none.
    """
    judged = np.flatnonzero(test.judged)
    if not len(judged):
        return []
    known = test.nightly[judged[0]].copy()
    behind = None if values is None else _values_behind(test, values)
    epochs = () if values is None else [epoch.night for epoch in values.epochs]
    changes = []
    for previous, night in zip(judged.tolist(), judged[1:].tolist(), strict=False):
        now = test.nightly[night]
        newly = np.flatnonzero((known == PASSED) & (now == FAILED))
        fixed = np.flatnonzero((known == FAILED) & (now == PASSED))
        first = np.flatnonzero((known == NO_VERDICT) & (now == FAILED))
        known = np.where(now == NO_VERDICT, known, now)
        if not len(newly) + len(fixed) + len(first):
            continue
        columns = np.concatenate([newly, fixed])
        start = max((epoch for epoch in epochs if epoch <= night), default=0)
        move = (
            _move(test, behind, columns, start=start, previous=previous, night=night)
            if behind is not None
            else _Move()
        )
        changes.append(
            VerdictChange(
                night=night,
                newly_failing=newly.tolist(),
                fixed=fixed.tolist(),
                first_seen=first.tolist(),
                failing_before=int(test.failing[previous]),
                judged_before=int(test.judged[previous]),
                failing=int(test.failing[night]),
                judged=int(test.judged[night]),
                compared=move.compared,
                value_change=move.change,
                relative_change=move.relative,
                lasting=_is_lasting(test.nightly, columns, night),
                comparable=move.comparable,
                seen_before=move.seen_before,
            )
        )
    return changes


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


def _values_behind(test: TestHistory, values: Statistic) -> np.ndarray:
    """Return the nightly values in the columns of the test, nan where there is none."""
    column_of = {place: column for column, place in enumerate(values.places)}
    behind = np.full(test.nightly.shape, np.nan)
    for column, place in enumerate(test.places):
        if (found := column_of.get(place)) is not None:
            behind[:, column] = values.nightly[:, found]
    return behind


def _move(
    test: TestHistory,
    behind: np.ndarray,
    columns: np.ndarray,
    *,
    start: int,
    previous: int,
    night: int,
) -> _Move:
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
