"""Titles of events, and what happened to each member, in words."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.model.dimensions import BANDS
from reportgen.model.events import Event, EventKind, EventMember, EventStatus
from reportgen.model.numbers import plural
from reportgen.pages import words

MOST_NAMED = 3
"""Metrics that a title names; more are counted."""

_VERBS = {
    EventKind.NEWLY_FAILING: "newly fails",
    EventKind.FIXED: "passes again",
    EventKind.MISSING: "is not measured any more",
    EventKind.STEP: "stepped",
    EventKind.DRIFT: "drifts",
    EventKind.EPOCH: "cannot be compared with earlier values",
}
_VERBS_OF_MANY = {
    EventKind.NEWLY_FAILING: "newly fail",
    EventKind.FIXED: "pass again",
    EventKind.MISSING: "are not measured any more",
    EventKind.STEP: "stepped",
    EventKind.DRIFT: "drift",
    EventKind.EPOCH: "cannot be compared with earlier values",
}


def title(event: Event) -> str:
    """Say what happened: ``HSC RC2: 14 metrics stepped at w_2021_30, all in y: 14 worse``."""
    several = len(event.members) > 1
    verb = (_VERBS_OF_MANY if several else _VERBS)[event.kind]
    subject = event.stage and f"{event.stage.instrument} {event.stage.stage}"
    parts = [f"{subject or event.dataset}: {_who(event)} {verb} {_when(event)}"]
    parts += [f"all {common}" for common in _common(event)]
    sentence = ", ".join(parts)
    extra = event.reason or _better_or_worse(event) or (_detail(event) if not several else "")
    new = " (new, not yet confirmed)" if event.status is EventStatus.NEW else ""
    return f"{sentence}{f': {extra}' if extra else ''}{new}"


def _who(event: Event) -> str:
    if event.stage is not None:
        return _places(event)
    named = list(_names(event))
    if len(named) <= MOST_NAMED:
        return words.join(named)
    return plural(len(named), "metric")


def _places(event: Event) -> str:
    places = {tuple(member.data_id.items()) for member in event.members}
    kind = "amplifier" if any("amplifier" in m.data_id for m in event.members) else "detector"
    names = list(event.metrics)
    shown = words.join(names) if len(names) <= MOST_NAMED else f"{len(names)} statistics"
    if len(places) == 1:
        where = _place(event.members[0])
        return f"{shown} of {where}" if where else shown
    return f"{shown} of {plural(len(places), kind)}"


def _place(member: EventMember) -> str:
    """Name where a calibration was judged: ``R22_S11 C03``, ``detector 0 C11``."""
    detector = member.data_id.get("detector", "")
    named = f"detector {detector}" if detector.isdigit() else detector
    return " ".join(part for part in (named, member.data_id.get("amplifier", "")) if part)


def _names(event: Event) -> Iterator[str]:
    """Yield each metric with its bands: ``PA1 in g and r``."""
    for metric in event.metrics:
        bands = {m.data_id.get("band", "") for m in event.members if m.metric == metric}
        shown = words.join(sorted(filter(None, bands), key=BANDS.find))
        yield f"{words.short(metric)} in {shown}" if shown else words.short(metric)


def _when(event: Event) -> str:
    if event.kind is EventKind.DRIFT:
        return f"as of {event.when}"
    if event.stage is not None:
        return f"on {event.when}"
    at_once = event.kind in (EventKind.STEP, EventKind.EPOCH)
    return f"{'at' if at_once else 'in'} {event.when}"


def _common(event: Event) -> Iterator[str]:
    if len(list(_names(event))) <= MOST_NAMED and event.stage is None:
        return  # everything is named already
    for name, says in (("band", "in {}"), ("package", "of {}"), ("detector", "in detector {}")):
        if name in event.shared and (name != "detector" or _several_places(event)):
            yield says.format(words.join(event.shared[name]))


def _several_places(event: Event) -> bool:
    return len({_place(member) for member in event.members}) > 1


def _better_or_worse(event: Event) -> str:
    if event.kind is not EventKind.STEP or len(event.members) == 1:
        return ""
    worse = sum(member.better is False for member in event.members)
    better = sum(member.better is True for member in event.members)
    parts = [f"{n} {word}" for n, word in ((worse, "worse"), (better, "better")) if n]
    return ", ".join(parts)


def _detail(event: Event) -> str:
    member = event.members[0]
    word = {True: ", better", False: ", worse", None: ""}[member.better]
    return f"{member.detail}{word}" if event.kind is EventKind.STEP else member.detail


def _member_name(member: EventMember) -> str:
    name = " ".join(filter(None, (words.short(member.metric), member.data_id.get("band"))))
    place = _place(member)
    return f"{name} of {place}" if place else name


def describe_member(member: EventMember) -> str:
    """Return one member in a line: ``PA1 r: +0.8 mmag, worse``."""
    word = {True: "better", False: "worse", None: ""}[member.better]
    found = ", ".join(part for part in (member.detail, word) if part)
    return f"{_member_name(member)}: {found}" if found else _member_name(member)
