"""``api/v1/events.json`` and the feeds that are made from it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from reportgen.model.events import Event, EventKind, EventStatus
from reportgen.model.pages import Document
from reportgen.model.runs import slug
from reportgen.pages.calibrations.paths import stage_path
from reportgen.pages.event_words import describe_member, title
from reportgen.pages.feeds import Entry, Feed, atom, json_feed
from reportgen.pages.paths import API, metric_path, metric_segment

MOST_ENTRIES = 50
"""Entries in a feed, newest first."""

MOST_RECENT = 10
"""Events on the first page."""

MOST_MEMBERS = 200
"""Members of an event that the JSON lists; ``count`` has all."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")

_SECTIONS = {
    EventKind.NEWLY_FAILING: "#newly-failing",
    EventKind.FIXED: "#fixed",
    EventKind.MISSING: "#removed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSite:
    """Where the site is published; without ``url`` there are no feeds, since links are absolute."""

    name: str
    url: str
    """Of the whole site: below it, permalinks lead to the newest edition of each page."""
    edition_url: str = ""
    """Of the edition that has the feeds; empty: the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One event on the first page."""

    anchor: str
    title: str
    day: str
    path: str
    kind: str
    """As the badge of the row says it."""
    status: str
    ticket: str
    demonstration: bool


def documents(events: Sequence[Event], site: FeedSite) -> Iterator[Document]:
    """Yield the events as JSON, and feeds of all of them, per dataset and per metric.

    Events whose day nobody knows are in the JSON, not in the feeds, which are in order of time.
    """
    yield Document(path=f"{API}/events.json", data={"events": [describe(one) for one in events]})
    if site.url:
        dated = [event for event in events if _DAY.match(event.date or "")]
        yield from _feeds(f"Events of {site.name}", "all", dated, site)
        for name, found in _by_dataset(dated).items():
            yield from _feeds(f"{site.name}: {found[0].dataset}", f"datasets/{name}", found, site)
        for metric, found in _by_metric(dated).items():
            name = f"metrics/{metric_segment(metric)}"
            yield from _feeds(f"{site.name}: {metric}", name, found, site)


def feed_path(name: str = "all", kind: str = "atom") -> str:
    """Return the address of a feed, from the root of its edition."""
    return f"feeds/{name}.{kind}"


def event_path(event: Event) -> str:
    """Return the address of the page that shows an event, from the root of the site."""
    if event.stage is not None:
        return stage_path(event.stage)
    if event.comparison and event.kind in _SECTIONS:
        return event.comparison + _SECTIONS[event.kind]
    if event.comparison and len(event.metrics) > 1:
        return event.comparison
    return metric_path(event.metrics[0])


def recent(events: Sequence[Event], made: AbstractSet[str]) -> list[EventRow]:
    """Return the newest events for the first page, the worst of them first.

    ``made`` are the addresses of the comparisons that this edition has.
    """
    return [
        EventRow(
            anchor=f"event-{event.id}",
            title=title(event),
            day=event.date or event.when,
            path=_page(event, made),
            kind=_BADGES.get(event.kind, event.kind.value),
            status=event.status.value,
            ticket=event.ticket or "",
            demonstration=event.demonstration,
        )
        for event in sorted(events[:MOST_RECENT], key=_rank)
    ]


_BADGES = {EventKind.MISSING: "not_measured", EventKind.EPOCH: "new_definition"}
_ORDER = (
    EventKind.NEWLY_FAILING,
    EventKind.DRIFT,
    EventKind.STEP,
    EventKind.MISSING,
    EventKind.EPOCH,
    EventKind.FIXED,
)


def _rank(event: Event) -> tuple[bool, int]:
    """Order by whether it is still so, then by what it is; of the same, the newest stay first."""
    over = event.status in (EventStatus.RESOLVED, EventStatus.DONE)
    return over, _ORDER.index(event.kind)


def _page(event: Event, made: AbstractSet[str]) -> str:
    if event.stage is None and event.comparison not in made:
        return metric_path(event.metrics[0])
    return event_path(event)


def describe(event: Event) -> dict[str, Any]:
    """Return everything known of an event."""
    members = event.members[:MOST_MEMBERS]
    return {
        "id": event.id,
        "date": event.date,
        "kind": event.kind.value,
        "title": title(event),
        "dataset": event.dataset,
        "run": event.run or None,
        "release": event.when,
        "metrics": list(event.metrics),
        "data_ids": _distinct([dict(member.data_id) for member in members]),
        "shared": {name: list(values) for name, values in event.shared.items()},
        "status": event.status.value,
        "ticket": event.ticket,
        "url": event_path(event),
        "count": len(event.members),
        "members": [
            {
                "metric": member.metric,
                "data_id": dict(member.data_id),
                "producer": member.producer,
                "better": member.better,
                "detail": member.detail,
            }
            for member in members
        ],
        "demonstration": event.demonstration,
    }


def _distinct(data_ids: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    return list({tuple(sorted(one.items())): one for one in data_ids if one}.values())


def _by_dataset(events: Sequence[Event]) -> Mapping[str, list[Event]]:
    found: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        found[slug(event.dataset)].append(event)
    return found


def _by_metric(events: Sequence[Event]) -> Mapping[str, list[Event]]:
    found: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        for metric in event.metrics if event.stage is None else ():
            found[metric].append(event)
    return found


def _feeds(name: str, path: str, events: Sequence[Event], site: FeedSite) -> Iterator[Document]:
    root = _folder(site.url)
    own = _folder(site.edition_url or site.url)
    for kind, write in (("atom", atom), ("json", json_feed)):
        feed = Feed(
            title=name,
            home=root,
            address=own + feed_path(path, kind),
            entries=[_entry(event, root) for event in events[:MOST_ENTRIES]],
        )
        yield Document(path=feed_path(path, kind), text=write(feed))


def _folder(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"


def _entry(event: Event, root: str) -> Entry:
    lines = [describe_member(member) for member in event.members[:MOST_ENTRIES]]
    more = len(event.members) - len(lines)
    demonstration = ["Demonstration data: generated, not measured."]
    return Entry(
        name=event.id,
        title=title(event),
        link=root + event_path(event),
        day=event.date or "",
        lines=[
            *(demonstration if event.demonstration else []),
            *lines,
            *([f"and {more} more"] if more > 0 else []),
            *([f"Ticket: {event.ticket}"] if event.ticket else []),
        ],
        tags=[event.kind.value, event.status.value],
    )
