"""Members of two runs side by side, paired on the data ID."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from reportgen.analysis.judging.labels import member_labels
from reportgen.analysis.judging.units import converts, factor_or_none
from reportgen.model.report import MEMBER_DIMENSIONS

GROUPS = ("visit", "exposure", "detector", "tract")
"""What members can share; the first one that several pairs share makes them groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedLine:
    """One line of the comparison: each member once, in either run or both."""

    key: tuple[str | None, ...]
    """Values of the key columns."""
    table: pd.DataFrame
    """Measurements of both runs, all lines."""
    rows: np.ndarray
    """Positions in ``table``: the first row of each member."""
    a: np.ndarray
    """In ``unit_a``; nan where A has no value."""
    b: np.ndarray
    """In ``unit``."""
    unit: str | None
    unit_a: str | None
    """Other than ``unit`` only where the two do not convert."""
    reasons: Sequence[str]
    """Why values are missing in either run, the most frequent reason first."""

    @property
    def has_a(self) -> bool:
        """Whether any member has a value in A."""
        return _any_finite(self.a)

    @property
    def has_b(self) -> bool:
        """Whether any member has a value in B."""
        return _any_finite(self.b)

    @property
    def common(self) -> np.ndarray:
        """Which members have a value on both sides."""
        both: np.ndarray = np.isfinite(self.a) & np.isfinite(self.b)
        return both

    def labels(self, chosen: np.ndarray) -> list[str]:
        """Return data IDs without the band, in words, of some members."""
        if not chosen.any():
            return []
        return list(member_labels(self.table.iloc[self.rows[chosen]]))

    def groups(self) -> np.ndarray | None:
        """Return the group of each common pair as numbers; None: no two pairs share anything."""
        rows = self.rows[self.common]
        for name in GROUPS if len(rows) > 1 else ():
            codes, names = pd.factorize(self.table[name].to_numpy()[rows])
            if (codes >= 0).all() and 0 < len(names) < len(rows):
                return np.asarray(codes)
        return None


def pair_members(a: pd.DataFrame, b: pd.DataFrame, keys: Sequence[str]) -> Iterator[PairedLine]:
    """Yield the lines of two runs, in order of their keys, each with its members.

    Parameters
    ----------
    a, b
        Measurements (`RunReport.measurements`). A member that is listed twice in one run counts
        once, with the median of its values.
    keys
        Columns that make a line, beginning with ``metric``.

    Notes
    -----
    Members pair on the whole data ID. A dimension that only one of the runs states for a line
    (say the skymap, which one producer writes and another does not) cannot be paired on and is
    left out for that line.
    """
    wanted = [*dict.fromkeys([*keys, "band"]), "value", "unit", "reason", *MEMBER_DIMENSIONS]
    # As objects, since lines are cut out of the table thousands of times.
    both = pd.concat([a[wanted], b[wanted]], ignore_index=True)
    both = both.astype(dict.fromkeys(("unit", "reason", *MEMBER_DIMENSIONS), object))
    if both.empty:
        return
    side = np.repeat([0, 1], [len(a), len(b)])
    line = both.groupby(list(keys), dropna=False, sort=True).ngroup().to_numpy()
    member = _members(both, line, side)
    order = np.lexsort((side, member, line))
    starts = np.flatnonzero(np.diff(line[order], prepend=-1))
    columns = _Columns(
        table=both,
        keys=[both[name].astype(object).to_numpy() for name in keys],
        values=_finite(both["value"].to_numpy(dtype=float, na_value=np.nan)),
        units=both["unit"].where(both["unit"].notna(), None).to_numpy(),
        reasons=both["reason"].to_numpy(dtype=object),
        side=side,
        member=member,
    )
    for begin, end in zip(starts, [*starts[1:], len(order)], strict=True):
        yield columns.line(order[begin:end])


