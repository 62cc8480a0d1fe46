"""What the files per exposure and per run say: SUCCESS, and the failures they list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.analysis.calibrations.axis import PlacedMoments
from reportgen.analysis.calibrations.rows import StageRows, TestRows
from reportgen.model.calibration_verdicts import (
    FAILED,
    PASSED,
    SUCCESS,
    ListedFailure,
    SummaryVerdict,
)

LEVELS = ("exposure", "run")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class _Part:
    """The part of a file that a verdict stands for; empty: all of it."""

    exposure: str = ""
    detector: str = ""

    def holds(self, other: _Part) -> bool:
        """Tell whether another part is within this one."""
        return self.exposure in ("", other.exposure) and self.detector in ("", other.detector)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class _File:
    night: int
    level: str


class _Content:
    """The verdicts of one file."""

    def __init__(self) -> None:
        self.success: dict[_Part, bool | None] = {}
        self.failures: defaultdict[_Part, list[ListedFailure]] = defaultdict(list)

    def parts(self) -> list[_Part]:
        """Return the parts that say something, the whole file first.

        A failure belongs to the exposure that lists it, which old files give no SUCCESS.
        """
        listed = (p if p in self.success else _Part(exposure=p.exposure) for p in self.failures)
        return sorted({*self.success, *listed})

    def listed_in(self, part: _Part) -> list[ListedFailure]:
        """Return the failures within a part."""
        inside = (found for own, found in self.failures.items() if part.holds(own))
        return [failure for found in inside for failure in found]


def summary_verdicts(
    rows: TestRows, stage: StageRows, placed: PlacedMoments
) -> list[SummaryVerdict]:
    """Return what files per exposure and per run say, oldest first."""
    files = _read(rows, stage, placed)
    return [
        SummaryVerdict(
            night=file.night,
            level=file.level,
            exposure=part.exposure or None,
            detector=part.detector or None,
            success=content.success.get(part),
            failures=content.listed_in(part),
        )
        for file, content in sorted(files.items(), key=lambda item: item[0])
        for part in content.parts()
    ]


def _read(rows: TestRows, stage: StageRows, placed: PlacedMoments) -> dict[_File, _Content]:
    moments, places = stage.moments, stage.places
    files: defaultdict[_File, _Content] = defaultdict(_Content)
    for row in _summary_rows(rows, stage, placed):
        moment, place = int(rows.moment[row]), places[rows.place[row]]
        night = placed.axis.points[placed.point[moment]].night
        content = files[_File(night=night, level=stage.levels.word(int(rows.level[row])))]
        part = _Part(exposure=moments[moment].exposure or "", detector=place.detector or "")
        test, outcome = stage.tests.word(int(rows.test[row])), int(rows.outcome[row])
        if test == SUCCESS and place.amplifier is None:
            content.success[part] = {FAILED: False, PASSED: True}.get(outcome)
        elif outcome == FAILED:
            failure = ListedFailure(test=test, detector=place.detector, amplifier=place.amplifier)
            content.failures[part].append(failure)
    return files


def _summary_rows(rows: TestRows, stage: StageRows, placed: PlacedMoments) -> Sequence[int]:
    wanted = [code for code, word in enumerate(stage.levels.words) if word in LEVELS]
    chosen = np.flatnonzero(np.isin(rows.level, wanted))
    ordered = np.argsort(placed.rank[rows.moment[chosen]], kind="stable")
    return chosen[ordered].tolist()  # type: ignore[no-any-return]
