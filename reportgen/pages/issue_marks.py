"""Known issues beside the rows that they are about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from reportgen.model.calibration_verdicts import judged_metric
from reportgen.model.comparison import Comparison
from reportgen.model.issues import Issue, IssueBook, Known
from reportgen.model.report import Line, RunReport, TestCount
from reportgen.model.status import Kind, Status
from reportgen.pages.paths import run_path

Marks = Mapping[str, Sequence[Issue]]
"""Issues by the anchor of the row."""
NO_MARKS: Marks = MappingProxyType({})


def latest_marks(latest: Sequence[RunReport], known: Known) -> Marks:
    """Return the issues of the rows of the latest runs, by the addresses of the rows."""
    return {
        f"{run_path(report.run)}#{anchor}": issues
        for report in latest
        for anchor, issues in run_marks(report, known).items()
    }


def run_marks(report: RunReport, known: Known, comparison: Comparison | None = None) -> Marks:
    """Return the issues of the rows of a run that fail, lack values or got worse."""
    worse = set()
    if comparison is not None:
        worse = {(row.metric, row.band) for row in comparison.rows if row.is_troubled}
    found: dict[str, Sequence[Issue]] = {}
    for line in report.lines:
        if line.is_troubled or (line.metric, line.band) in worse:
            issues = known(line.metric, report.run.id, line.band)
            found |= dict.fromkeys(_anchors(line), issues) if issues else {}
    for test in report.tests:
        if issues := _of_test(test, report.run.id, known):
            found[test.anchor] = issues
    return found


def _of_test(test: TestCount, run_id: str, known: Known) -> list[Issue]:
    """Return the issues about a place at which a test fails."""
    name = judged_metric(test.stage, test.test)
    if not test.failed or not known(name, run_id, None, None):
        return []  # most tests have no issue at all, so places are looked at last
    issues = (one for place in test.failing for one in known(name, run_id, None, place))
    found = {issue.number: issue for issue in issues}
    return [found[number] for number in sorted(found)]


def run_owners(report: RunReport, book: IssueBook, marks: Marks) -> Mapping[str, str]:
    """Return who looks after the rows of a run that fail or lack values, by their anchors.

    Somebody whom a known issue of the row names already is not named again.
    """
    troubled = (line for line in report.lines if line.is_troubled)
    found = {line.anchor: book.owner_of(line.metric) for line in troubled}
    return {
        anchor: owner
        for anchor, owner in found.items()
        if owner and owner not in {issue.owner for issue in marks.get(anchor, ())}
    }


def _anchors(line: Line) -> Iterator[str]:
    """Yield the anchors of all rows of the page of a run that stand for a line."""
    yield line.anchor
    for check in line.checks:
        if check.kind is not Kind.REQUIREMENT and check.status is not Status.PASS:
            yield f"{line.anchor}-{check.specification.rpartition('.')[2]}"
    if line.reasons:
        yield f"missing-{line.anchor}"


def comparison_marks(comparison: Comparison, known: Known) -> Marks:
    """Return the issues of the rows of a comparison in which B fails or is worse."""
    run = comparison.b.run.id
    found = {
        row.anchor: known(row.metric, run, row.band) for row in comparison.rows if row.is_troubled
    }
    return {anchor: issues for anchor, issues in found.items() if issues}


def describe_issue(issue: Issue) -> dict[str, Any]:
    """Return a known issue as plain values."""
    return {
        "owner": issue.owner,
        "ticket": issue.ticket,
        "reason": issue.reason,
        "since": issue.since.isoformat() if issue.since else None,
        "expires": issue.expires.isoformat() if issue.expires else None,
    }
