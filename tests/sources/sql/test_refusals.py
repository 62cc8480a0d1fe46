"""What a database cannot give: said in one line, and nothing secret in it."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from reportgen.errors import ConfigError, SourceError
from reportgen.model.bundle import JobBundle, Watermark
from reportgen.sources import read_jobs, validate
from reportgen.sources.retry import Patience
from reportgen.sources.sql import reading
from reportgen.store import Store
from tests import servers
from tests.sources.sql.results import expected, fill, pull, rows, source, stored


def test_no_credential_in_errors(database, tmp_path, monkeypatch):
    """A refused password ends at once, is named, and never shown."""
    pauses: list[float] = []
    monkeypatch.setattr(reading, "PATIENCE", Patience(sleep=pauses.append))
    monkeypatch.setenv("METRICS_DB", database.url.replace("s3cret", "gue55ed"))
    refused = pull(tmp_path / "store", source())
    assert "password authentication failed" in (refused.error or "")
    assert "Check METRICS_DB" in (refused.error or "")
    assert "gue55ed" not in (refused.error or "")
    assert pauses == []
    for url, problem in (
        ("gibberish s3cret", "not a URL of a database"),
        ("nothing+driver://u:s3cret@h/d", "s3cret"),
        ("sqlite:////nowhere/at/all.sqlite", "unable to open"),
        ("", "METRICS_DB is not set"),
    ):
        monkeypatch.setenv("METRICS_DB", url)
        error = pull(tmp_path / "store", source()).error or ""
        assert "s3cret" not in error
        assert problem in error or problem == "s3cret"
    assert pauses == []


def test_database_that_is_not_there_is_asked_again(monkeypatch):
    """A refused connection may pass: it is tried five times with growing pauses."""
    pauses: list[float] = []
    monkeypatch.setattr(reading, "PATIENCE", Patience(sleep=pauses.append))
    monkeypatch.setenv("METRICS_DB", f"postgresql+psycopg://u:s3@127.0.0.1:{servers.free_port()}/d")
    with pytest.raises(SourceError, match="Is the database running"):
        list(read_jobs(source()))
    assert len(pauses) == 4


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"url_env": None, "url": "postgresql://u:hush@h/d"}, "holds a password"),
        ({"url_env": None, "url": "mysql://h/d?password=hush"}, "holds a password"),
        ({"url_env": None}, "either `url` or `url_env`"),
        ({"query": "select 1"}, "either `table` or `query`"),
        ({"table": None, "query": "select 1"}, "needs `where ingested >= :since`"),
        (
            {"table": None, "watermark": None, "query": "select :since"},
            "name its column with `watermark`",
        ),
    ],
)
def test_configurations_that_cannot_be_used(options, problem):
    """Each says what to do, and shows no password."""
    with pytest.raises(ConfigError) as error:
        validate(source(**options))
    assert problem in str(error.value)
    assert "hush" not in str(error.value)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"table": "gone"}, "gone"),
        ({"watermark": "gone"}, "gone"),
        ({"watermark": "metric"}, "'metric'"),
        ({"columns": {"value": "gone"}}, "no column 'gone'"),
        ({"table": None, "watermark": None, "query": "selec *"}, "selec"),
        (
            {
                "table": None,
                "query": "select * from results where ingested >= :since order by ingested desc",
            },
            "order by ingested",
        ),
    ],
)
def test_questions_that_make_no_sense(url, tmp_path, monkeypatch, options, problem):
    """What is wrong is named at once: table, column, syntax, order."""
    pauses: list[float] = []
    monkeypatch.setattr(reading, "PATIENCE", Patience(sleep=pauses.append))
    fill(url, rows(0, 1000))
    error = pull(tmp_path / "store", source(**options)).error or ""
    assert error.startswith("metrics db: ")
    assert problem in error
    assert pauses == []


def test_rows_that_cannot_be_placed(url, tmp_path):
    """A row without release or metric is listed with its bucket, the others count."""
    fill(url, rows(0, 10))
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("update results set release = null where id = 3"))
    pull(tmp_path / "store", source())
    (listed,) = Store(tmp_path / "store").unreadable()
    assert listed["origin"] == "sql://metrics-db/2026-09-01"
    assert listed["place"] == "row 4"
    assert (
        "'release' holds nothing" in listed["reason"] or "release is not known" in listed["reason"]
    )
    assert stored(tmp_path / "store") == expected([r for r in rows(0, 10) if r["id"] != 3])


def test_types_of_postgresql(database, monkeypatch):
    """Numeric, uuid, boolean and times with zone arrive as what they are."""
    monkeypatch.setenv("METRICS_DB", database.url)
    engine = sa.create_engine(database.url, poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("drop table if exists results"))
        connection.execute(
            sa.text(
                "create table results as select 'PA1' as metric, 1.25::numeric as value,"
                " 'mmag' as unit, 'w_2026_36' as release,"
                " '6ecd8c99-4036-403d-bf84-cf8400f67836'::uuid as identifier,"
                " '2026-09-02 01:00:00+02'::timestamptz as ingested"
            )
        )
    job, mark, *_ = read_jobs(source())
    assert isinstance(job, JobBundle)
    assert job.measurements[0]["value"] == 1.25
    assert job.measurements[0]["identifier"] == "6ecd8c99-4036-403d-bf84-cf8400f67836"
    assert job.origin == "sql://metrics-db/2026-09-01#hsc-rc2/w_2026_36"
    assert mark == Watermark(value={"time": "2026-08-31T00:00:00+00:00"})
    assert json.dumps(mark.value)
