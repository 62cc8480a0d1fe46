"""Files that are cut or odd: right values or one clear line, and all else goes on."""

from __future__ import annotations

import datetime as dt
import gzip
import re
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
    assert broken.reason == (f"cannot be read: {error.__name__}; is it a whole file of this type?")
    assert whole.origin == "t/2.txt"


GOOD = {
    "verify-json": '{"measurements": [{"metric": "a.B", "value": 1.0, "unit": "mag"}]}',
    "analysis-tools": '{"act": [{"metric": "g_AM1", "value": 1.0, "unit": "mag"}]}',
    "json-map": '{"9615": 1.0}',
    "metricvalue": "metric: a.B\nvalue: 1.0\nunit: mag\nidentifier: x\n",
    "cp-verify": "AMP:\n  C00:\n    MEAN: 1.0\nDET: {}\nVERIFY: {}\nSUCCESS: true\n",
    "table": "metric,value,unit\na.B,1.0,mag\n",
}
"""A small file of each kind."""
KEYS = {"json-map": {"metric": "a.B"}, "cp-verify": {"instrument": "LATISS", "detector": 0}}


NOTHING = {
    "verify-json": '{"measurements": []}',
    "analysis-tools": '{"act": []}',
    "json-map": "{}",
    "table": "metric,value,unit\n",
}
"""Files of the right shape in which nothing stands."""


def read_odd(folder, kind, content):
    """Return the one record of such a file."""
    keys = KEYS.get(kind, {}) | ({"stage": "bias", "level": "detector"} if "cp" in kind else {})
    write(folder / "x.dat", content)
    (record,) = read(folder, kind, "*.dat", **keys)
    return record


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize(
    "change",
    [
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: text.replace(b"1.0", b'"1.0"'),
        gzip.compress,
    ],
    ids=["mark", "windows", "texts", "gzip"],
)
def test_odd_files_that_are_read(tmp_path, kind, change):
    """Byte order marks, line ends of Windows, numbers as texts, packed files."""
    job = read_odd(tmp_path, kind, change(GOOD[kind].encode()))
    assert list(values(job).values()) == [1.0]


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda text: gzip.compress(text)[:-9], "damaged gzip data: .*; copy the file there again"),
        (lambda text: text.decode().encode("utf-16"), "not text in UTF-8; save the file in UTF-8"),
        (lambda _text: b"", "(the file is empty|an empty table: .*); write (it|the file) again"),
        (lambda _text: b"[]", ".*(is `type` right.|: name yours in `columns` of its source)"),
    ],
    ids=["cut", "utf-16", "empty", "list"],
)
def test_odd_files_that_are_listed(tmp_path, kind, change, reason):
    """What is wrong, and what to do."""
    broken = read_odd(tmp_path, kind, change(GOOD[kind].encode()))
    assert isinstance(broken, Unreadable)
    assert re.fullmatch(reason, broken.reason), broken.reason


@pytest.mark.parametrize(
    ("kind", "content", "place"),
    [
        ("json-map", '{"9615": 1.0, "9615": 2.0}', "key '9615'"),
        ("verify-json", '{"measurements": [{"metric": "a.B", "metric": "a.C"}]}', "key 'metric'"),
        ("cp-verify", "AMP:\n  C00: {MEAN: 1.0, MEAN: 2.0}\nSUCCESS: true\n", "line 2 column 8"),
    ],
)
def test_a_key_that_stands_twice(tmp_path, kind, content, place):
    """Neither of its values is dropped in silence."""
    broken = read_odd(tmp_path, kind, content)
    assert isinstance(broken, Unreadable)
    assert broken.place == place
    assert re.search("a key stands twice in one .*; mend the file", broken.reason)


@pytest.mark.parametrize("kind", GOOD)
def test_huge_integers(tmp_path, kind):
    """More digits than Python reads are no number, or one line without words about Python."""
    record = read_odd(tmp_path, kind, GOOD[kind].replace("1.0", "9" * 5000))
    if isinstance(record, Unreadable):
        assert record.reason.endswith("value has 5000 digits; mend the file, or write it again")
    else:
        assert {row["value"] for row in record.measurements} == {None}


def test_places_that_are_no_files(tmp_path):
    """A folder with the name of a file, a broken link, an error of the disk."""
    write(tmp_path / "t/a.csv", TABLE)
    (tmp_path / "t/folder.csv").mkdir()
    (tmp_path / "t/link.csv").symlink_to("nowhere")
    (tmp_path / "t/memory.csv").symlink_to("/proc/self/mem")  # opens, and cannot be read
    job, *broken = read(tmp_path, "table", "t/*.csv", package="p")
    assert isinstance(job, JobBundle)
    said = dict(str(one).split(": ", 1) for one in broken)
    assert list(said) == ["t/folder.csv", "t/link.csv", "t/memory.csv"]
    folder, link, memory = said.values()
    assert folder.startswith("is a folder that is called as a file; name what is in it")
    assert link.startswith("is a link to a file that does not exist; bring the file back")
    assert memory == "cannot be read: Input/output error; is it there, and may you read it?"


@pytest.mark.parametrize("kind", NOTHING)
def test_a_file_without_a_result_says_so(tmp_path, kind):
    """It is listed with its remedy, never a job of which no page could say anything."""
    record = read_odd(tmp_path, kind, NOTHING[kind])
    assert isinstance(record, Unreadable)
    assert record.reason == "holds no result; is it a whole file of this type?"
