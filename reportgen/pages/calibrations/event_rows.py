"""Rows of the tables of events: changes since last month, changed verdicts, files."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from reportgen.model.anchors import anchor, unique_anchors
from reportgen.model.calibration_verdicts import SummaryVerdict, TestHistory, VerdictChange
from reportgen.model.calibrations import Change, ChangeKind, StageReport
from reportgen.model.numbers import format_number, format_quantity
from reportgen.pages.calibrations import files
from reportgen.pages.calibrations import words as say
from reportgen.pages.calibrations.paths import detector_path


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One thing that is different from last month."""

    anchor: str
    state: str
    note: str
    name: str
    path: str | None
    what: str
    unit_stated: bool
    """Or there is no number that needs one."""
    before: str
    after: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlipRow:
    """One date at which verdicts changed."""

    anchor: str
    day: str
    test: str
    before: str
    after: str
    state: str
    who: str
    values: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """What a file per exposure or per run says of one part."""

    anchor: str
    day: str
    level: str
    about: str
    state: str | None
    text: str


def change_rows(report: StageReport, most: int) -> list[ChangeRow]:
    """Return what is different from last month, worst first, at most so many rows."""
    changes = report.changes[:most]
    wanted = (
        anchor(
            "change", c.kind.value.replace("_", "-"), c.name, c.place.detector, c.place.amplifier
        )
        for c in changes
    )
    anchors = unique_anchors(wanted)
    return [_change_row(report, c, a) for c, a in zip(changes, anchors, strict=True)]


_CHANGE_STATES = {
    ChangeKind.NEWLY_FAILING: "newly_failing",
    ChangeKind.DRIFTING: "drifting",
    ChangeKind.STEP: "step",
    ChangeKind.OUTSIDE: "watch",
    ChangeKind.NOT_MEASURED: "not_measured",
    ChangeKind.FIXED: "fixed",
}


def _change_row(report: StageReport, change: Change, name: str) -> ChangeRow:
    several = len(report.detectors) > 1
    detector = change.place.detector
    return ChangeRow(
        anchor=name,
        state=_CHANGE_STATES[change.kind],
        note=say.CHANGE_NOTES.get(change.kind, ""),
        name=say.place_name(change.place),
        path=detector_path(report.key, detector) if several and detector is not None else None,
        what=change.name,
        unit_stated=change.unit is not None or not _quantity(change.after, None),
        before=_quantity(change.before, change.unit),
        after=_quantity(change.after, change.unit),
        detail=_detail(report, change),
    )


def _quantity(value: float | None, unit: str | None) -> str:
    return "" if value is None or math.isnan(value) else format_quantity(value, unit or "")


def _detail(report: StageReport, change: Change) -> str:
    parts = []
    if change.of:
        own = f", {change.members} of them by themselves" if change.members else ""
        parts.append(f"median of {change.of} amplifiers{own}")
    if change.night is not None:
        parts.append(f"since {report.axis.nights[change.night]}")
    if change.drift is not None and change.drift.slope_per_30d is not None:
        parts.append(f"{say.signed(change.drift.slope_per_30d, change.unit)} per 30 days")
        if say.interval(change.drift):
            parts.append(f"interval {say.interval(change.drift)}")
        if change.drift.q_value is not None:
            parts.append(f"q {format_number(change.drift.q_value)}")
    if change.size:
        parts.append(f"{format_number(change.size)} σ of the nights")
    return "; ".join(parts)


def flip_rows(report: StageReport, most: int) -> list[FlipRow]:
    """Return the dates at which verdicts changed to stay, newest first, at most so many rows."""
    found = [
        (test, change)
        for test in say.judging(report.tests)
        for change in test.changes
        if change.lasting
    ]
    found.sort(key=lambda pair: (-pair[1].night, pair[0].test))
    anchors = unique_anchors(
        anchor("verdicts", report.axis.nights[change.night], test.test)
        for test, change in found[:most]
    )
    return [
        _flip_row(report, test, change, name)
        for (test, change), name in zip(found[:most], anchors, strict=True)
    ]


def _flip_row(report: StageReport, test: TestHistory, change: VerdictChange, name: str) -> FlipRow:
    worse = len(change.newly_failing) + len(change.first_seen) > len(change.fixed)
    return FlipRow(
        anchor=name,
        day=report.axis.nights[change.night],
        test=test.test,
        before=f"{change.failing_before} of {change.judged_before}",
        after=f"{change.failing} of {change.judged}",
        state="newly_failing" if worse else "fixed",
        who="; ".join(_who(test, change)),
        values=say.verdict_change_words(test, change),
    )


def _who(test: TestHistory, change: VerdictChange) -> Iterator[str]:
    parts = (
        ("newly failing", change.newly_failing),
        ("failing at first sight", change.first_seen),
        ("fixed", change.fixed),
    )
    for word, columns in parts:
        if columns:
            names = [say.place_name(test.places[column]) for column in columns[:4]]
            more = f" and {len(columns) - 4} more" if len(columns) > 4 else ""
            yield f"{word}: {', '.join(names)}{more}"


def file_rows(report: StageReport, most: int) -> list[FileRow]:
    """Return what files per exposure and per run say, newest first, at most so many rows."""
    found = list(reversed(report.verdicts))[:most]
    anchors = unique_anchors(
        anchor("file", report.axis.nights[v.night], v.level, v.exposure, v.detector) for v in found
    )
    return [_file_row(report, v, name) for v, name in zip(found, anchors, strict=True)]


def _file_row(report: StageReport, verdict: SummaryVerdict, name: str) -> FileRow:
    about = " ".join(
        part
        for part in (
            f"exposure {verdict.exposure}" if verdict.exposure else "",
            say.detector_name(verdict.detector) if verdict.detector else "",
        )
        if part
    )
    state = {True: "pass", False: "fail", None: None}[verdict.success]
    return FileRow(
        anchor=name,
        day=report.axis.nights[verdict.night],
        level=verdict.level,
        about=about or "everything",
        state=state,
        text=_file_text(verdict),
    )


def _file_text(verdict: SummaryVerdict) -> str:
    if verdict.unexplained:
        return files.UNEXPLAINED
    counts = Counter(failure.test for failure in verdict.failures)
    listed = ", ".join(f"{n} × {test}" for test, n in sorted(counts.items()))
    if verdict.success is None:
        return f"the file does not state SUCCESS{f'; failures: {listed}' if listed else ''}"
    if verdict.success and listed:
        return f"{files.CONTRADICTED}: {listed}"
    return f"failures: {listed}" if listed else ""
