"""Events: steps, requirements that begin or cease to fail, values that go missing, new epochs."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportgen.analysis.calibrations.events import stage_events
from reportgen.model.calibrations import StageReport
from reportgen.model.comparison import Comparison, ComparisonRow
from reportgen.model.dimensions import BANDS
from reportgen.model.events import Event, EventKind, EventMember, EventStatus
from reportgen.model.numbers import format_change
from reportgen.model.report import DatasetHistory, HistorySeries, MetricReport
from reportgen.model.runs import Run, slug

Known = Callable[[str, str, str | None], str | None]
"""Ticket of the known issue about a metric in a run (by id) and band, None where there is none."""


def find_events(
    reports: Iterable[MetricReport],
    comparisons: Sequence[Comparison] = (),
    stages: Iterable[StageReport] = (),
    known: Known = lambda _metric, _run, _band: None,
) -> list[Event]:
    """Return what happened, newest first; what happened at one run is one entry of its kind.

    Parameters
    ----------
    reports
        Metrics with their steps (`analysis.histories.trends.add_trends`). A step is an event at the
        run at which it began and never again: the level after it is the new normal.
    comparisons
        Runs with their references, in the order of runs: what newly fails, is fixed or is gone.
        Others (across releases, datasets or producers) are left out.
    stages
        Calibrations.
    known
        Known issues.
    """
    joined = _Journal(known=known)
    for report in reports:
        for history in report.histories:
            joined.add_history(report.metric.name, history)
    joined.add_comparisons(comparisons)
    events = [*joined.events(), *(event for stage in stages for event in stage_events(stage))]
    return sorted(events, key=_oldest_first, reverse=True)


def _oldest_first(event: Event) -> tuple[str, int, str, str]:
    return (event.date or "", event.order, event.dataset, event.id)


Values = Mapping[str, set[str]]
"""All bands, packages, metrics and producers of a dataset, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where events are gathered: one entry each."""

    kind: EventKind
    dataset: str
    run: Run
    order: int
    reason: str = ""

    @property
    def id(self) -> str:
        """The id of the entry, from what never changes."""
        digest = hashlib.sha256(self.reason.encode()).hexdigest()[:8] if self.reason else ""
        parts = (self.kind.value, slug(self.dataset), slug(self.run.release), digest)
        return "-".join(part for part in parts if part)


class _Journal:
    """Gathers members of events, and what there is beside them."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._members: defaultdict[_Place, list[EventMember]] = defaultdict(list)
        self._open: set[_Place] = set()
        self._new: set[_Place] = set()
        self._pages: dict[str, str] = {}
        self._demonstration: set[str] = set()
        self._positions: dict[str, int] = {}
        self._known_values: defaultdict[str, Values] = defaultdict(lambda: defaultdict(set))

    def add_history(self, metric: str, history: DatasetHistory) -> None:
        """Add the steps and epochs of a metric in one dataset."""
        if history.demonstration:
            self._demonstration.add(history.dataset)
        self._positions.update((run.id, at) for at, run in enumerate(history.runs))
        for series in history.joined:
            self._add_values(history.dataset, _member(metric, series))
            for step in series.steps:
                place = _at(EventKind.STEP, history, step.position)
                detail = format_change(step.change, history.unit or "")
                self._members[place].append(_member(metric, series, detail, better=step.better))
                if not step.confirmed:
                    self._new.add(place)
            for epoch in series.epochs:
                place = _at(EventKind.EPOCH, history, epoch.position, epoch.reason)
                self._members[place].append(_member(metric, series))

    def _add_values(self, dataset: str, member: EventMember) -> None:
        for name, value in _PROPERTIES.items():
            self._known_values[dataset][name].add(value(member))

    def add_comparisons(self, comparisons: Sequence[Comparison]) -> None:
        """Add what newly fails, is fixed and is gone in each run."""
        failing: dict[tuple[str, tuple[str, str | None]], _Place] = {}
        for number, comparison in enumerate(_with_reference(comparisons)):
            run = comparison.b.run
            order = self._positions.get(run.id, number)
            self._pages[run.id] = comparison.path
            if comparison.demonstration:
                self._demonstration.add(run.dataset)
            for kind, rows in _kinds(comparison):
                place = _Place(kind=kind, dataset=run.dataset, run=run, order=order)
                for row in rows:
                    self._members[place].append(_row_member(row, kind))
                    line = (run.dataset, (row.metric, row.band))
                    if kind is EventKind.NEWLY_FAILING:
                        failing[line] = place
                    elif kind is EventKind.FIXED:
                        failing.pop(line, None)
        self._open = set(failing.values())

    def events(self) -> Iterator[Event]:
        """Yield one event per place."""
        for place, members in self._members.items():
            yield Event(
                id=place.id,
                kind=place.kind,
                status=self._status(place),
                dataset=place.dataset,
                run=place.run.id,
                when=place.run.release,
                date=place.run.day,
                order=place.order,
                members=members,
                shared=find_shared(members, self._known_values[place.dataset]),
                ticket=self._ticket(place, members),
                reason=place.reason,
                comparison=self._pages.get(place.run.id),
                demonstration=place.dataset in self._demonstration,
            )

    def _status(self, place: _Place) -> EventStatus:
        if place.kind is EventKind.STEP:
            return EventStatus.NEW if place in self._new else EventStatus.CONFIRMED
        if place.kind is EventKind.NEWLY_FAILING:
            return EventStatus.OPEN if place in self._open else EventStatus.RESOLVED
        return EventStatus.DONE

    def _ticket(self, place: _Place, members: Sequence[EventMember]) -> str | None:
        """Return the ticket of the known issue, else those of the run."""
        found = {self._known(m.metric, place.run.id, m.data_id.get("band")) for m in members}
        tickets = sorted(ticket for ticket in found if ticket) or place.run.tickets
        return ", ".join(tickets) or None