def _members(both: pd.DataFrame, line: np.ndarray, side: np.ndarray) -> np.ndarray:
    """Return numbers that are equal for the members of a line with the same data ID."""
    names = [name for name in MEMBER_DIMENSIONS if both[name].notna().any()]
    if not names:
        return np.zeros(len(both), dtype=int)
    stated = both[names].notna().groupby([line, side]).any()
    by_line = stated.groupby(level=0)
    # What only one side states is left out, unless the line is on one side only.
    keep = by_line.all() | (by_line.size() == 1).to_numpy()[:, None]
    columns = {name: both[name].where(keep[name].to_numpy()[line]) for name in names}
    table = pd.DataFrame(columns).assign(line=line)
    numbers: np.ndarray = table.groupby(["line", *names], dropna=False).ngroup().to_numpy()
    return numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """The measurements of both runs as arrays, from which lines are cut; values finite or nan."""

    table: pd.DataFrame
    keys: Sequence[np.ndarray]
    values: np.ndarray
    units: np.ndarray
    reasons: np.ndarray
    side: np.ndarray
    member: np.ndarray

    def line(self, rows: np.ndarray) -> PairedLine:
        """Return the line of some rows, which are sorted by member and side."""
        if len(rows) == 2 and self._is_pair(*rows):
            return PairedLine(
                key=self._key(rows[0]),
                table=self.table,
                rows=rows[:1],
                a=self.values[rows[:1]],
                b=self.values[rows[1:]],
                unit=self.units[rows[0]],
                unit_a=self.units[rows[0]],
                reasons=self._why(rows),
            )
        in_b = self.side[rows] == 1
        first = np.diff(self.member[rows], prepend=-1) > 0
        codes = np.cumsum(first) - 1
        unit, unit_a = _line_units(self.units[rows], in_b)
        size = int(first.sum())
        return PairedLine(
            key=self._key(rows[0]),
            table=self.table,
            rows=rows[first],
            a=self._side(rows[~in_b], codes[~in_b], unit_a, size),
            b=self._side(rows[in_b], codes[in_b], unit, size),
            unit=unit,
            unit_a=unit_a,
            reasons=self._why(rows),
        )

    def _key(self, row: int) -> tuple[str | None, ...]:
        return tuple(_plain(column[row]) for column in self.keys)

    def _is_pair(self, one: int, other: int) -> bool:
        """Tell whether two rows are the one member of their line in A and in B."""
        return bool(
            self.side[one] < self.side[other]
            and self.member[one] == self.member[other]
            and self.units[one] == self.units[other]
        )

    def _side(self, rows: np.ndarray, codes: np.ndarray, unit: str | None, size: int) -> np.ndarray:
        """Return the value of each member on one side, nan where there is none."""
        result = np.full(size, np.nan)
        if not len(rows):
            return result
        values = self.values[rows]
        found = self.units[rows]
        if (found != unit).any():
            factors = {one: factor_or_none(one, unit) for one in set(found)}
            values = values * np.array([factors[one] for one in found], dtype=float)
        measured = np.isfinite(values)
        members, values = codes[measured], values[measured]
        result[members] = values
        if len(members) > 1 and (np.diff(members) == 0).any():
            medians = pd.Series(values).groupby(members).median()
            result[medians.index.to_numpy()] = medians.to_numpy()
        return result

    def _why(self, rows: np.ndarray) -> list[str]:
        named = [reason for reason in self.reasons[rows] if isinstance(reason, str)]
        if len(set(named)) <= 1:  # as for most lines
            return [str(reason) for reason in named[:1]]
        return [str(reason) for reason in pd.Series(named).value_counts().index]


def _line_units(units: np.ndarray, in_b: np.ndarray) -> tuple[str | None, str | None]:
    """Return B's unit, and A's where it does not convert to that."""
    stated_a, stated_b = units[~in_b], units[in_b]
    unit = stated_b[0] if len(stated_b) else stated_a[0]
    unit_a = stated_a[0] if len(stated_a) else unit
    return unit, unit if converts(unit_a, unit) else unit_a


def _plain(value: Any) -> str | None:
    return value if isinstance(value, str) else None if pd.isna(value) else str(value)


def _any_finite(values: np.ndarray) -> bool:
    """Tell whether there is a value; most lines have one member, for which numpy takes long."""
    return math.isfinite(values[0]) if len(values) == 1 else bool(np.isfinite(values).any())


def _finite(values: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(values), values, np.nan)
