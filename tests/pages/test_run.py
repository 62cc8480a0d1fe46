"""The page of a run says once what is the same in every row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from reportgen.model.issues import NO_ISSUES, Issue, IssueBook
from reportgen.model.report import Line, RunReport
from reportgen.model.status import Status
from reportgen.pages.notes import NoteBook
from reportgen.pages.run import page
from reportgen.render.environment import make_environment, page_template
from tests.pages.test_requirements import ONE
from tests.pages.test_sharing import make_line, make_report

TEMPLATES = Path(__file__).parents[2] / "site_templates"
FAILS = make_line("r", Status.FAIL)


def made(*lines: Line) -> RunReport:
    """Return a run that was pulled once."""
    report = make_report(*lines)
    return replace(report, run=replace(report.run, revisions=(ONE,)))


def html(report: RunReport, issues: IssueBook = NO_ISSUES) -> str:
    """Return the page."""
    found = page(report, {}, NoteBook(notes=[]), set(), issues=issues)
    template = page_template(make_environment(TEMPLATES), found.template)
    return template.render(view=found.view, root="")


def test_one_producer_is_a_fact_of_the_run() -> None:
    """A column in which every cell says the same is none."""
    one = html(made(FAILS, make_line("g", Status.PASS)))
    assert "<dt>Producer</dt><dd>faro</dd>" in one
    assert "<td>faro</td>" not in one


def test_two_producers_are_a_column() -> None:
    """Rows of two producers are told apart."""
    other = replace(make_line("r", Status.PASS), producer="analysis_tools")
    two = html(made(FAILS, other))
    assert "<dt>Producer</dt>" not in two
    assert "<td>faro</td>" in two
    assert "<td>analysis_tools</td>" in two


def test_an_owner_is_named_once_in_a_row() -> None:
    """The owner of a known issue is not repeated as the owner of its metric."""
    issue = Issue(number=1, owner="Ada", ticket="DM-1", reason="being redone")
    unknown = IssueBook(owner_of=lambda _: "Ada")
    assert "owner: Ada" in html(made(FAILS), unknown)
    known = IssueBook(known=lambda *_: [issue], owner_of=lambda _: "Ada")
    assert "Ada, DM-1" in html(made(FAILS), known)
    assert "owner: Ada" not in html(made(FAILS), known)
    others = IssueBook(known=lambda *_: [issue], owner_of=lambda _: "Grace")
    assert "owner: Grace" in html(made(FAILS), others)
