"""What the files per exposure and per run say: SUCCESS, and the failures they list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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

EXPOSURE = "exposure"
LEVELS = (EXPOSURE, "run")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class _Part:
    """The part of a file that a verdict stands for; empty: all of it."""

    exposure: str = ""
    detector: str = ""

    def holds(self, other: _Part) -> bool:
        """Tell whether another part is within this one."""
        return self.exposure in ("", other.exposure) and self.detector in ("", other.detector)


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """One file, or what a table says of one exposure."""

    level: str
    job: int
    exposure: str


@dataclass(slots=True, kw_only=True)
class _Said:
    """What one file says of one part."""

    night: int
    rank: int
    """Of its newest row, in the order of verification."""
    success: bool | None = None
    has_success: bool = False
    failures: list[ListedFailure] = field(default_factory=list)


_Content = Mapping[_Part, _Said]


def summary_verdicts(
    rows: TestRows, stage: StageRows, placed: PlacedMoments
) -> list[SummaryVerdict]:
    """Return what files per exposure and per run say, oldest first, each file in one piece.

    What was verified again by a later file is said by that one only.
    """
    files = _read(rows, stage, placed)
    parts = {file: _parts(content) for file, content in files.items()}
    newest = _newest(parts)
    found = [
        SummaryVerdict(
            night=said.night,
            level=file.level,
            exposure=part.exposure or None,
            detector=part.detector or None,
            success=said.success,
            failures=_listed_in(part, content),
            file=number,
        )
        for number, (file, content) in enumerate(files.items())
        for part, said in parts[file].items()
        if _stands(part, file, parts[file], newest)
    ]
    last = {verdict.file: 0 for verdict in found}
    for verdict in found:
        last[verdict.file] = max(last[verdict.file], verdict.night)
    return sorted(found, key=lambda one: (last[one.file], one.level, one.file, _order(one)))


def _order(verdict: SummaryVerdict) -> tuple[str, str]:
    return (verdict.exposure or "", verdict.detector or "")


def _parts(content: _Content) -> dict[_Part, _Said]:
    """Return the parts that say something.

    A failure belongs to the exposure that lists it, which old files give no SUCCESS.
    """
    found = {part: said for part, said in content.items() if said.has_success}
    for part, said in content.items():
        listed = part if said.has_success else _Part(exposure=part.exposure)
        found.setdefault(listed, _Said(night=said.night, rank=said.rank))
    return found


def _listed_in(part: _Part, content: _Content) -> list[ListedFailure]:
    """Return the failures within a part, of whichever night of the file."""
    inside = (said for own, said in content.items() if part.holds(own))
    return [failure for said in inside for failure in said.failures]


_Key = tuple[str, int, _Part]


def _newest(parts: Mapping[_File, _Content]) -> dict[_Key, int]:
    """Return the rank of the newest verdict by level, night and part."""
    newest: dict[_Key, int] = {}
    for file, content in parts.items():
        for part, said in content.items():
            key = (file.level, said.night, part)
            newest[key] = max(newest.get(key, said.rank), said.rank)
    return newest


def _stands(part: _Part, file: _File, own: _Content, newest: Mapping[_Key, int]) -> bool:
    """Tell whether no later file says the same; a whole file stands while any of its parts does."""
    whole = part == _Part(exposure=file.exposure)
    inner = [one for one in own if one != part] if whole else []
    return any(
        own[one].rank >= newest[file.level, own[one].night, one] for one in (inner or [part])
    )


def _read(rows: TestRows, stage: StageRows, placed: PlacedMoments) -> dict[_File, _Content]:
    moments, places = stage.moments, stage.places
    files: defaultdict[_File, dict[_Part, _Said]] = defaultdict(dict)
    for row in _summary_rows(rows, stage, placed):
        moment, place = int(rows.moment[row]), places[rows.place[row]]
        part = _Part(exposure=moments[moment].exposure or "", detector=place.detector or "")
        level = stage.levels.word(int(rows.level[row]))
        own = part.exposure if level == EXPOSURE else ""
        night = placed.axis.points[placed.point[moment]].night
        rank = int(placed.rank[moment])
        content = files[_File(level=level, job=int(rows.job[row]), exposure=own)]
        said = content.setdefault(part, _Said(night=night, rank=rank))
        said.night, said.rank = night, rank
        test, outcome = stage.tests.word(int(rows.test[row])), int(rows.outcome[row])
        if test == SUCCESS and place.amplifier is None:
            said.success, said.has_success = {FAILED: False, PASSED: True}.get(outcome), True
        elif outcome == FAILED:
            failure = ListedFailure(test=test, detector=place.detector, amplifier=place.amplifier)
            said.failures.append(failure)
    return {file: _speaking(content) for file, content in files.items()}


def _speaking(content: _Content) -> _Content:
    """Leave out parts of which a file lists nothing but tests that pass."""
    return {part: said for part, said in content.items() if said.has_success or said.failures}


def _summary_rows(rows: TestRows, stage: StageRows, placed: PlacedMoments) -> Sequence[int]:
    wanted = [code for code, word in enumerate(stage.levels.words) if word in LEVELS]
    chosen = np.flatnonzero(np.isin(rows.level, wanted))
    ordered = np.argsort(placed.rank[rows.moment[chosen]], kind="stable")
    return chosen[ordered].tolist()  # type: ignore[no-any-return]
