"""The first page: whether the latest run of each dataset is good, and what is different."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reportgen.model.report import Line, RunReport, RunSummary
from reportgen.model.status import Status
from reportgen.pages.overview import page as overview
from reportgen.pages.overview.card import DatasetCard, stale
from reportgen.pages.overview.matrix import make_matrix
from tests.factories import make_check, make_key, make_run
from tests.pages.comparison.comparisons import make_comparison, make_comparison_row
from tests.pages.test_changes import make_line, make_report

TODAY = date(2021, 9, 1)
PASS, FAIL, MISSING = Status.PASS, Status.FAIL, Status.NOT_MEASURED


def judged(metric: str, band: str, status: Status, margin: float = 0.2, **more) -> Line:
    """Return a line with one requirement at design."""
    margin = -abs(margin) if status is FAIL else margin
    checks = [make_check(status, value=5.0 * (1 - margin), margin=margin)]
    reasons = {"nan": 1} if status is MISSING else {}
    return make_line(
        f"validate_drp.{metric}", band, status=status, checks=checks, reasons=reasons, **more
    )


def report(release: str, *lines: Line, reference: str | None = None) -> RunReport:
    """Return a run with lines."""
    made = make_report(*lines, reference=reference)
    return replace(made, run=make_run(release=release))


def card(*reports: RunReport, **more) -> DatasetCard:
    """Return the only dataset of a page."""
    summaries = [
        RunSummary(run=one.run, reference=None, counts=one.counts, in_full=True) for one in reports
    ]
    given = {"unreadable": (), "problems": (), "today": TODAY}
    page = overview.page("Site", reports, summaries, **given | more)
    (found,) = page.view.cards
    return found


def test_levels() -> None:
    """Each level says its worst state, how many rows have it, and the row furthest out."""
    lines = [
        judged("PA1", "r", FAIL, 0.75),
        judged("PA1", "g", FAIL, 0.1),
        judged("AM1", "r", PASS, 0.3),
    ]
    design, minimum, _ = card(report("w_2021_34", *lines)).levels
    assert (design.status, design.count, design.detail) == (FAIL, "2 of 3", "PA1 r 75\u00a0% over")
    assert (minimum.status, minimum.detail) == (None, "")


def test_closest() -> None:
    """Where everything passes, the row nearest to its limit is named."""
    lines = [judged("PA1", "r", PASS, 0.5), judged("AM1", "g", PASS, 0.03)]
    found = card(report("w_2021_34", *lines))
    assert found.levels[0].detail == "closest: AM1 g 3.0\u00a0% inside"
    assert found.sentence == "All 2 measured rows (metric and band) pass at design level."


def test_differences() -> None:
    """Newly failing and fixed are those of the comparison with the reference, with their rows."""
    rows = [
        make_comparison_row(newly_failing=True),
        make_comparison_row("validate_drp.AM1", "g", fixed=True, change=-1.0),
        make_comparison_row("validate_drp.AM2", "g"),
    ]
    latest = report("w_2021_34", judged("PA1", "r", FAIL), reference="w_2021_30")
    found = card(latest, comparisons=[make_comparison(*rows)])
    newly, fixed, drifting = found.differences
    assert [(row.name, row.detail) for row in newly.rows] == [("PA1 r", "+1\u00a0mmag")]
    assert newly.rows[0].path == "runs/hsc-rc2/w_2021_34/#PA1-r"
    assert newly.path.endswith("compare/hsc-rc2/w_2021_30...w_2021_34/#newly-failing")
    assert [row.name for row in fixed.rows] == ["AM1 g"]
    assert drifting.count == 0
    assert found.failing[0].change.verdict == "regressed"


def test_many_differences() -> None:
    """Of very many rows some are named and the others counted."""
    rows = [
        make_comparison_row(f"validate_drp.M{n}", newly_failing=True, anchor=f"M{n}-r")
        for n in range(40)
    ]
    latest = report("w_2021_34", judged("PA1", "r", FAIL), reference="w_2021_30")
    newly = card(latest, comparisons=[make_comparison(*rows)]).differences[0]
    assert (len(newly.rows), newly.more, newly.count) == (12, 28, 40)


def test_sentence() -> None:
    """The first sentence says how many datasets fail and what is new."""
    latest = report("w_2021_34", judged("PA1", "r", FAIL), reference="w_2021_30")
    comparison = make_comparison(make_comparison_row(newly_failing=True))
    page = overview.page(
        "Site",
        [latest],
        [],
        unreadable=(),
        problems=(),
        today=TODAY,
        comparisons=[comparison],
    )
    assert page.description == (
        "The latest run fails requirements at design level in 1 of 1 dataset. Newly failing: PA1 r."
    )


def test_nothing_stored() -> None:
    """A site without results says what to do."""
    page = overview.page("Site", [], [], unreadable=(), problems=(), today=TODAY)
    assert page.description == (
        "No results are stored yet: say in reportgen.toml where they are, then run reportgen build."
    )
    assert page.view.cards == []


def test_matrix() -> None:
    """Metrics are ordered by what fails now; each strip has one state per run."""
    reports = [
        report("a", judged("AM1", "g", FAIL), judged("PA1", "r", PASS), judged("PA1", "g", PASS)),
        report("b", judged("AM1", "g", PASS), judged("PA1", "r", FAIL)),
        report("c", judged("AM1", "g", PASS), judged("PA1", "r", FAIL)),
    ]
    matrix = make_matrix(reports, 10)
    assert (matrix.bands, [row.metric for row in matrix.rows]) == (["g", "r"], ["PA1", "AM1"])
    gone, failing = matrix.rows[0].strips
    assert failing.states == [PASS, FAIL, FAIL]
    assert failing.title == "PA1 r: fail since b; in the runs before: 1 pass"
    assert failing.path == "runs/hsc-rc2/c/#validate_drp.PA1-r"
    assert (gone.status, gone.title) == (None, "PA1 g: not part of c")
    assert gone.path == "runs/hsc-rc2/a/#validate_drp.PA1-g"
    assert matrix.rows[1].strips[1] is None


def test_matrix_takes_the_worst_producer() -> None:
    """Of two producers of one metric and band, the worse one decides."""
    both = [judged("PA1", "r", FAIL, anchor="x"), judged("PA1", "r", PASS, anchor="y")]
    for lines in (both, both[::-1]):
        strip = make_matrix([report("a", *lines)], 10).rows[0].strips[0]
        assert (strip.status, strip.path) == (FAIL, "runs/hsc-rc2/a/#x")


def test_large_matrix() -> None:
    """A matrix is cut, and says how many metrics it leaves out and how many of them fail."""
    lines = [judged(f"M{n}", "r", FAIL if n < 5 else PASS) for n in range(20)]
    matrix = make_matrix([report("a", *lines)], 3)
    assert [row.metric for row in matrix.rows] == ["M0", "M1", "M2"]
    assert (matrix.more, matrix.more_failing) == (17, 2)


def test_no_requirement() -> None:
    """A dataset to which no requirement applies has no matrix and says so."""
    found = card(report("w_2021_34", make_line()))
    assert found.matrix is None
    assert found.sentence == "No requirement applies to what this run measured."


@pytest.mark.parametrize(
    ("days", "after", "said"),
    [
        (["2021-08-01", "2021-08-08", "2021-08-15", "2021-08-22"], None, ""),
        (["2021-06-01", "2021-06-08", "2021-06-15"], None, "no run for 78 days"),
        (["2021-08-01"], None, ""),
        (["2021-08-01"], 20, "no run for 31 days"),
        ([None, None], 1, ""),
    ],
)
def test_stale(days, after, said) -> None:
    """A dataset is stale after three of its usual intervals, or the days that are configured."""
    assert stale(days, TODAY, after).startswith(said)
    assert bool(stale(days, TODAY, after)) == bool(said)


def test_demonstration_says_so() -> None:
    """A generated dataset is marked."""
    made = replace(report("w_2021_34", judged("PA1", "r", PASS)), demonstration=True)
    assert card(made).demonstration
    assert card(replace(made, run=replace(made.run, key=make_key()))).demonstration
