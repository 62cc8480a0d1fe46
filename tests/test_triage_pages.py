"""Known issues and owners on the pages of a built site."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from reportgen import pipeline, questions
from reportgen.config import load_config
from reportgen.pages.explain_text import as_text
from tests.gate_store import KNOWN, QUIET, write_calibrations, write_report

TODAY = date(2026, 11, 22)
TRIAGE = (
    KNOWN.replace("is being redone", "<script>alert(1)</script>")
    + '[[issue]]\nmetric="cp_verify.BIAS_NOISE"\nowner="Grace"\nreason="hot amplifier"\n'
    + '[[issue]]\nmetric="AM1"\nowner="Ada"\nreason="gone"\n'
    + '[[issue]]\nmetric="PA1"\nowner="Ada"\nreason="old"\nexpires=2026-01-01\n'
    + '[[issue]]\nmetric="cp_verify.BIAS_NOISE"\nplace="0 C99"\nowner="Eve"\nreason="none such"\n'
    + '[[owner]]\nmetric="PA1"\nowner="Photometry group"\n'
)
MARK = "known issue<small>Ada, DM-1, until 2100-01-01</small>"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pipeline.BuildResult]:
    """Build a report in which r and g fail, and r is known of."""
    root = tmp_path_factory.mktemp("triage")
    write_report(root, {"r": [*QUIET, 8.0], "g": [*QUIET, 8.0], "i": [*QUIET, 4.0]}, triage=TRIAGE)
    write_calibrations(root, [(7.5, True), (7.5, True), (7.6, True), (9.9, False)])
    return root, pipeline.build(load_config(root), today=TODAY, strict=True)


def row(page: Path, anchor: str) -> str:
    """Return the HTML of one row of a table."""
    found = re.search(rf'<tr id="{re.escape(anchor)}".*?</tr>', page.read_text(), re.DOTALL)
    assert found is not None, anchor
    return found[0]


@pytest.mark.parametrize(
    ("path", "marked", "others"),
    [
        ("runs/hsc/w_2026_11", ["PA1-r"], ["PA1-g", "PA1-i"]),
        ("compare/hsc/w_2026_10...w_2026_11", ["PA1-r"], ["PA1-g", "PA1-i"]),
        ("metrics/pkg.PA1", ["latest-hsc-2"], ["latest-hsc-1", "latest-hsc-3"]),
    ],
)
def test_rows_are_marked_where_something_is_wrong(built, path, marked, others):
    """A row that a known issue covers and that fails names owner, ticket and expiry as text."""
    page = built[0] / "site" / path / "index.html"
    assert all(MARK in row(page, anchor) for anchor in marked)
    assert not any("known issue" in row(page, anchor) for anchor in others)


def test_tests_of_calibrations_are_marked(built):
    """The page of a run of calibrations marks the failing test."""
    page = built[0] / "site" / "runs" / "latiss-calibrations" / "2026-01-04" / "index.html"
    marked = row(page, "test-bias-amplifier-noise")
    assert "known issue<small>Grace, no ticket, no expiry</small>" in marked
    assert "Eve" not in marked  # her entry is about an amplifier that there is not
    assert "known issue" not in row(page, "test-bias-amplifier-mean")


def test_owners_stand_on_pages_of_metric_and_run(built):
    """Who looks after a metric is said on its page, and beside rows that need somebody."""
    site = built[0] / "site"
    assert (
        "<dt>Owner</dt><dd>Photometry group</dd>"
        in (site / "metrics" / "pkg.PA1" / "index.html").read_text()
    )
    run = site / "runs" / "hsc" / "w_2026_11" / "index.html"
    assert "owner: Photometry group" in row(run, "PA1-g")
    assert "owner" not in row(run, "PA1-i")


def test_the_first_page_lists_every_entry_with_its_state(built):
    """What has expired or fits nothing is told from what is active; a reason is only text."""
    page = built[0] / "site" / "index.html"
    states = ["active", "active", "fits nothing", "expired", "fits nothing"]
    for number, state in enumerate(states, start=1):
        assert f">{state}</span>" in row(page, f"known-issue-{number}")
    assert "<script>alert(1)</script>" not in page.read_text()
    assert "&lt;script&gt;alert(1)" in row(page, "known-issue-1")


def test_a_build_warns_of_entries_and_strict_does_not_stop(built):
    """Entries that nobody needs are warnings also where everything else has to be right."""
    warnings = [text for text in built[1].warnings if text.startswith("known issue")]
    assert [text.partition(" (")[0] for text in warnings] == [f"known issue {n}" for n in (3, 4, 5)]
    assert "expired on 2026-01-01" in warnings[1]
    assert "no detector or amplifier that was judged fits 0 C99" in warnings[2]


def test_an_explanation_names_issue_and_owner(built):
    """`reportgen explain` says what is known, and who looks after the metric."""
    text = as_text(questions.explain(load_config(built[0]), "PA1", "w_2026_11", "r", today=TODAY))
    assert "known issue (Ada, DM-1, until 2100-01-01)" in text
    assert "owner of the metric: Photometry group" in text
    text = as_text(questions.explain(load_config(built[0]), "PA1", "w_2026_11", "g", today=TODAY))
    assert "known issue" not in text


def test_failing_rows_of_the_first_page_are_marked(built):
    """What fails is marked where the first page lists it, too."""
    rows = re.findall(r"<tr\b.*?</tr>", (built[0] / "site" / "index.html").read_text(), re.DOTALL)
    marked = [one for one in rows if MARK in one]
    assert len(marked) == 1
    assert "#PA1-r" in marked[0]
