"""The page of one metric in one run."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest

from reportgen.analysis.members import find_members
from reportgen.model.figures import StripsFigure
from reportgen.model.report import RunReport
from reportgen.model.status import Kind
from reportgen.pages import run, run_api, schemas, words
from reportgen.pages.members import api as members_api
from reportgen.pages.members import page as members
from reportgen.pages.members.words import limit_words, section_sentence, sentence
from reportgen.pages.notes import NoteBook
from reportgen.pages.run_rows import row_view
from reportgen.store import Store
from tests.analysis.comparison.cases import Cases, Rows
from tests.factories import make_bundle, make_check, make_row, make_specification
from tests.judged import report_of
from tests.pages.members.drawing import Drawing


def report(folder: Path, rows: Rows) -> RunReport:
    """Return a run with a design limit of 5 mmag on PA1."""
    return Cases(folder, {"v1": rows}, [make_specification()]).run("v1")


def no_blobs(_job: str, _identifier: str) -> None:
    """Say that no job stored extras."""


def tracts(n: int, missing: int = 0, band: str = "g", metric: str = "validate_drp.PA1") -> Rows:
    """Return a value for each of many tracts, rising from 0 to 10 mmag."""
    values = [10 * at / n for at in range(n)]
    return [
        make_row(metric, value=value, tract=str(at), band=band)
        for at, value in enumerate([*values, *[None] * missing])
    ]


def make_view(folder: Path, rows: Rows) -> members.MetricInRunView:
    """Return what the page of the first metric with members shows."""
    (found, *_) = find_members(report(folder, rows))
    view: members.MetricInRunView = members.page(found, Drawing(), no_blobs).view
    return view


def test_the_sentence_says_how_many_fail_and_which_is_worst(tmp_path: Path) -> None:
    """Ten seconds: how many fail what, the worst with band and value, what is missing."""
    rows = [*tracts(10, missing=2), *tracts(10, band="r")]
    (found,) = find_members(report(tmp_path, rows))
    assert sentence(found).replace("\u00a0", " ") == (
        "8 of 20 values fail design ≤ 5 mmag; worst tract 9 in g, 9 mmag."
        " 20 of 22 values measured. Missing: 2 NaN."
    )
    assert section_sentence(found.tables[0]).replace("\u00a0", " ") == (
        "Median 4.5 mmag, from 0 to 9; 10 of 12 values measured. 4 fail design ≤ 5 mmag:"
        " tract 9, 9 mmag; tract 8, 8 mmag; tract 7, 7 mmag; and 1 more. Not measured: 2 NaN."
    )


LSSTCAM = {"camera": "LSSTCam"}
HSC = {"camera": "HSC"}


@pytest.mark.parametrize(
    ("jobs", "said"),
    [
        (
            [(4.0, HSC), (13.0, LSSTCAM)],
            {
                "lead": "1 of 1 judged value keeps design ≤ 5 mmag; nearest to it tract 0 in r,"
                " 4 mmag. 1 value has no limit to be judged by.",
                "section": "1 of 1 judged keeps design ≤ 5 mmag;"
                " 1 value has no limit to be judged by.",
                "row": "median of 2 of 2; 1 of 2 judged, worst 4 mmag",
                "run": "The only measured row (metric and band) passes at design level."
                " 1 value of this row has no specification: PA1 in r.",
            },
        ),
        (
            [(1.0, LSSTCAM), (4.0, HSC), (7.0, HSC), (90.0, LSSTCAM)],
            {
                "lead": "1 of 2 judged values fails design ≤ 5 mmag; worst tract 2 in r, 7 mmag."
                " 2 values have no limit to be judged by.",
                "section": "1 fails design ≤ 5 mmag: tract 2, 7 mmag."
                " 2 values have no limit to be judged by.",
                "row": "median of 4 of 4; 2 of 4 judged, worst 7 mmag; 1 fails: tract 2",
                "run": "1 of 1 row (metric and band) fails at design level: PA1 in r."
                " 2 values of this row have no specification: PA1 in r.",
            },
        ),
    ],
)
def test_values_without_a_limit_keep_none(tmp_path: Path, jobs: Any, said: Any) -> None:
    """A limit says nothing of the jobs to which it does not apply, however good or bad."""
    with Store(tmp_path).writer() as writer:
        for at, (value, meta) in enumerate(jobs):
            rows = [make_row(value=value, band="r", tract=str(at))]
            writer.add("faro", make_bundle(f"{at}.json", measurements=rows, meta=meta))
        writer.commit()
    found = report_of(Store(tmp_path), make_specification(metadata_query=HSC))
    (one,) = find_members(found)
    (table,) = one.tables
    (line,) = found.lines
    texts = {
        "lead": sentence(one),
        "section": section_sentence(table),
        "row": row_view(line, found.run, {}, detailed=True).members,
        "run": words.run_sentence(found.lines),
    }
    shown = {place: text.replace("\u00a0", " ") for place, text in texts.items()}
    shown["section"] = shown["section"].partition("values measured. ")[2]
    assert shown == said
    statuses = table.members["status"].tolist()
    judged = len([one for one in statuses if one is not None])
    assert statuses[judged:] == [None] * (len(jobs) - judged)
    assert line.unjudged == len(jobs) - judged


@pytest.mark.parametrize(
    ("rows", "start"),
    [
        ([make_row(value=4.0, blobs='["a"]')], "4 mmag: keeps design ≤ 5 mmag."),
        ([make_row(value=6.0, blobs='["a"]')], "6 mmag: fails design ≤ 5 mmag."),
        (tracts(0, missing=3), "None of 3 values was measured. Missing: 3 NaN."),
        (tracts(4, metric="x.y"), "No limit applies. g: median 3.75 mmag, from 0 to 7.5."),
    ],
)
def test_sentences_of_odd_cases(tmp_path: Path, rows: Rows, start: str) -> None:
    """One value, none at all, and no limit are said plainly."""
    (found,) = find_members(report(tmp_path, rows))
    assert sentence(found).replace("\u00a0", " ") == start


def test_thousands_are_cut_with_the_count_said(tmp_path: Path) -> None:
    """The page lists the worst and says how many it does not list."""
    view = make_view(tmp_path, tracts(3000, missing=400))
    (section,) = view.sections
    assert section.rows[0].anchor == "PA1-g-tract-2999"
    assert (section.listed, section.measured) == (members.MOST_ROWS, 3000)
    assert (section.missing_listed, section.missing) == (members.MOST_MISSING, 400)
    assert section.more == 3400 - members.MOST_ROWS - members.MOST_MISSING
    assert len(section.rows) == members.MOST_ROWS + members.MOST_MISSING


def test_the_picture_holds_every_value(tmp_path: Path) -> None:
    """All measured members are in the figure, the limits too, the worst as named points."""
    drawing = Drawing()
    (found,) = find_members(report(tmp_path, [*tracts(3000), *tracts(20, band="r")]))
    members.page(found, drawing, no_blobs)
    (figure,) = drawing.requests
    assert isinstance(figure, StripsFigure)
    g, r = figure.strips
    assert (len(g.values), len(r.values), len(r.named)) == (3000, 20, 20)
    assert (g.named[0].name, g.named[0].link) == ("tract 2999", "#PA1-g-tract-2999")
    assert [(one.label, one.value) for one in figure.limits] == [("design", 5.0)]


def test_json_and_csv_hold_all_members(tmp_path: Path) -> None:
    """Nothing is cut in the files; ids are those of the page; the JSON fits its schema."""
    found = report(tmp_path, tracts(300, missing=20))
    rows = run_api.measurement_rows(found)
    made = list(members_api.documents(find_members(found), dict(enumerate(rows)), no_blobs))
    data, text = made[0].data, made[1].text
    schema = schemas.load("members.schema.json")
    jsonschema.Draft202012Validator(schema).validate(json.loads(json.dumps(data)))
    assert len(data["measurements"]) == 320
    first = data["measurements"][0]
    assert (first["anchor"], first["status"]) == ("PA1-g-tract-299", "fail")
    assert first["checks"][0]["threshold"] == 5.0
    lines = list(csv.DictReader(io.StringIO(text or "")))
    assert len(lines) == 320
    assert (lines[0]["tract"], lines[0]["status"], lines[0]["origin"]) == (
        "299", "fail", "hsc-rc2/v1",
    )  # fmt: skip
    assert "visit" not in lines[0]


def test_the_run_page_leads_to_the_members(tmp_path: Path) -> None:
    """A row with members states the aggregate, names the worst and links their page."""
    found = report(tmp_path, [*tracts(10, missing=2), make_row("x.one", 1.0)])
    view = run.page(found, {}, NoteBook(notes=[]), set()).view
    (row,) = view.rows
    assert row.detail == "runs/hsc-rc2/v1/validate_drp.PA1/#PA1-g"
    assert row.members == "median of 10 of 12, worst 9\u00a0mmag; 4 fail: tracts 9, 8, 7 and 1 more"
    (one,) = view.unjudged
    assert (one.detail, one.members) == (None, "")


def test_records_say_what_was_stored(tmp_path: Path) -> None:
    """Metric, value, unit and identifier stand as the file has them, with the file."""
    view = make_view(tmp_path, [make_row(value=4.123456789, identifier="abc", blobs='["a"]')])
    (record,) = view.records
    assert (record.metric, record.value, record.unit, record.identifier, record.origin) == (
        "validate_drp.PA1", "4.123456789", "mmag", "abc", "hsc-rc2/v1",
    )  # fmt: skip


def test_each_record_leads_to_a_job_that_is_listed(tmp_path: Path) -> None:
    """Of hundreds of jobs, one for each value, those of the records are listed, and others."""
    rows = tracts(150)  # the worst, whose records are shown, come last
    with Store(tmp_path).writer() as writer:
        for row in rows:
            writer.add("test", make_bundle(origin=f"{row['tract']:>03}.yaml", measurements=[row]))
        writer.commit()
    (found,) = find_members(report_of(Store(tmp_path), make_specification()))
    view: members.MetricInRunView = members.page(found, Drawing(), no_blobs).view
    assert len(view.records) == len(view.jobs) == 60
    assert (view.more_records, view.more_jobs) == (90, 90)
    assert {record.job for record in view.records} == {job.job for job in view.jobs}


def test_records_of_few_jobs_leave_room_for_others(tmp_path: Path) -> None:
    """A job with many records is listed beside jobs whose records are not."""
    worst = [row | {"value": 90.0} for row in tracts(80)]
    small = [make_row(value=1.0, tract=str(1000 + at), band="g") for at in range(70)]
    with Store(tmp_path).writer() as writer:
        writer.add("test", make_bundle(origin="z.json", measurements=worst))
        for at, row in enumerate(small):
            writer.add("test", make_bundle(origin=f"{at:03}.yaml", measurements=[row]))
        writer.commit()
    (found,) = find_members(report_of(Store(tmp_path), make_specification()))
    view: members.MetricInRunView = members.page(found, Drawing(), no_blobs).view
    assert {record.origin for record in view.records} == {"z.json"}
    assert [job.origin for job in view.jobs] == [*(f"{at:03}.yaml" for at in range(59)), "z.json"]
    assert view.more_jobs == 11


def test_absent_members_have_no_record(tmp_path: Path) -> None:
    """What only the reference has was not stored by this run."""
    cases = Cases(tmp_path, {"v1": tracts(4)}, [])
    first = cases.run("v1")
    gone = first.measurements.assign(reason="absent", value=float("nan"))
    (found,) = find_members(first)
    table = found.tables[0]
    table.members.loc[:, "reason"] = gone["reason"]
    assert members.page(found, Drawing(), no_blobs).view.records == []


def test_limits_of_one_kind_are_named_together() -> None:
    """What kind they are is said once, not before each of them."""
    levels = [("FY17", 30.0), ("FY18", 20.0)]
    targets = [
        make_check(kind=Kind.RELEASE_TARGET, level=level, threshold=at) for level, at in levels
    ]
    table = SimpleNamespace(limits=[*targets, make_check(), targets[0]])
    said = limit_words(table).replace("\u00a0", " ")
    assert said == "release targets FY17 ≤ 30 mmag, FY18 ≤ 20 mmag and design ≤ 5 mmag"
    said = limit_words(SimpleNamespace(limits=targets[:1])).replace("\u00a0", " ")
    assert said == "release target FY17 ≤ 30 mmag"
