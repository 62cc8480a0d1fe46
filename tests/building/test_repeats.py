"""Several values of one data ID: pages say so, and hide none."""

from __future__ import annotations

import json
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from reportgen import pipeline
from reportgen.config import load_config
from reportgen.model.report import MANY_MEMBERS
from tests.test_build import MKDOCS
from tests.test_stopping import run

CONFIG = """
[[source]]
name = "nightly"
type = "table"
location = "results/*.csv"
dataset = "Field"
columns.metric = "metric"
columns.value = "value"
columns.unit = "unit"
columns.release = "release"
columns.tract = "tract"
"""
HEAD = "metric,value,unit,release,tract\n"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a built report in which two files disagree on one tract of the last run."""
    root = tmp_path_factory.mktemp("repeats")
    (root / "reportgen.toml").write_text(CONFIG)
    (root / "mkdocs.yml").write_text(MKDOCS)
    (root / "results").mkdir()
    rows = "a.b,5,mmag,w_2026_02,1\na.b,4,mmag,w_2026_02,2\n"
    many = [f"a.d,{tract},mmag,w_2026_02,{tract}\n" for tract in range(1, MANY_MEMBERS + 10)]
    (root / "results" / "first.csv").write_text(
        f"{HEAD}a.b,5,mmag,w_2026_01,1\n{rows}" + "".join(many)
    )
    again = "a.b,0.009,mag,w_2026_02,1\na.b,4,mmag,w_2026_02,2\na.c,1,mmag,w_2026_02,1\n"
    again += many[0] + "a.d,8,mmag,w_2026_02,7\na.d,,mmag,w_2026_02,9\na.d,9,mmag,w_2026_02,8\n"
    (root / "results" / "second.csv").write_text(HEAD + again)
    pipeline.build(load_config(root), strict=True, today=date(2026, 11, 1))
    return root


def page(report: Path, address: str) -> str:
    """Return a page without the escapes of HTML."""
    return unescape((report / "site" / address / "index.html").read_text())


SAID = (
    "2 values of one data ID (tract 1): 5 mmag (results/first.csv#field/w_2026_02),"
    " 9 mmag (results/second.csv#field/w_2026_02)"
)


def document(report: Path, address: str) -> dict[str, Any]:
    """Return a document of the site."""
    found: dict[str, Any] = json.loads((report / f"site/api/v1/{address}.json").read_text())
    return found


def test_the_row_of_the_run_names_values_and_files(report: Path) -> None:
    """Equal values repeat nothing; the row of another metric says nothing of it."""
    text = page(report, "runs/field/w_2026_02")
    assert text.count("values of one data ID (tract 1)") == 1
    assert SAID in " ".join(text.replace("\u00a0", " ").split())
    assert "values of one data ID" not in page(report, "runs/field/w_2026_01")


def test_the_metric_names_values_and_files_below_its_state(report: Path) -> None:
    """Names of files have the width of the page, and may be broken after their parts."""
    text = page(report, "metrics/a.b")
    (shown,) = [line for line in text.splitlines() if "values of one data ID (" in line]
    assert shown.strip().startswith("<li>2 values of one data ID")
    assert "results/<wbr>first.csv" in shown


def test_members_and_their_median_are_in_one_unit(report: Path) -> None:
    """A value in mag counts as the mmag that it is, in the row and on the page of the members."""
    assert ">4.5\u00a0mmag<" in page(report, "runs/field/w_2026_02")
    members = page(report, "runs/field/w_2026_02/a.b")
    assert "9\u00a0mmag" in members
    assert ">0.009" not in members


def test_nothing_is_lost(report: Path) -> None:
    """The JSON of the run has each value that was stored."""
    data = document(report, "runs/field/w_2026_02")
    found = [m["value"] for m in data["measurements"] if m["metric"] == "a.b"]
    assert sorted(found) == [0.009, 4, 4, 5]


def test_the_history_says_in_which_run(report: Path) -> None:
    """The page of the metric names the run, its JSON the number of data IDs."""
    assert "contradict each other, and the table has their median: w_2026_02." in page(
        report, "metrics/a.b"
    )
    assert "contradict each other" not in page(report, "metrics/a.c")
    (series, *_) = json.loads(
        (report / "site" / "api" / "v1" / "metrics" / "a.b.json").read_text()
    )["series"]
    assert [point.get("repeated") for point in series["points"]] == [None, 1]
    assert [(point["value"], point["n"], point["of"]) for point in series["points"]] == [
        (5, 1, 1),
        (4.5, 4, 4),
    ]


def test_the_history_of_many_members_says_it_too(report: Path) -> None:
    """Two of 59 tracts disagree: one of the others is stored twice as it was, one lacks a value."""
    assert "the table has their median: w_2026_02." in page(report, "metrics/a.d")
    data = document(report, "metrics/a.d")
    (series,) = data["series"]
    assert [point.get("repeated") for point in series["points"]] == [None, 2]


def test_explain_says_it(report: Path) -> None:
    """In words and in JSON."""
    told = run(report, "explain", "a.b", "w_2026_02")
    assert SAID in told.stdout.replace("\u00a0", " ")
    (one,) = json.loads(run(report, "explain", "a.b", "w_2026_02", "--json").stdout)
    assert [text.replace("\u00a0", " ") for text in one["repeats"]] == [SAID]
