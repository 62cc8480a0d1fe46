from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from reportgen.model.calibrations import StageKey
from reportgen.model.events import Event, EventKind, EventMember, EventStatus
from reportgen.pages import events, schemas
from reportgen.pages.event_words import title
from reportgen.pages.events import MOST_ENTRIES, FeedSite, describe, documents, event_path

SITE = FeedSite(
    name="Metrics", url="https://example.org/m", edition_url="https://example.org/m/v/main/"
)
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "x.<b>&\x00\x0b\ud800]]>\ufffe"


def make_member(metric: str = "validate_drp.PA1", band: str = "r", **more: Any) -> EventMember:
    """Return a metric that became worse by 0.8 mmag."""
    fields: dict[str, Any] = {"producer": "faro", "better": False, "detail": "+0.8\u00a0mmag"}
    return EventMember(metric=metric, data_id={"band": band} if band else {}, **fields | more)


def make_event(*members: EventMember, **more: Any) -> Event:
    """Return a confirmed step of HSC RC2."""
    fields: dict[str, Any] = {
        "id": "step-hsc-rc2-w_2021_30",
        "kind": EventKind.STEP,
        "status": EventStatus.CONFIRMED,
        "dataset": "HSC RC2",
        "run": "hsc-rc2/w_2021_30",
        "when": "w_2021_30",
        "date": "2021-07-29",
        "shared": {},
    }
    return Event(members=members or (make_member(),), **fields | more)


def many(n: int = 14) -> list[EventMember]:
    """Return metrics in y, of which two got better."""
    return [make_member(f"x.m{at}", "y", better=at < 2) for at in range(n)]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (make_event(), "HSC RC2: PA1 in r stepped at w_2021_30: +0.8\u00a0mmag, worse"),
        (
            make_event(*many(), shared={"band": ["y"]}),
            "HSC RC2: 14 metrics stepped at w_2021_30, all in y: 12 worse, 2 better",
        ),
        (
            make_event(status=EventStatus.NEW),
            ("HSC RC2: PA1 in r stepped at w_2021_30: +0.8\u00a0mmag, worse"
            " (new, not yet confirmed)"),
        ),
        (
            make_event(
                make_member(), make_member(band="g"), make_member("x.TE1", ""),
                kind=EventKind.NEWLY_FAILING,
            ),
            "HSC RC2: PA1 in g and r and TE1 newly fail in w_2021_30",
        ),
        (
            make_event(make_member(detail="not measured: nan"), kind=EventKind.MISSING),
            "HSC RC2: PA1 in r is not measured any more in w_2021_30: not measured: nan",
        ),
        (
            make_event(kind=EventKind.EPOCH, reason="definition fixed (DM-39332)"),
            ("HSC RC2: PA1 in r cannot be compared with earlier values at w_2021_30:"
            " definition fixed (DM-39332)"),
        ),
        (
            make_event(
                *(EventMember(metric="NOISE", data_id={"amplifier": f"C0{a}"}) for a in range(9)),
                kind=EventKind.NEWLY_FAILING,
                stage=StageKey(instrument="LATISS", stage="bias"),
                when="2022-03-05",
            ),
            "LATISS bias: NOISE of 9 amplifiers newly fail on 2022-03-05",
        ),
    ],
)  # fmt: skip
def test_title_says_what_happened(event: Event, expected: str) -> None:
    """The title names few metrics and counts many, and says what they share."""
    assert title(event) == expected


@pytest.mark.parametrize(
    ("data_id", "place"),
    [
        ({"detector": "0", "amplifier": "C11"}, "detector 0 C11"),
        ({"detector": "R22_S11", "amplifier": "C03"}, "R22_S11 C03"),
        ({"detector": "R22_S11"}, "R22_S11"),
    ],
)
def test_one_place_is_named(data_id: dict[str, str], place: str) -> None:
    """Statistics of a single amplifier or detector are said to be of it."""
    stage = StageKey(instrument="LATISS", stage="bias")
    members = [EventMember(metric=name, data_id=data_id) for name in ("MEAN", "NOISE")]
    event = make_event(*members, stage=stage, when="2022-03-05", shared={"detector": ["0"]})
    assert title(event) == f"LATISS bias: MEAN and NOISE of {place} stepped on 2022-03-05"


