from __future__ import annotations

import gzip
import json

import pandas as pd
import pytest

from reportgen.model.bundle import Unreadable
from reportgen.sources import rows as rows_module
from reportgen.sources import tabular
from tests.sources.reading import read, read_one, rows, values, write

LONG = "metric,value,unit,tract,comment\nPA1,7.5,mmag,9615,fine\nAF1,,%,9615.0,\nTE1,x,,9697,bad\n"


def test_columns_of_the_same_name(tmp_path):
    """Columns that are called as fields are need no mapping; notes keep others."""
    write(tmp_path / "a.csv", LONG)
    job = read_one(tmp_path, "table", "a.csv", package="p", notes=["comment"])
    assert job.measurements == [
        {
            "tract": "9615",
            "metric": "p.PA1",
            "value": 7.5,
            "unit": "mmag",
            "notes": '{"comment":"fine"}',
        },
        {"tract": "9615", "metric": "p.AF1", "value": None, "reason": "null", "unit": "%"},
        {
            "tract": "9697",
            "metric": "p.TE1",
            "value": None,
            "reason": "unreadable",
            "unit": "",
            "notes": '{"comment":"bad"}',
        },
    ]
    assert job.remarks == ("Row 4, column 'value': 'x' is not a number.",)


@pytest.mark.parametrize("name", ["a.csv.gz", "a.tsv", "a.tsv.gz", "b.txt"])
def test_kinds_of_text_tables(tmp_path, name):
    """Tabs, other delimiters and packed tables give the same."""
    delimiter = ";" if name == "b.txt" else "," if "csv" in name else "\t"
    content = b"\xef\xbb\xbf# a comment\n" + LONG.replace(",", delimiter).encode()
    write(tmp_path / name, gzip.compress(content) if name.endswith("gz") else content)
    keys = {"delimiter": ";"} if name == "b.txt" else {}
    job = read_one(tmp_path, "table", name, package="p", **keys)
    assert values(job) == {"p.PA1": 7.5, "p.AF1": "null", "p.TE1": "unreadable"}


def test_parquet(tmp_path):
    """A Parquet table keeps its numbers; integers that a gap made floats are integers again."""
    frame = pd.DataFrame(
        {
            "metric": ["PA1", "AF1", "TE1"],
            "value": [7.5, None, float("nan")],
            "unit": ["mmag", "%", None],
            "tract": [9615.0, None, 9697.0],
            "release": [24.0, 24.0, 25.0],
            "corners": [[1.0], [2.0], [3.0]],
        }
    )
    frame.to_parquet(tmp_path / "a.parquet")
    first, second = read(tmp_path, "table", "a.parquet", package="p", release=None)
    assert (first.run.release, second.run.release) == ("24", "25")
    assert first.measurements == [
        {"tract": "9615", "metric": "p.PA1", "value": 7.5, "unit": "mmag"},
        {"metric": "p.AF1", "value": None, "reason": "null", "unit": "%"},
    ]
    assert second.measurements == [
        {"tract": "9697", "metric": "p.TE1", "value": None, "reason": "null"}
    ]


def test_releases_stay_text(tmp_path):
    """A release is the text in its cell: 24, 24.0 and 24.10 are three."""
    write(
        tmp_path / "a.csv",
        "metric,value,release\n"
        + "".join(f"PA1,1,{release}\n" for release in ("24", "24.0", "24.10", "24")),
    )
    found = read(tmp_path, "table", "a.csv", package="p", release=None)
    assert [(one.run.release, len(one.measurements)) for one in found] == [
        ("24", 2),
        ("24.0", 1),
        ("24.10", 1),
    ]


def test_column_rules(tmp_path):
    """A field can name its column in full; a constant wins over a column of its name."""
    write(tmp_path / "a.csv", "metric,value,version,band\nPA1,1,w_2026_41,r\n")
    job = read_one(tmp_path, "table", "a.csv", package="p", release={"column": "version"}, band="i")
    assert job.run.release == "w_2026_41"
    assert job.measurements[0]["band"] == "i"


