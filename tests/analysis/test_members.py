"""Members of a metric in one run: who they are, and which is worst."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reportgen.analysis.members import find_members
from reportgen.model.members import MemberTable, MetricInRun
from tests.analysis.comparison.cases import Cases, Rows
from tests.factories import make_row, make_specification


def members(folder: Path, rows: Rows, *specifications: Any) -> list[MetricInRun]:
    """Return the metrics with members of a run with these measurements."""
    return list(find_members(Cases(folder, {"v1": rows}, specifications).run("v1")))


def tracts(*values: float | None, **more: Any) -> list[dict[str, Any]]:
    """Return a measurement for each value, of the tracts from 1 on."""
    return [
        make_row(value=v, tract=str(at), **{"band": "g"} | more)
        for at, v in enumerate(values, start=1)
    ]


def order(table: MemberTable) -> list[str]:
    """Return the members as they are listed."""
    return table.members["label"].tolist()


def test_worst_first_by_the_limit(tmp_path: Path) -> None:
    """What fails leads, furthest out first; then what comes nearest; the missing last."""
    rows = tracts(4.0, 9.0, None, 4.9, 6.0)
    ((table,),) = (one.tables for one in members(tmp_path, rows, make_specification()))
    assert order(table) == ["tract 2", "tract 5", "tract 4", "tract 1", "tract 3"]
    assert table.members["status"].tolist() == ["fail", "fail", "pass", "pass", "not_measured"]
    assert table.members["inside"].tolist()[:4] == pytest.approx([-4.0, -1.0, 0.1, 1.0])


def test_a_lower_limit_turns_the_order(tmp_path: Path) -> None:
    """The smallest value is the worst where values must be large."""
    limit = make_specification(operator=">=", threshold=5.0)
    ((table,),) = (one.tables for one in members(tmp_path, tracts(4.0, 9.0, 6.0), limit))
    assert order(table) == ["tract 1", "tract 3", "tract 2"]


def test_units_of_value_and_limit_may_differ(tmp_path: Path) -> None:
    """Distances are in the unit of the limit, drawn limits in that of the values."""
    limit = make_specification(threshold=0.005, unit="mag")
    ((table,),) = (one.tables for one in members(tmp_path, tracts(4.0, 9.0), limit))
    assert table.members["inside"].tolist() == pytest.approx([-0.004, 0.001])
    assert [one.value for one in table.drawn] == pytest.approx([5.0])


def test_without_a_limit_the_furthest_from_the_median_leads(tmp_path: Path) -> None:
    """Of values that nothing judges, the unusual ones come first."""
    ((table,),) = (one.tables for one in members(tmp_path, tracts(5.0, 5.1, 5.2, -3.0, 7.0)))
    assert order(table)[:2] == ["tract 4", "tract 5"]
    assert table.limits == []
    assert table.members["status"].isna().all()


def test_a_range_is_judged_at_both_ends(tmp_path: Path) -> None:
    """With a limit on either side, the distance is that to the nearer one."""
    low = make_specification("validate_drp.PA1.low", operator=">=", threshold=1.0, level=None)
    high = make_specification("validate_drp.PA1.high", threshold=5.0, level=None)
    ((table,),) = (one.tables for one in members(tmp_path, tracts(3.0, 1.5, 0.2), low, high))
    assert order(table) == ["tract 3", "tract 2", "tract 1"]
    assert table.members["inside"].tolist() == pytest.approx([-0.8, 0.5, 2.0])


def test_the_level_that_decides_is_design(tmp_path: Path) -> None:
    """Other levels decide only where there is no limit at design."""
    minimum = make_specification("validate_drp.PA1.minimum", threshold=8.0, level="minimum")
    one, two = tmp_path / "one", tmp_path / "two"
    ((both,),) = (m.tables for m in members(one, tracts(6.0, 7.0), make_specification(), minimum))
    assert [check.level for check in both.limits] == ["design"]
    assert both.members["status"].tolist() == ["fail", "fail"]
    ((only,),) = (m.tables for m in members(two, tracts(6.0, 9.0), minimum))
    assert [check.level for check in only.limits] == ["minimum"]
    assert only.members["status"].tolist() == ["fail", "pass"]


def test_anchors_are_unique_and_stay_when_values_change(tmp_path: Path) -> None:
    """The id of a row follows from its band and data ID, not from its place in the table."""
    one, two = tmp_path / "one", tmp_path / "two"
    first = members(one, [*tracts(1.0, 2.0), *tracts(1.0, 2.0, band="r")])
    second = members(two, [*tracts(9.0, 2.0), *tracts(1.0, 7.0, band="r")])

    def ids(found: list[MetricInRun]) -> list[str]:
        return [name for t in found[0].tables for name in t.members.sort_index()["anchor"]]

    assert ids(first) == ["PA1-g-tract-1", "PA1-g-tract-2", "PA1-r-tract-1", "PA1-r-tract-2"]
    assert ids(first) == ids(second)


def test_a_member_that_was_stored_twice_has_two_rows(tmp_path: Path) -> None:
    """Nothing is dropped, and each row can be linked."""
    rows = [*tracts(1.0), *tracts(2.0)]
    ((table,),) = (one.tables for one in members(tmp_path, rows))
    assert sorted(table.members["anchor"]) == ["PA1-g-tract-1", "PA1-g-tract-1-2"]


def test_one_number_has_no_page_unless_it_has_extras(tmp_path: Path) -> None:
    """A page is made where there is more than one number, or something stored beside it."""
    plain, noted = make_row("x.plain", 1.0), make_row("x.noted", 1.0, notes='{"a": 1}')
    with_blob = make_row("x.blob", 1.0, blobs='["abc"]')
    found = members(tmp_path, [plain, noted, with_blob, *tracts(1.0, 2.0)])
    assert [one.metric for one in found] == ["validate_drp.PA1", "x.blob", "x.noted"]


def test_bands_and_producers_are_tables(tmp_path: Path) -> None:
    """Bands come in the order of their wavelengths, producers apart."""
    rows = [*tracts(1.0, band="i"), *tracts(1.0, band="u"), *tracts(2.0, band="i", producer="x")]
    (found,) = members(tmp_path, [*rows, *tracts(3.0, 4.0, band="g")])
    keys = [(table.line.band, table.line.producer) for table in found.tables]
    assert keys == [("u", "faro"), ("g", "faro"), ("i", "faro"), ("i", "x")]


def test_the_run_names_the_worst_members(tmp_path: Path) -> None:
    """A line of the run page knows some of those that fail, and those at the ends."""
    cases = Cases(tmp_path, {"v1": tracts(4.0, 9.0, 7.0, 6.0, 8.0, None)}, [make_specification()])
    (line,) = cases.run("v1").lines
    assert line.failing_members == ["tract 2", "tract 5", "tract 3"]
    assert (line.low_member, line.high_member) == ("tract 1", "tract 2")
    assert line.worst_member == "tract 2"
    assert line.detailed
