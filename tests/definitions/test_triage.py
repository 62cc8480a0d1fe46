from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reportgen.definitions.triage import KnownIssue, Triage, load_triage
from reportgen.errors import DefinitionError
from tests.definitions.folders import write_files

FILE = """
    [[issue]]
    metric = "validate_drp.TE*"
    run = ["hsc-rc2/w_2021_3?", "hsc-rc2/w_2021_40"]
    band = ["u", "y"]
    owner = "Ada"
    ticket = "DM-12345"
    reason = "The PSF model changed."
    since = 2021-08-20
    expires = "2021-10-01"

    [[issue]]
    metric = "TE2"
    owner = "Grace"
    reason = "The limit is wrong upstream."
    """


@pytest.fixture
def triage(tmp_path: Path) -> Triage:
    """Return two known issues."""
    return load_triage(write_files(tmp_path, {"triage.toml": FILE}) / "triage.toml")


def test_an_issue_is_what_the_file_says(triage):
    """All fields of an entry are read, dates as dates."""
    assert triage.issues[0] == KnownIssue(
        metric=("validate_drp.TE*",),
        run=("hsc-rc2/w_2021_3?", "hsc-rc2/w_2021_40"),
        band=("u", "y"),
        owner="Ada",
        ticket="DM-12345",
        reason="The PSF model changed.",
        since=date(2021, 8, 20),
        expires=date(2021, 10, 1),
    )


@pytest.mark.parametrize(
    ("metric", "run", "band", "today", "found"),
    [
        ("validate_drp.TE1", "hsc-rc2/w_2021_34", "u", date(2021, 9, 1), [0]),
        ("validate_drp.TE2", "hsc-rc2/w_2021_40", "y", date(2021, 9, 1), [0, 1]),
        ("validate_drp.TE2", "dc2/w_2021_34", None, date(2021, 9, 1), [1]),
        ("validate_drp.TE1", "hsc-rc2/w_2021_34", "g", date(2021, 9, 1), []),
        ("validate_drp.TE1", "hsc-rc2/w_2021_34", None, date(2021, 9, 1), []),
        ("validate_drp.TE1", "hsc-rc2/w_2021_44", "u", date(2021, 9, 1), []),
        ("validate_drp.PA1", "hsc-rc2/w_2021_34", "u", date(2021, 9, 1), []),
        ("validate_drp.TE1", "hsc-rc2/w_2021_34", "u", date(2021, 8, 20), [0]),
        ("validate_drp.TE1", "hsc-rc2/w_2021_34", "u", date(2021, 8, 19), []),
        ("validate_drp.TE1", "hsc-rc2/w_2021_34", "u", date(2021, 10, 1), [0]),
        ("validate_drp.TE1", "hsc-rc2/w_2021_34", "u", date(2021, 10, 2), []),
    ],
)
def test_issues_match_by_metric_run_band_and_day(triage, metric, run, *, band, today, found):
    """An issue covers what its patterns fit, from the day it is known until it expires."""
    marks = triage.marks()
    assert triage.known(today)(metric, run, band) == tuple(marks[i] for i in found)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[issues]]", "issues: unknown key; allowed: issue, owner"),
        ("[[owner]]\nmetric='a'", "owner[1] (a), owner: is missing"),
        ("[[owner]]\nmetric='a'\nowner='o'\nteam='t'", "unknown key; allowed: metric, owner"),
        ("[[issue]]\nmetric='a'\nreason='r'", "issue[1] (a), owner: is missing"),
        ("[[issue]]\nmetric='a'\nowner='o'", "issue[1] (a), reason: is missing"),
        (
            "[[issue]]\nowner='o'\nreason='r'",
            "it is about everything; give metric, run, band or place",
        ),
        ("[[issue]]\nmetric='a'\nowner='o'\nreason='r'\nsince='soon'", "since = 'soon': "),
        (
            "[[issue]]\nmetric='a'\nowner='o'\nreason='r'\nsince=2021-02-01\nexpires=2021-01-01",
            "issue[1] (a): it expires before it began",
        ),
    ],
)
def test_mistakes_name_entry_and_key(tmp_path, text, problem):
    """A mistake is one sentence that names file, entry and key."""
    path = write_files(tmp_path, {"triage.toml": text}) / "triage.toml"
    with pytest.raises(DefinitionError) as caught:
        load_triage(path)
    assert str(caught.value).startswith("triage.toml: ")
    assert problem in str(caught.value)


def test_the_first_entry_that_names_a_metric_owns_it(tmp_path):
    """Owners are looked up by pattern, with or without package, in the order of the file."""
    text = """
        [[owner]]
        metric = ["PA1", "validate_drp.PF*"]
        owner = "photometry"

        [[owner]]
        metric = "P*"
        owner = "everybody else"
        """
    triage = load_triage(write_files(tmp_path, {"triage.toml": text}) / "triage.toml")
    owners = {name: triage.owner_of(f"validate_drp.{name}") for name in ("PA1", "PF1", "PX", "AM1")}
    assert owners == {
        "PA1": "photometry",
        "PF1": "photometry",
        "PX": "everybody else",
        "AM1": None,
    }


def test_a_mark_says_owner_ticket_and_expiry(triage):
    """What is shown beside a row names who looks at it, where, and until when."""
    assert [mark.label for mark in triage.marks()] == [
        "Ada, DM-12345, until 2021-10-01",
        "Grace, no ticket, no expiry",
    ]


@pytest.mark.parametrize("place", ["0 C0?", "detector 0 C02"])
def test_a_place_is_named_as_pages_name_it(tmp_path, place):
    """A detector that has a number only may be called a detector, as on the pages."""
    text = f"[[issue]]\nplace = '{place}'\nowner = 'o'\nreason = 'r'\n"
    known = load_triage(write_files(tmp_path, {"triage.toml": text}) / "triage.toml").known(
        date(2026, 1, 1)
    )
    assert len(known("cp_verify.PTC_GAIN", "latiss/1", None, "0 C02")) == 1
    assert known("cp_verify.PTC_GAIN", "latiss/1", None, "0 C13") == ()
