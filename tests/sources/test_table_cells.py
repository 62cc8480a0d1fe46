"""Cells, units and rows of tables that other tools write."""

from __future__ import annotations

import zipfile
from decimal import Decimal

import astropy.units as u
import pyarrow as pa
import pyarrow.parquet as pq
from astropy.table import QTable

from reportgen.model.bundle import JobBundle, Unreadable
from reportgen.store.reader import Store
from tests.sources.reading import read, read_one, values, write


def test_a_row_of_another_length_stays_listed(tmp_path):
    """Also once the good rows of its file are in the store."""
    write(tmp_path / "a.csv", "metric,value,unit\nPA1,7.5,mmag\nAM1,3.5\n")
    records = read(tmp_path, "table", "a.csv", package="p")
    (fault,) = (one for one in records if isinstance(one, Unreadable))
    with Store(tmp_path / "store").writer() as writer:
        for one in records:
            if isinstance(one, JobBundle):
                writer.add("test", one)
        writer.add_unreadable("test", fault)
        writer.commit()
    listed = [(one["origin"], one["place"]) for one in Store(tmp_path / "store").unreadable()]
    assert listed == [("a.csv", "line 3")]


def test_decimals_of_a_data_id(tmp_path):
    """A tract stored as a decimal number is that tract, and no tract where there is none."""
    tracts = pa.array([Decimal(9615), Decimal(9697), None], pa.decimal128(10, 0))
    pq.write_table(
        pa.table({"metric": ["PA1"] * 3, "tract": tracts, "value": [1.5, 2.5, 3.5]}),
        tmp_path / "a.parquet",
    )
    job = read_one(tmp_path, "table", "a.parquet", package="p")
    assert [row.get("tract") for row in job.measurements] == ["9615", "9697", None]


def test_units_of_quantities(tmp_path):
    """Columns of quantities keep the units that astropy wrote."""
    table = QTable({"tract": [9615], "AM1": [3.5] * u.mas, "PF1": [2.0] * u.percent})
    table.write(tmp_path / "a.parquet")
    job = read_one(tmp_path, "table", "a.parquet", package="p", value_columns=["AM1", "PF1"])
    assert [row["unit"] for row in job.measurements] == ["mas", "%"]


def test_bytes_in_a_dictionary(tmp_path):
    """Texts stored as bytes are read also where each stands once only."""
    cells = pa.array([b"1.5", b"1.5"]).dictionary_encode()
    pq.write_table(pa.table({"tract": [1, 2], "AM1": cells}), tmp_path / "a.parquet")
    job = read_one(tmp_path, "table", "a.parquet", package="p", value_columns=["AM1"])
    assert values(job) == {"p.AM1": 1.5}


def test_a_relative_archive_given_as_url(tmp_path, monkeypatch):
    """``file://`` at the end of a chain starts at the configuration, as everywhere else."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.csv", "metric,value\nPA1,7.5\n")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    job = read_one(tmp_path, "table", "zip://*.csv::file://a.zip", package="p")
    assert values(job) == {"p.PA1": 7.5}
