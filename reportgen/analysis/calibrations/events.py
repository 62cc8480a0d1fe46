"""Events of calibrations: tests that begin or cease to fail, steps and drifts of values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from reportgen.analysis.calibrations.counted import counted_tests
from reportgen.model.calibration_places import Place
from reportgen.model.calibration_trends import Trend
from reportgen.model.calibration_verdicts import NO_VERDICT, TestHistory
from reportgen.model.calibrations import StageReport, Statistic, TimeKind
from reportgen.model.events import Event, EventKind, EventMember, EventStatus
from reportgen.model.numbers import format_change
from reportgen.model.runs import slug


def stage_events(report: StageReport) -> Iterator[Event]:
    """Yield what happened in one stage of one instrument, one entry per night and kind."""
    verdicts: defaultdict[tuple[EventKind, int], list[EventMember]] = defaultdict(list)
    still: set[tuple[EventKind, int]] = set()
    for test in counted_tests(report.tests):
        _add_verdicts(report, test, verdicts, still)
    for (kind, night), members in verdicts.items():
        status = EventStatus.DONE
        if kind is EventKind.NEWLY_FAILING:
            status = EventStatus.OPEN if (kind, night) in still else EventStatus.RESOLVED
        yield _event(report, kind, night, members, status)
    yield from _steps(report)
    yield from _drifts(report)


def _add_verdicts(
    report: StageReport,
    test: TestHistory,
    found: defaultdict[tuple[EventKind, int], list[EventMember]],
    still: set[tuple[EventKind, int]],
) -> None:
    """Add the places whose verdict changed and stood."""
    # Versions of the software judge the same exposures: there is no noise to wait for.
    looks = 0 if report.axis.kind is TimeKind.VERSIONS else LOOKS
    begun: dict[int, int] = {}
    for change in test.changes:
        failing = [*change.newly_failing, *change.first_seen]
        for kind, columns in ((EventKind.NEWLY_FAILING, failing), (EventKind.FIXED, change.fixed)):
            for column in columns:
                if stood(test.nightly[:, column], change.night, looks):
                    member = _member(report, test.test, test.places[column])
                    found[kind, change.night].append(member)
                    begun.pop(column, None)
                    if kind is EventKind.NEWLY_FAILING:
                        begun[column] = change.night
    still.update(
        (EventKind.NEWLY_FAILING, night)
        for column, night in begun.items()
        if test.since[column] is not None
    )


LOOKS = 2
"""Verdicts of later nights that must be the same, as for a step; and of nights before, so that
one bad night is no event."""


def stood(outcomes: np.ndarray, night: int, looks: int) -> bool:
    """Tell whether a new verdict was there at the next looks, and the old one at those before.

    ``outcomes`` has one code per night. What happened in the last nights counts before it could
    stand.
    """
    judged = np.flatnonzero(outcomes != NO_VERDICT)
    at = int(np.searchsorted(judged, night))
    after = outcomes[judged[at : at + looks + 1]]
    before = outcomes[judged[max(at - looks - 1, 0) : at]]
    same_before = len(before) == 0 or bool((before == before[-1]).all())
    return bool((after == after[0]).all()) and same_before


def _steps(report: StageReport) -> Iterator[Event]:
    """Yield one entry per night at which values of places stepped."""
    found: defaultdict[int, list[EventMember]] = defaultdict(list)
    new: set[int] = set()
    for statistic in report.statistics:
        if statistic.is_covariate:
            continue
        for place, trend in zip(statistic.places, statistic.trends, strict=False):
            for step in trend.steps:
                size = format_change(step.change, statistic.unit or "")
                found[step.night].append(_member(report, statistic.label, place, size))
                if not step.confirmed:
                    new.add(step.night)
    for night, members in found.items():
        status = EventStatus.NEW if night in new else EventStatus.CONFIRMED
        yield _event(report, EventKind.STEP, night, members, status)


def _drifts(report: StageReport) -> Iterator[Event]:
    """Yield one entry per statistic that drifts over 30 days, as of the last night."""
    for statistic in report.statistics:
        members = [] if statistic.is_covariate else list(_drifting(report, statistic))
        if members:
            night = len(report.axis.nights) - 1
            drift = _event(report, EventKind.DRIFT, night, members, EventStatus.OPEN)
            # A drift is one thing however many nights it goes on.
            yield replace(drift, id=f"{_id(report, EventKind.DRIFT)}-{slug(statistic.label)}")


def _drifting(report: StageReport, statistic: Statistic) -> Iterator[EventMember]:
    for place, trend in zip(statistic.places, statistic.trends, strict=False):
        drift = trend.drift()
        if drift is not None and drift.verdict is Trend.DRIFTING and drift.slope_per_30d:
            slope = f"{format_change(drift.slope_per_30d, statistic.unit or '')} in 30 days"
            yield _member(report, statistic.label, place, slope)


def _event(
    report: StageReport,
    kind: EventKind,
    night: int,
    members: Sequence[EventMember],
    status: EventStatus,
) -> Event:
    day = report.axis.nights[night]
    run = next((point.run for point in report.axis.points if point.night == night), "")
    return Event(
        id=f"{_id(report, kind)}-{day}",
        kind=kind,
        status=status,
        dataset=", ".join(report.datasets),
        run=run,
        when=day,
        date=day,
        order=night,
        members=members,
        shared=_shared(members),
        stage=report.key,
        demonstration=report.demonstration,
    )


def _id(report: StageReport, kind: EventKind) -> str:
    return f"{kind.value}-{slug(report.key.instrument)}-{slug(report.key.stage)}"


def _member(report: StageReport, name: str, place: Place, detail: str = "") -> EventMember:
    data_id = {"instrument": report.key.instrument}
    if place.detector is not None:
        data_id["detector"] = place.detector
    if place.amplifier is not None:
        data_id["amplifier"] = place.amplifier
    return EventMember(metric=name, data_id=data_id, detail=detail)


def _shared(members: Sequence[EventMember]) -> dict[str, list[str]]:
    """Return the statistic or test, and the detector, that all members have in common."""
    if len(members) < 2:
        return {}
    found = {}
    names = {member.metric for member in members}
    detectors = {member.data_id.get("detector", "") for member in members}
    if len(names) == 1:
        found["metric"] = sorted(names)
    if len(detectors) == 1 and "" not in detectors:
        found["detector"] = sorted(detectors)
    return found
