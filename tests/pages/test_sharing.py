"""What pages give to others: pictures of link previews, badges, the Markdown to paste."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.figures import plan_figure
from reportgen.model import report as found_in
from reportgen.model.pages import Page
from reportgen.model.report import Counts, Line, RunReport
from reportgen.model.status import Status
from reportgen.pages import badges, cards
from reportgen.pages.badges import Badge
from reportgen.pages.sharing import sharing
from tests.factories import make_check, make_run
from tests.pages.comparison.comparisons import make_comparison, make_comparison_row, make_quiet_row


def make_line(band: str, status: Status | None) -> Line:
    """Return a line of PA1."""
    missing = status is Status.NOT_MEASURED
    value = None if missing else 0.0065
    return Line(
        metric="validate_drp.PA1",
        band=band,
        producer="faro",
        anchor=f"PA1-{band}",
        unit="mag",
        value=value,
        low=value,
        high=value,
        measured=0 if missing else 1,
        members=1,
        worst_member=None,
        reasons={"nan": 1} if missing else {},
        checks=() if status is None else (make_check(status, value=None if missing else 6.5),),
        status=status,
    )


def make_report(*lines: Line, tests: tuple[found_in.TestCount, ...] = ()) -> RunReport:
    """Return a run with its counts."""
    found = [line.status for line in lines]
    return RunReport(
        run=replace(make_run("HSC RC2", "w_2021_44"), tickets=("DM-32000",)),
        reference=None,
        counts=Counts(
            passed=found.count(Status.PASS),
            failed=found.count(Status.FAIL),
            not_measured=found.count(Status.NOT_MEASURED),
            no_specification=found.count(None),
        ),
        lines=lines,
        measurements=pd.DataFrame(),
        checks=pd.DataFrame(),
        jobs=(),
        tests=tests,
    )


LABEL = "HSC RC2 w_2021_44"
FAILING = make_report(
    make_line("g", Status.FAIL), make_line("r", Status.NOT_MEASURED), make_line("i", Status.PASS)
)


def test_card_of_a_run() -> None:
    """State, date, ticket and what fails, in the unit of the limit."""
    card = cards.run_card(FAILING)
    assert (card.above, card.title) == ("HSC RC2", "w_2021_44")
    assert card.below.endswith("DM-32000")
    assert [(one.state, one.text) for one in card.counts] == [
        ("fail", "1 fail"),
        ("not_measured", "1 not measured"),
        ("pass", "1 pass"),
    ]
    worst = [(one.state, one.text, one.value, one.limit) for one in card.lines]
    assert worst == [
        ("fail", "PA1 g", "6.5\u00a0mmag", "design ≤\u00a05\u00a0mmag"),
        ("not_measured", "PA1 r", "", "design ≤\u00a05\u00a0mmag"),
    ]


def test_card_of_a_comparison() -> None:
    """What newly fails comes first; that nothing does is not shown as a failure."""
    row = make_comparison_row(newly_failing=True)
    card = cards.comparison_card(make_comparison(row, make_quiet_row()))
    assert (card.counts[0].state, card.counts[0].text) == ("fail", "1 newly failing")
    assert [one.text for one in card.lines] == ["PA1 r"]
    calm = cards.comparison_card(make_comparison(make_quiet_row()))
    assert [one.state for one in calm.counts] == ["pass", "unchanged"]


def test_card_of_the_site() -> None:
    """One line for the latest run of each dataset, failures first."""
    good = replace(make_report(make_line("i", Status.PASS)), run=make_run("DC2", "w_2021_40"))
    card = cards.site_card("Metrics", [good, FAILING])
    assert [(one.state, one.text) for one in card.lines] == [
        ("fail", "HSC RC2 w_2021_44"),
        ("pass", "DC2 w_2021_40"),
    ]
    assert card.counts[0].text == "1 of 2 datasets with failures"


@pytest.mark.parametrize(
    ("report", "text", "state"),
    [
        (FAILING, f"{LABEL}: 1 fail", "fail"),
        (make_report(make_line("i", Status.PASS)), f"{LABEL}: 1 pass", "pass"),
        (
            make_report(make_line("i", Status.PASS), make_line("r", Status.NOT_MEASURED)),
            f"{LABEL}: 1 not measured, 1 pass",
            "not_measured",
        ),
        (
            make_report(make_line("i", None)),
            "HSC RC2 w_2021_44: no requirement",
            "no_specification",
        ),
    ],
)
def test_badge_of_a_run(report, text, state) -> None:
    """The worst state decides; what is missing does not pass."""
    badge = badges.run_badge(report)
    assert (badge.text, badge.state) == (text, state)


def test_calibrations_are_judged_by_their_tests() -> None:
    """A run without measurements says how many tests fail; the summary test is not counted."""
    tests = tuple(
        found_in.TestCount(
            stage="bias", level="det", test=test, passed=8, failed=2, instrument="LATISS"
        )
        for test in ("NOISE", "SUCCESS")
    )
    badge = badges.run_badge(make_report(tests=tests))
    assert (badge.message, badge.state) == ("2 fail", "fail")


def test_badges_of_metrics_and_datasets() -> None:
    """One of each, at an address that stays."""
    documents = {one.path: one.text for one in badges.documents([FAILING], [FAILING])}
    assert list(documents) == [
        "badges/runs/hsc-rc2/w_2021_44.svg",
        "badges/datasets/hsc-rc2.svg",
        "badges/metrics/validate_drp.PA1.svg",
    ]
    assert "PA1" in documents["badges/metrics/validate_drp.PA1.svg"]
    assert "✕ 1 fail" in documents["badges/datasets/hsc-rc2.svg"]


@given(st.text(), st.text())
def test_hostile_words_stay_words(label, message) -> None:
    """Whatever a name holds, the badge is XML with four kinds of elements and no more."""
    root = ET.fromstring(
        badges.svg(Badge(path="x.svg", label=label, message=message, state="fail"))
    )
    kinds = {element.tag.partition("}")[2] for element in root.iter()}
    assert kinds == {"svg", "title", "rect", "path", "g", "text"}
    assert not any(name.startswith("on") for element in root.iter() for name in element.attrib)


def test_pages_are_dressed() -> None:
    """A run gets card and badge, the home page a card, other pages nothing."""
    made = sharing("M", plan_figure, reports=[FAILING], latest=[FAILING], comparisons=[])
    paths = ["", "runs/hsc-rc2/w_2021_44/", "metrics/validate_drp.PA1/", "data/"]
    pages = [Page(path=p, title="T", description="", template="x", view=None) for p in paths]
    home, run, metric, data = made.dress(pages)
    assert run.image == plan_figure(cards.run_card(FAILING)).png
    assert [(one.path, one.leads) for one in run.badges] == [
        ("badges/runs/hsc-rc2/w_2021_44.svg", ""),
        ("badges/datasets/hsc-rc2.svg", "runs/#hsc-rc2"),
    ]
    assert home.image != run.image
    assert [one.text for one in metric.badges] == ["PA1: 1 fail"]
    assert (home.badges, data.badges, data.image) == ((), (), "")
