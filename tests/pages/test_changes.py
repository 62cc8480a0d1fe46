"""The change of each row of a run against its reference."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from reportgen.model.comparison import Comparison, Side, Verdict
from reportgen.model.report import Counts, Line, RunReport
from reportgen.pages.changes import against_reference, change_cells
from tests.factories import make_run
from tests.pages.comparison.comparisons import make_comparison, make_comparison_row


def make_line(metric: str = "validate_drp.PA1", band: str | None = "r", **more) -> Line:
    """Return a line without checks."""
    fields = {
        "producer": "faro",
        "anchor": f"{metric}-{band}",
        "unit": "mmag",
        "value": 6.0,
        "low": 6.0,
        "high": 6.0,
        "measured": 1,
        "members": 1,
        "worst_member": None,
        "reasons": {},
        "checks": (),
        "status": None,
    }
    return Line(metric=metric, band=band, **fields | more)


def make_report(*lines: Line, reference: str | None = "w_2021_30") -> RunReport:
    """Return a run of w_2021_34 with the reference that `make_comparison` has."""
    return RunReport(
        run=make_run(release="w_2021_34"),
        reference=make_run(release=reference) if reference else None,
        counts=Counts(),
        lines=lines,
        measurements=pd.DataFrame(),
        checks=pd.DataFrame(),
        jobs=(),
    )


def made(*rows) -> Comparison:
    """Return the comparison of the two runs."""
    return make_comparison(*rows)


def test_change_of_a_row() -> None:
    """Change and percentage have two digits, a sign and the unit; the verdict is the row's."""
    row = make_comparison_row(change=1.2345, relative=0.23456)
    cells = change_cells(make_report(make_line(), make_line(band="g")), made(row))
    assert list(cells) == ["validate_drp.PA1-r"]
    cell = cells["validate_drp.PA1-r"]
    assert (cell.text, cell.relative) == ("+1.2\u00a0mmag", "+23\u00a0%")
    assert (cell.verdict, cell.size) == (Verdict.REGRESSED, 0.23456)


def test_missing_change() -> None:
    """A row without a value on one side says so by its verdict, not by a number."""
    row = make_comparison_row(a=None, change=None, relative=None, verdict=Verdict.ADDED)
    cell = change_cells(make_report(make_line()), made(row))["validate_drp.PA1-r"]
    assert (cell.text, cell.relative, cell.size) == ("", "", None)


def test_comparison_with_the_reference() -> None:
    """Only the comparison of the whole run with its own reference counts."""
    report = make_report()
    whole = made()
    of_producers = replace(whole, b=Side(run=whole.b.run, producer="faro"))
    other = replace(whole, a=Side(run=make_run(release="w_2021_10")))
    assert against_reference(report, [other, whole]) is whole
    assert against_reference(report, [other, of_producers]) is None
    assert against_reference(make_report(reference=None), [whole]) is None
