"""Columns of tables: their units, capitals, lists and decimal commas."""

from __future__ import annotations

import gzip

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reportgen.errors import ConfigError
from reportgen.model.bundle import JobBundle, Unreadable
from tests.sources.reading import read, read_one, values, write

ECSV = """# %ECSV 1.0
# ---
# datatype:
# - {name: tract, datatype: int64}
# - {name: AM1, unit: mas, datatype: float64}
# - {name: N, datatype: int64}
# schema: astropy-2.0
tract AM1 N
9615 3.5 4
9697 "" 5
"""


def units_of(job: JobBundle) -> dict[str, str | None]:
    """Return the unit of each metric."""
    return {row["metric"]: row.get("unit") for row in job.measurements}


@pytest.mark.parametrize("name", ["a.ecsv", "a.csv", "a.ecsv.gz"])
def test_ecsv(tmp_path, name):
    """ECSV is known by its first line, and gives units and gaps of its columns."""
    content = ECSV.encode()
    write(tmp_path / "in" / name, gzip.compress(content) if name.endswith("gz") else content)
    job = read_one(tmp_path, "table", "in", package="p", value_columns=["AM1", "N"])
    assert units_of(job) == {"p.AM1": "mas", "p.N": None}
    found = [(row["tract"], row["value"]) for row in job.measurements]
    assert found == [("9615", 3.5), ("9615", 4), ("9697", None), ("9697", 5)]


def test_ecsv_of_one_metric(tmp_path):
    """The unit of the column of values is that of the measurements."""
    write(tmp_path / "a.ecsv", ECSV)
    keys = {"package": "p", "metric": "AM1", "columns": {"value": "AM1"}}
    assert units_of(read_one(tmp_path, "table", "a.ecsv", **keys)) == {"p.AM1": "mas"}


@pytest.mark.parametrize(
    "text", [ECSV[:60], ECSV + "1 2\n", ECSV.replace("float64", "!!python/name:os.system")]
)
def test_broken_ecsv(tmp_path, text):
    """A table that astropy refuses is listed as such."""
    write(tmp_path / "a.ecsv", text)
    (found,) = read(tmp_path, "table", "a.ecsv", package="p", value_columns=["AM1"])
    assert isinstance(found, Unreadable)
    assert "ECSV" in found.reason


@pytest.mark.parametrize(
    ("column", "metric", "unit"),
    [
        ("AM1 [mas]", "p.AM1", "mas"),
        ("AM1 (mas)", "p.AM1", "mas"),
        ("PF1 [%]", "p.PF1", "%"),
        ("AM1 (mean)", "p.AM1 (mean)", None),
        ("PA1 (g)", "p.PA1 (g)", None),
        ("NOISE (min)", "p.NOISE (min)", None),
    ],
)
def test_unit_in_the_name(tmp_path, column, metric, unit):
    """It is the unit where astropy knows it, and no word for a band or a minimum."""
    write(tmp_path / "a.csv", f"tract,{column}\n1,2.5\n")
    job = read_one(tmp_path, "table", "a.csv", package="p", value_columns=[column])
    assert units_of(job) == {metric: unit}


def test_unit_in_the_name_is_the_last_word(tmp_path):
    """A configured unit goes before it, and the column is found by its bare name too."""
    write(tmp_path / "a.csv", "tract,AM1 [mas],AM2 [mas]\n1,2.5,3.5\n")
    keys = {"package": "p", "value_columns": ["AM1", "AM2"], "units": {"AM1": "marcsec"}}
    job = read_one(tmp_path, "table", "a.csv", **keys)
    assert units_of(job) == {"p.AM1": "marcsec", "p.AM2": "mas"}


def test_other_capitals(tmp_path):
    """Columns are known in other capitals; the exact spelling wins."""
    write(tmp_path / "a.csv", "Metric,Band,Tract,tract,VISIT,Value\nPA1,r,1,2,3,7.5\n")
    (row,) = read_one(tmp_path, "table", "a.csv", package="p").measurements
    found = {key: row[key] for key in ("band", "tract", "visit", "value")}
    assert found == {"band": "r", "tract": "2", "visit": "3", "value": 7.5}


def test_columns_of_lists(tmp_path):
    """A column of lists is listed, and the others are read."""
    table = pa.table({"tract": [1], "AM1": [[1.5, 2.5]], "AM2": [3.5], "map": [{"a": 1}]})
    pq.write_table(table, tmp_path / "a.parquet")
    keys = {"package": "p", "value_columns": ["AM1", "AM2", "map"]}
    lists, mappings, job = read(tmp_path, "table", "a.parquet", **keys)
    assert (lists.origin, lists.place, mappings.place) == (
        "a.parquet", "column 'AM1'", "column 'map'",
    )  # fmt: skip
    assert "its cells hold lists" in lists.reason
    assert "store one value for each row" in lists.reason
    assert "its cells hold mappings" in mappings.reason
    assert values(job) == {"p.AM2": 3.5}


def test_nothing_but_lists(tmp_path):
    """A table whose values are lists says that, not that there is no such column."""
    pq.write_table(pa.table({"metric": ["PA1"], "value": [[1.0]]}), tmp_path / "a.parquet")
    (found,) = read(tmp_path, "table", "a.parquet", package="p")
    assert (found.place, found.reason) == (
        "column 'value'", "its cells hold lists; store one value for each row",
    )  # fmt: skip


def test_decimal_comma(tmp_path):
    """With the option 1,5 is a number, and 1.5 is none."""
    write(tmp_path / "a.csv", "metric;value\nPA1;1,5\nAM1;1.5\nAM2;1.234,5\n")
    job = read_one(tmp_path, "table", "a.csv", package="p", decimal=",")
    assert values(job) == {"p.PA1": 1.5, "p.AM1": "unreadable", "p.AM2": "unreadable"}


def test_decimal_comma_without_the_option(tmp_path):
    """The message names the option."""
    write(tmp_path / "a.csv", "metric;value\nPA1;1,5\n")
    job = read_one(tmp_path, "table", "a.csv", package="p", delimiter=";")
    assert 'add `decimal = ","` to its source' in job.remarks[0]


@pytest.mark.parametrize("keys", [{"decimal": ",", "delimiter": ","}, {"decimal": "x"}])
def test_decimal_in_the_configuration(tmp_path, keys):
    """A sign that cannot be meant is refused."""
    with pytest.raises(ConfigError, match="decimal"):
        read(tmp_path, "table", "a.csv", **keys)