def test_rows_without_release(tmp_path):
    """A row that belongs to no run is named, and all others are read."""
    write(tmp_path / "a.csv", "metric,value,release\nPA1,1,23\nPA1,2,\n,3,23\n")
    one, two, job = read(
        tmp_path, "table", "a.csv", package="p", release=None, columns={"release": "release"}
    )
    assert (one.place, one.reason) == (
        "row 3",
        "release is not known: the column 'release' holds nothing.",
    )
    assert (two.place, two.reason) == (
        "row 4",
        "the row names no metric in column 'metric'; mend the row",
    )
    assert one.origin == two.origin == "a.csv"
    assert len(job.measurements) == 1


def test_ragged_rows(tmp_path):
    """A row with too few or too many cells cannot be trusted; a blank line is none."""
    text = 'metric,value,tract\nPA1,1\n\nPA1,2,9615,9\nPA1,"3\n",9615\nPA1,x,9615\n'
    write(tmp_path / "a.csv", text)
    *faults, job = read(tmp_path, "table", "a.csv", package="p")
    assert [(one.place, one.reason) for one in faults] == [
        ("line 2", "the row has 2 cells, the header 3; mend the row"),
        ("line 4", "the row has 4 cells, the header 3; mend the row"),
    ]
    assert [row["value"] for row in job.measurements] == [3.0, None]
    assert job.remarks == ("Row 7, column 'value': 'x' is not a number.",)


def test_many_faults_are_summed_up(tmp_path):
    """A table that is wrong throughout is not listed row by row."""
    write(tmp_path / "a.csv", "metric,value,tract\n" + "PA1,1\n" * 100)
    found = read(tmp_path, "table", "a.csv", package="p")
    assert len(found) == rows_module.MAX_FAULTS + 1
    assert found[-1].reason == "there are more rows that cannot be read"
    write(tmp_path / "b.csv", "metric,value\n" + "PA1,x\n" * 100)
    job = read_one(tmp_path, "table", "b.csv", package="p")
    assert len(job.remarks) == rows_module.MAX_REMARKS + 1


@pytest.mark.parametrize(
    ("text", "keys", "reason"),
    [
        ("", {}, "an empty table: there is no header"),
        ("a,b\n1,2\n", {}, "there is no column 'value'; the columns are a, b"),
        ("value,b\n1,2\n", {}, "there is no column 'metric'; the columns are value, b"),
        ("value,value\n1,2\n", {}, "two columns are named value"),
        (
            "metric,value\nPA1,2\n",
            {"columns": {"band": "Filter"}},
            "there is no column 'Filter'; the columns are metric, value",
        ),
        ("metric,value\nPA1,2\n", {"notes": ["who"]}, "there is no column 'who'"),
        ("x,y\n1,2\n", {"value_columns": ["z"]}, "there is no column 'z'"),
        (b"metric,value\nPA1,\xff\n", {}, "not text in UTF-8"),
        ("metric,value\nPA1," + "9" * 200_000 + "\n", {}, "not a table: field larger than"),
        (b"PAR1 not really", {}, "not a Parquet table"),
    ],
)
def test_tables_that_cannot_be_read(tmp_path, text, keys, reason):
    """A table without a column that is needed says which, and what it has."""
    write(tmp_path / "a.csv", text)
    (found,) = read(tmp_path, "table", "a.csv", **{"package": "p", **keys})
    assert isinstance(found, Unreadable)
    assert found.reason.startswith(reason)


def test_bare_names_need_a_package(tmp_path):
    """A bare metric without package cannot be placed; a full name can."""
    write(tmp_path / "a.csv", "metric,value\nPA1,1\nq.PA1,2\n")
    fault, job = read(tmp_path, "table", "a.csv")
    assert fault.reason.startswith("the metric 'PA1' has no package")
    assert values(job) == {"q.PA1": 2.0}


def test_one_metric_for_all(tmp_path):
    """A table of one metric can have its name, unit and band from path and configuration."""
    write(tmp_path / "dark_r.csv", "value,tract\n1.5,1\n-999,2\n")
    job = read_one(
        tmp_path,
        "table",
        "*.csv",
        pattern=r"(?P<kind>\w+)_(?P<band>.)\.csv",
        metric="p.{kind}Current",
        unit="adu",
        missing=["", "-999"],
    )
    assert job.measurements == [
        {"tract": "1", "band": "r", "metric": "p.darkCurrent", "value": 1.5, "unit": "adu"},
        {
            "tract": "2",
            "band": "r",
            "metric": "p.darkCurrent",
            "value": None,
            "reason": "null",
            "unit": "adu",
        },
    ]