def _at(kind: EventKind, history: DatasetHistory, position: int, reason: str = "") -> _Place:
    run = history.runs[position]
    return _Place(kind=kind, dataset=history.dataset, run=run, order=position, reason=reason)


def _member(
    metric: str, series: HistorySeries, detail: str = "", *, better: bool | None = None
) -> EventMember:
    return EventMember(
        metric=metric,
        data_id={"band": series.band} if series.band else {},
        producer=series.producer,
        better=better,
        detail=detail,
    )


def _with_reference(comparisons: Sequence[Comparison]) -> Iterator[Comparison]:
    """Yield the comparison of each run with the run just before it."""
    nearest: dict[str, Comparison] = {}
    for one in comparisons:
        if one.a.producer or one.b.producer or one.a.run.dataset != one.b.run.dataset:
            continue
        # A run's reference comes first among its comparisons (`analysis.comparison.plan`).
        nearest.setdefault(one.b.run.id, one)
    return iter(nearest.values())


def _kinds(comparison: Comparison) -> Iterator[tuple[EventKind, Sequence[ComparisonRow]]]:
    yield EventKind.NEWLY_FAILING, comparison.newly_failing
    yield EventKind.FIXED, comparison.fixed
    yield EventKind.MISSING, comparison.gone


def _row_member(row: ComparisonRow, kind: EventKind) -> EventMember:
    change = "" if row.change is None else format_change(row.change, row.unit)
    return EventMember(
        metric=row.metric,
        data_id=dict(row.data_id),
        producer=row.producer_b,
        better={EventKind.NEWLY_FAILING: False, EventKind.FIXED: True}.get(kind),
        detail=row.reason if kind is EventKind.MISSING else change,
    )


MOST_SHARED = 3
"""Values in common that are worth naming."""


def find_shared(members: Sequence[EventMember], everything: Values) -> dict[str, list[str]]:
    """Return what all members have in common and not everything has, by name."""
    found = {}
    for name, value in _PROPERTIES.items():
        here = {value(member) for member in members}
        special = len(here) < len(members) and len(here) <= MOST_SHARED and "" not in here
        if special and everything.get(name, set()) - here:
            found[name] = sorted(here, key=_natural_band)
    return found


_PROPERTIES: Mapping[str, Callable[[EventMember], str]] = {
    "band": lambda member: member.data_id.get("band", ""),
    "package": lambda member: member.metric.partition(".")[0],
    "metric": lambda member: member.metric,
    "producer": lambda member: member.producer or "",
}


def _natural_band(text: str) -> tuple[int, str]:
    return (BANDS.find(text) if len(text) == 1 else -1, text)