def test_json_fits_its_schema() -> None:
    """The document has the keys of the interface and validates."""
    found = json.loads(json.dumps(describe(make_event(*many(), ticket="DM-1")), allow_nan=False))
    schema = schemas.load("events.schema.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate({"events": [found]}, schema, cls=jsonschema.Draft202012Validator)
    assert {"id", "date", "kind", "title", "run", "metrics", "data_ids", "shared", "status",
            "ticket", "url"} <= set(found)  # fmt: skip
    assert (found["count"], found["data_ids"]) == (14, [{"band": "y"}])


def test_url_leads_to_the_page_that_shows_it() -> None:
    """A step of one metric leads to its history, what fails to the comparison."""
    comparison = "compare/hsc-rc2/a...b/"
    step = make_event(comparison=comparison)
    failing = make_event(kind=EventKind.NEWLY_FAILING, comparison=comparison)
    stage = make_event(stage=StageKey(instrument="LATISS", stage="bias"))
    assert event_path(step) == "metrics/validate_drp.PA1/"
    assert event_path(failing) == "compare/hsc-rc2/a...b/#newly-failing"
    assert event_path(make_event(*many(), comparison=comparison)) == comparison
    assert event_path(stage) == "calibrations/latiss/bias/"


def feeds(*found: Event, site: FeedSite = SITE) -> dict[str, str]:
    """Return the feeds by address."""
    return {one.path: one.text for one in documents(found, site) if one.text is not None}


def test_feeds_of_everything_by_dataset_and_metric() -> None:
    """There is an Atom and a JSON feed of all events, of each dataset and each metric."""
    assert list(feeds(make_event())) == [
        "feeds/all.atom",
        "feeds/all.json",
        "feeds/datasets/hsc-rc2.atom",
        "feeds/datasets/hsc-rc2.json",
        "feeds/metrics/validate_drp.PA1.atom",
        "feeds/metrics/validate_drp.PA1.json",
    ]


def test_atom_has_what_the_standard_asks_for() -> None:
    """Feed and entries have id, title and updated; links are absolute."""
    root = ET.fromstring(feeds(make_event())["feeds/all.atom"])
    for element in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert element.findtext(f"{ATOM}{name}")
    links = [link.get("href", "") for link in root.iter(f"{ATOM}link")]
    assert links == [
        "https://example.org/m/v/main/feeds/all.atom",
        "https://example.org/m/",
        "https://example.org/m/metrics/validate_drp.PA1/",
    ]
    assert root.findtext(f"{ATOM}updated") == "2021-07-29T00:00:00Z"


def test_ids_stay_when_the_event_grows() -> None:
    """An entry keeps its id when it is confirmed or gains members, and in every feed."""
    new = feeds(make_event(status=EventStatus.NEW))
    later = feeds(make_event(make_member(), make_member(band="g")))
    ids = {
        item["id"]
        for found in (new, later)
        for path, text in found.items()
        if path.endswith(".json")
        for item in json.loads(text)["items"]
    }
    assert ids == {"tag:example.org,2021:step-hsc-rc2-w_2021_30"}


def test_feeds_are_bounded() -> None:
    """A feed has the newest events, however many there are; the JSON has all."""
    found = [make_event(id=f"step-{n}", date=f"2021-07-{n % 28 + 1:02}") for n in range(70)]
    every = list(documents(found, SITE))
    assert len(every[0].data["events"]) == 70
    text = next(one.text for one in every if one.path == "feeds/all.atom")
    assert len(ET.fromstring(str(text)).findall(f"{ATOM}entry")) == MOST_ENTRIES


def test_hostile_names_give_valid_feeds() -> None:
    """No name breaks the XML or the JSON, whatever characters it has."""
    event = make_event(make_member(HOSTILE), dataset="<x>&\x01", reason="\x08", ticket="]]>")
    for path, text in feeds(event).items():
        if path.endswith(".atom"):
            ET.fromstring(text.encode("utf-8"))
        else:
            json.loads(text)
            text.encode("utf-8")


def test_events_without_a_day_are_in_the_json_only() -> None:
    """A feed is in order of time: what has no day is left to the JSON."""
    found = list(documents([make_event(date=None), make_event(date="soon")], SITE))
    assert len(found[0].data["events"]) == 2
    assert json.loads(str(found[2].text))["items"] == []


def test_without_an_address_there_are_no_feeds() -> None:
    """Feeds need absolute links; a site that does not know its address has the JSON."""
    assert [one.path for one in documents([make_event()], FeedSite(name="x", url=""))] == [
        "api/v1/events.json"
    ]


def test_demonstration_is_said_in_feeds() -> None:
    """An event of generated data says so in its text."""
    text = feeds(make_event(demonstration=True))["feeds/all.json"]
    assert "generated, not measured" in text


def test_long_events_are_cut() -> None:
    """Of thousands of members some are listed and all are counted."""
    found = events.describe(make_event(*many(3000)))
    assert (found["count"], len(found["members"])) == (3000, events.MOST_MEMBERS)