def test_wide_table_of_science_metrics(tmp_path):
    """Without a stage a wide table has metrics only, named after their columns."""
    write(tmp_path / "a.csv", "tract,seeing,depth,VERIFY_X\n1,0.7,26.1,True\n")
    job = read_one(
        tmp_path,
        "table",
        "a.csv",
        package="p",
        value_columns=["seeing", "depth"],
        units={"seeing": "arcsec", "depth": "mag"},
    )
    assert [(row["metric"], row["value"], row["unit"]) for row in job.measurements] == [
        ("p.seeing", 0.7, "arcsec"),
        ("p.depth", 26.1, "mag"),
    ]
    assert job.tests == []


def test_verdicts_of_all_levels(tmp_path):
    """The level of a verdict is the finest dimension of its row; a word is no verdict."""
    text = (
        "instrument,exposure,detector,amplifier,MEAN,VERIFY_MEAN,SUCCESS\n"
        "LATISS,1,0,C10,1,true,1\n"
        "LATISS,1,0,,1,False,0\n"
        "LATISS,1,,,1,,True\n"
        "LATISS,,,,1,perhaps,TRUE\n"
    )
    write(tmp_path / "a.csv", text)
    job = read_one(tmp_path, "table", "a.csv", stage="bias", value_columns=["MEAN"], producer="x")
    assert [(row["level"], row["test"], row["passed"]) for row in job.tests] == [
        ("amplifier", "MEAN", True),
        ("amplifier", "SUCCESS", True),
        ("detector", "MEAN", False),
        ("detector", "SUCCESS", False),
        ("exposure", "SUCCESS", True),
        ("run", "SUCCESS", True),
    ]
    assert "producer" not in job.tests[0]
    assert job.measurements[0]["producer"] == "x"
    assert job.remarks == ("Row 5, column 'VERIFY_MEAN': 'perhaps' is neither true nor false.",)


def test_large_tables_come_in_parts(tmp_path, monkeypatch):
    """A table larger than what may be held comes as several jobs, and no row is lost."""
    monkeypatch.setattr(tabular, "BATCH_ROWS", 10)
    monkeypatch.setattr(rows_module, "PART_ROWS", 20)
    frame = pd.DataFrame(
        {"metric": ["PA1"] * 55, "value": range(55), "release": [24, 25] * 27 + [24]}
    )
    frame.to_parquet(tmp_path / "a.parquet")
    frame.to_csv(tmp_path / "a.csv", index=False)
    for name in ("a.parquet", "a.csv"):
        found = read(tmp_path, "table", name, package="p", release=None)
        assert [one.origin for one in found] == [
            f"{name}#hsc-rc2/24",
            f"{name}#hsc-rc2/25",
            f"{name}#hsc-rc2/24;part=2",
            f"{name}#hsc-rc2/25;part=2",
        ]
        stored = sorted(row["value"] for one in found for row in one.measurements)
        assert stored == [float(n) for n in range(55)]


def test_percent_and_identifier(tmp_path):
    """A percentage without unit is remarked on, and identifiers are kept."""
    write(tmp_path / "a.csv", "metric,value,unit,identifier\nAF1_design,5,,abc\n")
    job = read_one(tmp_path, "table", "a.csv", package="validate_drp")
    assert rows(job, "validate_drp.AF1_design")[0]["identifier"] == "abc"
    assert len(job.remarks) == 1


def test_pattern_wins_over_a_column_of_the_same_name(tmp_path):
    """The configuration wins over what a column happens to be called."""
    write(tmp_path / "w_2026_41.csv", "metric,value,release,tract\nPA1,1,old,7\n")
    job = read_one(
        tmp_path, "table", "*.csv", package="p", release=None, pattern=r"(?P<release>w_\d+_\d+)"
    )
    assert job.run.release == "w_2026_41"
    assert job.measurements[0]["tract"] == "7"
    assert json.loads(json.dumps(job.measurements[0]))["value"] == 1.0
