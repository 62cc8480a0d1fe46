"""Files that are cut or odd: right values or one clear line, and all else goes on."""

from __future__ import annotations

import datetime as dt
import gzip
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reportgen.model.bundle import JobBundle, Unreadable
from reportgen.model.runs import RunKey
from reportgen.sources import SOURCES, SourceType, read_jobs
from reportgen.sources.files import read_files
from tests.sources.reading import make_config, read, read_one, values, write

KEY = RunKey(dataset="d", release="w_2026_40")
TABLE = b"metric,value,unit\nPA1,5.0,mmag\nPA2,6.0,mmag\n"


def write_parquet(path, **columns):
    """Write a table of the metrics A and B."""
    pq.write_table(pa.table({"metric": ["A", "B"], "value": [1.0, 2.0], **columns}), path)


def test_a_packed_table_that_is_cut_off(tmp_path):
    """The table beside it counts, and the line says what is wrong."""
    write(tmp_path / "t/1.csv", gzip.compress(TABLE)[:-12])
    write(tmp_path / "t/2.csv", gzip.compress(TABLE))
    broken, whole = read(tmp_path, "table", "t/*.csv", package="p")
    assert isinstance(broken, Unreadable)
    assert (broken.origin, broken.reason[:18]) == ("t/1.csv", "damaged gzip data:")
    assert values(whole) == {"p.PA1": 5.0, "p.PA2": 6.0}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (TABLE.replace(b",", b";"), 'columns are metric;value;unit: add `delimiter = ";"`'),
        (TABLE.replace(b",", b"\t"), 'add `delimiter = "\\t"` to its source'),
        (b"metric,value,unit\n", "holds no result"),
        (TABLE.replace(b"metric", b'"metric'), "there is no column 'value'; the columns are "),
        (b"[" * 50_000, "there is no column 'value'; the columns are [[[["),
        (b"metric," + b",".join(b"c%d" % n for n in range(99)) + b"\n", "c18 and 80 more"),
    ],
)
def test_tables_that_are_something_else(tmp_path, content, reason):
    """One line that fits on a page, with what to do where that is clear."""
    write(tmp_path / "t.csv", content)
    (broken,) = read(tmp_path, "table", "t.csv", package="p")
    assert isinstance(broken, Unreadable)
    assert reason in broken.reason
    assert len(broken.reason) < 400
    assert broken.reason.isprintable()


def test_types_of_parquet(tmp_path):
    """Decimal numbers, texts as bytes, and times that no calendar holds."""
    write_parquet(
        tmp_path / "t.parquet",
        value=pa.array([Decimal("1.50"), None], pa.decimal128(10, 2)),
        metric=pa.array([b"A", "Bé".encode()], pa.binary()),
        date=pa.array([-(10**18), 0], pa.timestamp("us")),
    )
    job = read_one(tmp_path, "table", "t.parquet", package="p")
    assert values(job) == {"p.A": 1.5, "p.Bé": "null"}
    assert [row.get("date") for row in job.measurements] == [None, "1970-01-01T00:00:00"]


def test_columns_of_pandas(tmp_path):
    """Categories, an index, and columns of lists beside those that are read."""
    write_parquet(
        tmp_path / "t.parquet",
        metric=pa.array(["A", "B"]).dictionary_encode(),
        __index_level_0__=[3, 5],
        visits=[[1, 2], [3]],
        date=[dt.date(2026, 10, 1)] * 2,
    )
    job = read_one(tmp_path, "table", "t.parquet", package="p")
    assert values(job) == {"p.A": 1.0, "p.B": 2.0}
    assert {row["date"] for row in job.measurements} == {"2026-10-01"}


@pytest.mark.parametrize("error", [OverflowError, KeyError, RecursionError, TypeError])
def test_damage_that_no_parser_knows(tmp_path, monkeypatch, error):
    """It costs the one file, whatever a library makes of it."""

    def parse(file, sha256):
        if file.read() == b"odd":
            raise error("/a/path/that/nobody/should/see")
        yield JobBundle(run=KEY, origin=file.origin, sha256=sha256)

    def source(config, options, history):
        del options
        return read_files(config, history, parse, [".txt"])

    monkeypatch.setitem(SOURCES, "odd", SourceType(description="", read=source))
    write(tmp_path / "t/1.txt", "odd")
    write(tmp_path / "t/2.txt", "good")
    broken, whole = read_jobs(make_config(tmp_path, "odd", "t"))
    assert isinstance(broken, Unreadable)
    assert broken.reason == f"cannot be read: {error.__name__}"
    assert whole.origin == "t/2.txt"
