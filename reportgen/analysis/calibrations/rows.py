"""Rows of measurements and tests in a compact form: codes in place of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reportgen.analysis.calibrations.codes import Codebook, Combinations
from reportgen.model.calibration_places import Place
from reportgen.model.calibration_verdicts import FAILED, NO_VERDICT, PASSED
from reportgen.model.calibrations import REASONS
from reportgen.model.status import Reason

_MOMENT = ("run", "exposure", "date", "mjd", "day_obs")
_PLACE = ("detector", "amplifier")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When something was verified, as the rows say it."""

    run: str
    exposure: str | None
    date: str | None
    mjd: float | None
    day_obs: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRows:
    """Measurements of one metric; arrays have one element per row."""

    metric: str
    moment: np.ndarray
    place: np.ndarray
    unit: np.ndarray
    physical_filter: np.ndarray
    value: np.ndarray
    """Nan where missing."""
    reason: np.ndarray
    """Index into `REASONS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRows:
    """Tests of one stage; arrays have one element per row."""

    __test__ = False  # pytest would collect it by its name

    moment: np.ndarray
    place: np.ndarray
    level: np.ndarray
    test: np.ndarray
    outcome: np.ndarray
    job: np.ndarray
    """Which file says so."""


class StageRows:
    """Encodes the rows of one stage, so that all its tables share their codes."""

    def __init__(self) -> None:
        self.units = Codebook()
        self.filters = Codebook()
        self.levels = Codebook()
        self.tests = Codebook()
        self.jobs = Codebook()
        self._books = {name: Codebook() for name in (*_MOMENT, *_PLACE)}
        self._moments = Combinations()
        self._places = Combinations()
        self._known_moments: list[Moment] = []
        self._known_places: list[Place] = []

    @property
    def moments(self) -> Sequence[Moment]:
        """Every moment met so far, by its code."""
        known = self._known_moments
        rows = self._moments.rows[len(known) :]
        known += [Moment(**self._words(_MOMENT, row)) for row in rows]
        return known

    @property
    def places(self) -> Sequence[Place]:
        """Every place met so far, by its code."""
        known = self._known_places
        known += [Place(**self._words(_PLACE, row)) for row in self._places.rows[len(known) :]]
        return known

    def values(self, table: pa.Table, metric: str) -> ValueRows:
        """Encode measurements of one metric."""
        value = table["value"].to_numpy().astype(float)
        reasons = Codebook()
        stated = reasons.encode(table["reason"])
        known = {str(reason): code for code, reason in enumerate(REASONS)}
        null = REASONS.index(Reason.NULL)
        # A missing value without a reason, or with an unknown one, is a null.
        lookup = np.array([*(known.get(word, null) for word in reasons.words), null])
        return ValueRows(
            metric=metric,
            moment=self._moment(table),
            place=self._place(table),
            unit=self.units.encode(table["unit"]),
            physical_filter=self.filters.encode(table["physical_filter"]),
            value=value,
            reason=np.where(np.isnan(value), lookup[stated], 0).astype(np.int8),
        )

    def verdicts(self, table: pa.Table) -> TestRows:
        """Encode tests."""
        passed = pc.cast(table["passed"], pa.int8()).to_numpy()
        outcome = np.where(np.isnan(passed), NO_VERDICT, np.where(passed == 1, PASSED, FAILED))
        return TestRows(
            moment=self._moment(table),
            place=self._place(table),
            level=self.levels.encode(table["level"]),
            test=self.tests.encode(table["test"]),
            outcome=outcome.astype(np.int8),
            job=self.jobs.encode(table["job"]),
        )

    def _moment(self, table: pa.Table) -> np.ndarray:
        return self._moments.encode([self._books[n].encode(table[n]) for n in _MOMENT])

    def _place(self, table: pa.Table) -> np.ndarray:
        return self._places.encode([self._books[n].encode(table[n]) for n in _PLACE])

    def _words(self, names: Sequence[str], row: Sequence[int]) -> Mapping[str, Any]:
        return {n: self._books[n].word(code) for n, code in zip(names, row, strict=True)}
