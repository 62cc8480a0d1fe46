from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reportgen.analysis.judging.runs import RunTables, report_run
from reportgen.model.report import Counts, RunReport
from reportgen.model.runs import Run
from reportgen.store import Store
from tests.factories import make_bundle, make_key, make_row, make_specification
from tests.judged import plain_rules, tables_of


def tables(folder: Path, rows: list[dict[str, Any]], **bundle: Any) -> RunTables:
    """Store rows and return the tables of their run."""
    store = Store(folder)
    with store.writer() as writer:
        writer.add("test", make_bundle(measurements=rows, **bundle))
        writer.commit()
    store = Store(folder)
    return tables_of(store)


def lines(report: RunReport) -> list[tuple[Any, ...]]:
    """Return what the rows of a run say in short."""
    return [(line.metric, line.band, line.value, line.status) for line in report.lines]


def test_rows_join_members_and_the_worst_member_decides(tmp_path: Path) -> None:
    """A row is the median over tracts; one failing tract makes it fail and is named."""
    rows = [make_row(value=v, band="r", tract=t) for v, t in ((3.0, "1"), (4.0, "2"), (9.0, "3"))]
    report = report_run(tables(tmp_path, rows), None, plain_rules(make_specification()))
    (line,) = report.lines
    assert (line.value, line.low, line.high, line.measured, line.members) == (4.0, 3.0, 9.0, 3, 3)
    assert (line.status, line.worst_member) == ("fail", "tract 3")
    (check,) = line.checks
    assert (check.value, check.failed, check.judged) == (9.0, 1, 3)
    assert check.margin == pytest.approx(-0.8)


def test_counts_add_up_to_the_measurements(tmp_path: Path) -> None:
    """Each measurement counts once, by its worst requirement check at level design."""
    rows = [
        make_row(value=4.0),
        make_row(value=9.0, band="r"),
        make_row(value=None, band="y"),
        make_row("x.free", 1.0),
        make_row("x.target", 1.0),
    ]
    specs = (
        make_specification(),
        make_specification("validate_drp.PA1.minimum", level="minimum", threshold=8.0),
        make_specification("x.target.FY20", kind="release_target", level="FY20", threshold=0.1),
    )
    report = report_run(tables(tmp_path, rows), None, plain_rules(*specs))
    assert report.counts == Counts(passed=1, failed=1, not_measured=1, no_specification=2)
    assert report.counts.total == len(rows)


def test_worst_rows_come_first(tmp_path: Path) -> None:
    """Failing rows come first, the furthest out at the top; then missing, then passing."""
    rows = [make_row(value=v, band=b) for v, b in ((4.0, "g"), (6.0, "r"), (9.0, "i"), (None, "z"))]
    report = report_run(tables(tmp_path, rows), None, plain_rules(make_specification()))
    assert [band for _, band, _, _ in lines(report)] == ["i", "r", "z", "g"]


def test_what_only_the_reference_has_is_absent(tmp_path: Path) -> None:
    """A measurement of the reference run that is gone is listed without a value."""
    run = tables(tmp_path / "a", [make_row(value=4.0, band="r")])
    earlier = [make_row(value=4.0, band=band) for band in "ri"] + [make_row("x.v", 1.0, visit="7")]
    reference = tables(tmp_path / "b", earlier, run=make_key(release="w_2021_29"))
    report = report_run(run, reference, plain_rules(make_specification()))
    assert [(line.band, line.status, dict(line.reasons)) for line in report.lines] == [
        ("i", "not_measured", {"absent": 1}),
        ("r", "pass", {}),
    ]
    assert report.counts.not_measured == 1


def test_another_producer_does_not_make_a_metric_absent(tmp_path: Path) -> None:
    """A metric that another producer measures now is there."""
    run = tables(tmp_path / "a", [make_row(value=4.0, producer="analysis_tools")])
    reference = tables(tmp_path / "b", [make_row(producer="faro")], run=make_key(release="v1"))
    assert len(report_run(run, reference, plain_rules()).measurements) == 1


def test_alias_judges_by_the_canonical_metric(tmp_path: Path) -> None:
    """A metric under an alias is judged by the limits of the metric that it continues."""
    run = tables(tmp_path, [make_row("analysis_tools.stellarPhotRepeatStdev", 9.0)])
    report = report_run(
        run, None, plain_rules(make_specification(), canonical=lambda _: "validate_drp.PA1")
    )
    assert lines(report) == [("validate_drp.PA1", None, 9.0, "fail")]
    assert report.measurements["stored_metric"][0] == "analysis_tools.stellarPhotRepeatStdev"


def test_query_selects_by_the_metadata_of_the_job(tmp_path: Path) -> None:
    """A specification with a query applies only where every term is in the job's metadata."""
    spec = make_specification(metadata_query={"instrument": "HSC", "filter_name": "r"})
    one = tables(tmp_path / "a", [make_row()], meta={"instrument": "HSC", "filter_name": "r"})
    other = tables(tmp_path / "b", [make_row()], meta={"instrument": "HSC"})
    assert report_run(one, None, plain_rules(spec)).lines[0].status == "pass"
    assert report_run(other, None, plain_rules(spec)).lines[0].status is None


@pytest.mark.parametrize(
    ("query", "applies"),
    [
        ({"camera": "1"}, False),
        ({"camera": 1}, True),
        ({"nothing": None}, True),
        ({"missing": None}, False),
        ({"flag": 1}, True),
        ({"flag": "True"}, False),
        ({"ccds": [1, "2"]}, True),
    ],
)
def test_metadata_keep_their_types_in_the_store(tmp_path: Path, query: Any, applies: Any) -> None:
    """A query is compared as upstream does, with what the job said before it was stored."""
    meta = {"camera": 1, "nothing": None, "flag": True, "ccds": [1, "2"]}
    run = tables(tmp_path, [make_row()], meta=meta)
    report = report_run(run, None, plain_rules(make_specification(metadata_query=query)))
    assert report.lines[0].status == ("pass" if applies else None)


def test_unit_that_does_not_convert_is_a_problem_not_a_verdict(tmp_path: Path) -> None:
    """The page lists the metric whose unit fits no limit; its value is shown without verdict."""
    report = report_run(
        tables(tmp_path, [make_row(unit="deg")]), None, plain_rules(make_specification())
    )
    assert report.lines[0].status == "not_measured"
    assert report.problems[0].startswith("validate_drp.PA1: A value in 'deg'")


def test_anchors_are_unique(tmp_path: Path) -> None:
    """Metrics of two packages, two producers and odd names get anchors of their own."""
    rows = [make_row(), make_row("other.PA1"), make_row(producer="b"), make_row('x."<a>')]
    report = report_run(tables(tmp_path, rows), None, plain_rules())
    anchors = [line.anchor for line in report.lines]
    assert len(set(anchors)) == 4
    assert all(set(a) <= set(map(chr, range(33, 127))) - set("\"'<>&") for a in anchors)


def test_empty_run_gives_an_empty_report(tmp_path: Path) -> None:
    """A run without measurements has no rows and counts nothing."""
    report = report_run(tables(tmp_path, []), None, plain_rules(make_specification()))
    assert isinstance(report.run, Run)
    assert (list(report.lines), report.counts.total) == ([], 0)
    assert isinstance(report.checks, pd.DataFrame)
