"""Release targets on the page of a run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from reportgen.model.report import LevelCheck
from reportgen.model.status import Kind, Status
from reportgen.pages.notes import NoteBook
from reportgen.pages.run import page
from reportgen.pages.run_targets import target_table
from reportgen.render.environment import make_environment, page_template
from tests.factories import make_check
from tests.pages.test_requirements import ONE
from tests.pages.test_sharing import make_line, make_report

TEMPLATES = Path(__file__).parents[2] / "site_templates"


def target(name: str, spec: str, threshold: float, status: Status) -> LevelCheck:
    """Return a check against a release target."""
    value = None if status is Status.NOT_MEASURED else 6.5
    return replace(
        make_check(status, value=value),
        specification=f"validate_drp.PA1.{spec}",
        kind=Kind.RELEASE_TARGET,
        level=name,
        threshold=threshold,
    )


FAILS = replace(
    make_line("r", Status.FAIL),
    checks=(
        make_check(Status.FAIL),
        target("ORR", "ORR_gri", 5.0, Status.FAIL),
        target("FY18", "FY18_gri", 8.0, Status.PASS),
        target("FY18", "FY18_uzy", 6.0, Status.FAIL),
    ),
)
PASSES = replace(make_line("g", Status.PASS), checks=(target("FY17", "FY17", 8.0, Status.PASS),))
MISSING = replace(
    make_line("u", Status.NOT_MEASURED),
    checks=(target("FY17", "FY17", 8.0, Status.NOT_MEASURED),),
)


def test_one_row_for_all_targets_worst_first() -> None:
    """Years stand in order, then what is due at the end; limits of one name share a cell."""
    table = target_table([PASSES, make_line("z", None), MISSING, FAILS])
    assert table is not None
    assert table.names == ["FY17", "FY18", "ORR"]
    assert [row.band for row in table.rows] == ["r", "u", "g"]
    first = table.rows[0]
    assert first.cells[0] is None
    assert (first.cells[1].limit, first.cells[1].status) == (
        "≤\u00a08\u00a0mmag and ≤\u00a06\u00a0mmag",
        "fail",
    )
    assert first.cells[2].anchor == "PA1-r-ORR_gri"
    assert table.rows[1].reason == "nan"


def test_no_targets_no_table() -> None:
    """A requirement is no target."""
    assert target_table([make_line("r", Status.FAIL)]) is None


def test_page_links_each_target() -> None:
    """Row and cell can be linked to; the requirement of the row is not repeated among targets."""
    report = make_report(FAILS, PASSES)
    report = replace(report, run=replace(report.run, revisions=(ONE,)))
    made = page(report, {}, NoteBook(notes=[]), set())
    template = page_template(make_environment(TEMPLATES), made.template)
    html = template.render(view=made.view, root="")
    table = html.partition('id="table-targets"')[2].partition("</table>")[0]
    assert '<tr id="target-PA1-r">' in table
    assert '<td id="PA1-r-ORR_gri" class="rg-lv' in table
    assert "FY17" in table.partition("</thead>")[0]
    assert "validate_drp.PA1.design" not in table
