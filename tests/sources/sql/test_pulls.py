"""Pulls from a database: everything once, in parts, late, and after a server was killed."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
import sqlalchemy as sa

from reportgen.building.pace import Pace
from reportgen.model.bundle import Expected, JobBundle
from reportgen.sources import read_jobs
from reportgen.sources.retry import Patience
from reportgen.sources.sql import reading
from reportgen.sources.sql.database import Database
from reportgen.sources.sql.options import SqlOptions
from reportgen.store import Store
from tests import servers
from tests.sources.sql.results import expected, fill, pull, rows, source, stored, tree


def test_every_value_arrives_once(url, tmp_path):
    """Each row is one measurement; a second pull finds what came since, a third nothing."""
    store = tmp_path / "store"
    fill(url, rows(0, 3000))
    first = pull(store, source())
    assert (first.error, first.measurements) == (None, 3000)
    assert stored(store) == expected(rows(0, 3000))
    fill(url, rows(3000, 4000))
    second = pull(store, source())
    assert second.error is None
    assert second.known <= 2  # the days before the last one
    assert stored(store) == expected(rows(0, 4000))
    before = tree(store)
    assert pull(store, source()).new == 0
    assert tree(store) == before


def test_late_arrivals_and_taken_back_rows(url, tmp_path):
    """A row that comes late into a day that was read is found, and nothing is doubled."""
    store = tmp_path / "store"
    on_time = [row for row in rows(0, 300) if row["id"] not in (200, 280)]
    fill(url, on_time)
    pull(store, source())
    fill(url, [row for row in rows(0, 300) if row["id"] == 280])
    pull(store, source())
    assert stored(store) == expected([row for row in rows(0, 300) if row["id"] != 200])
    fill(url, [row for row in rows(0, 300) if row["id"] == 200])
    pull(store, source(), full=True)
    assert stored(store) == expected(rows(0, 300))


def test_parts(url, tmp_path, monkeypatch):
    """A large day becomes several jobs; parts that are there no more are taken back."""
    monkeypatch.setattr(reading, "PART_ROWS", 40)
    monkeypatch.setattr("reportgen.sources.sql.database.BATCH_ROWS", 25)
    store = tmp_path / "store"
    fill(url, rows(0, 300))
    pull(store, source(bucket="month"))
    assert stored(store) == expected(rows(0, 300))
    assert any(";part=3" in origin for origin in Store(store).jobs()["origin"].to_pylist())
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("delete from results where id >= 100 and id < 250"))
    pull(store, source(bucket="month"))
    kept = [row for row in rows(0, 300) if not 100 <= row["id"] < 250]
    assert stored(store) == expected(kept)


@pytest.mark.parametrize(
    "options",
    [
        {"watermark": None},
        {"watermark": "id"},
        {"watermark": "id", "bucket": 500},
        {"bucket": "hour", "overlap": 0},
        {
            "table": None,
            "query": "select * from results where ingested >= :since order by ingested, id",
        },
        {
            "table": None,
            "watermark": "id",
            "start": 0,
            "query": "select * from results where id >= :since order by id",
        },
        {"table": None, "watermark": None, "query": "select * from results order by release"},
    ],
)
def test_ways_to_ask(url, tmp_path, options):
    """Tables and queries, times and keys, small and large buckets: each value arrives once."""
    store = tmp_path / "store"
    for last in (700, 1000):
        fill(url, rows(0 if last == 700 else 700, last))
        found = pull(store, source(**options))
        assert found.error is None
        assert stored(store) == expected(rows(0, last))
    assert pull(store, source(**options)).new == 0


def test_decimal_commas_and_other_capitals(url, tmp_path):
    """Columns of texts are read as those of a file are."""
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        for text in (
            'create table results ("Metric" varchar(9), "VALUE" varchar(9), "Release" varchar(9))',
            "insert into results values ('PA1', '1,5', 'w_2026_40'), ('PA2', '1.5', 'w_2026_40')",
        ):
            connection.execute(sa.text(text))
    assert pull(tmp_path / "store", source(watermark=None, decimal=",")).error is None
    rows = Store(tmp_path / "store").measurements().to_pylist()
    found = {row["metric"]: (row["value"], row["reason"]) for row in rows}
    assert found == {
        "validate_drp.PA1": (1.5, None),
        "validate_drp.PA2": (None, "unreadable"),
    }


def test_since(url, tmp_path):
    """--since leaves out earlier days, and the next pull brings them."""
    store = tmp_path / "store"
    fill(url, rows(0, 1000))
    day = dt.date(2026, 9, 5)
    pull(store, source(columns={"date": "ingested"}), since=day)
    late = [row for row in rows(0, 1000) if row["ingested"].date() >= day]
    assert stored(store) == expected(late)
    pull(store, source(columns={"date": "ingested"}))
    assert stored(store) == expected(rows(0, 1000))


def test_a_changed_configuration_moves_the_jobs(url, tmp_path):
    """After the dataset got its right name, its values are there and nowhere else."""
    store = tmp_path / "store"
    fill(url, rows(0, 500))
    pull(store, source(dataset="HSC"))
    pull(store, source())
    assert {run.dataset for run in Store(store).runs} == {"HSC RC2"}
    assert stored(store) == expected(rows(0, 500))


def test_server_killed_in_the_middle(tmp_path, monkeypatch):
    """One that comes back is waited for, one that stays away ends the pull; each value once."""
    monkeypatch.setattr(reading, "PATIENCE", Patience(tries=4, first=0.2))
    monkeypatch.setattr(reading, "PART_ROWS", 500)
    with servers.postgres() as database:
        monkeypatch.setenv("METRICS_DB", database.url)
        fill(database.url, rows(0, 40_000))
        store = tmp_path / "store"
        killed = []

        def kill(_name, n, _total):
            if n >= 20 and not killed:
                killed.append(n)
                database.server.kill()

        failed = pull(store, source(), progress=kill, pace=Pace())
        assert failed.error is not None
        assert database.password not in failed.error
        assert 0 < failed.measurements < 40_000
        assert stored(store) == expected(rows(0, failed.measurements))
        database.server.start()
        again = []

        def restart(_name, n, _total):
            if n >= 40 and not again:
                database.server.kill()
                again.append(threading.Thread(target=database.server.start))
                again[0].start()

        monkeypatch.setattr(reading, "PATIENCE", Patience(tries=300, first=0.2, longest=1.0))
        rest = pull(store, source(), progress=restart)
        again[0].join()
        assert rest.error is None
        assert failed.measurements + rest.measurements <= 40_000 + 144
        assert stored(store) == expected(rows(0, 40_000))


def test_rows_stay_on_the_server(database, monkeypatch):
    """While rows are read the server holds a cursor of which ten thousand are fetched at a time."""
    monkeypatch.setenv("METRICS_DB", database.url)
    engine = sa.create_engine(database.url, poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("drop table if exists results"))
    fill(database.url, rows(0, 25_000))
    options = SqlOptions(url_env="METRICS_DB", table="results", watermark="ingested")
    sizes = []
    with Database("metrics db", options).rows(None) as answer, engine.connect() as other:
        for batch in answer.batches:
            sizes.append(len(batch))
            running = other.execute(sa.text("select query from pg_stat_activity"))
            assert any("FETCH FORWARD" in (query or "") for (query,) in running)
    assert sizes == [10_000, 10_000, 5_000]


def test_an_estimate_comes_with_the_rows(url, monkeypatch):
    """A long pull says how many jobs there will be: rightly where the rows are spread evenly."""
    monkeypatch.setattr("reportgen.sources.sql.database.BATCH_ROWS", 500)
    fill(url, rows(0, 5_000))
    records = list(read_jobs(source()))
    jobs = sum(isinstance(record, JobBundle) for record in records)
    said = [record.results for record in records if isinstance(record, Expected)]
    assert len(said) == 10
    assert all(0.6 * jobs < results < 1.6 * jobs for results in said[2:])
