from __future__ import annotations

import datetime as dt
import hashlib
import json
import threading

import pytest
import sqlalchemy as sa

from reportgen.building.intake import Intake
from reportgen.building.pace import Pace
from reportgen.config import SourceConfig
from reportgen.errors import ConfigError, SourceError
from reportgen.model.bundle import Expected, JobBundle, Watermark
from reportgen.sources import read_jobs, validate
from reportgen.sources.retry import Patience
from reportgen.sources.sql import reading
from reportgen.sources.sql.database import Database
from reportgen.sources.sql.options import SqlOptions
from reportgen.store import Store
from tests import servers

BEGIN = dt.datetime.fromisoformat("2026-09-01T12:00")
BANDS = "ugrizy"


def rows(first: int, last: int) -> list[dict]:
    """Return results as a pipeline would insert them: one every ten minutes, two releases."""
    return [
        {
            "id": n,
            "metric": f"PA{n % 3 + 1}",
            "band": BANDS[n % 6],
            "tract": 9000 + n % 40,
            "value": None if n % 101 == 0 else n / 7,
            "unit": "mmag",
            "release": f"w_2026_{36 + n * 2 // 10_000}",
            "ingested": BEGIN + dt.timedelta(minutes=10 * n),
        }
        for n in range(first, last)
    ]


def fill(url: str, new: list[dict]) -> None:
    """Insert rows, into a new table at first."""
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    table = sa.Table(
        "results",
        sa.MetaData(),
        sa.Column("id", sa.BigInteger, primary_key=True),
        *(sa.Column(name, sa.String) for name in ("metric", "band", "unit", "release")),
        sa.Column("tract", sa.Integer),
        sa.Column("value", sa.Float),
        sa.Column("ingested", sa.DateTime),
    )
    with engine.begin() as connection:
        table.metadata.create_all(connection)
        connection.execute(table.insert(), new)


def expected(new: list[dict]) -> list[tuple]:
    """Return what the store has to hold of these rows."""
    return sorted(
        (
            f"validate_drp.{row['metric']}",
            row["band"],
            str(row["tract"]),
            row["release"],
            -1.0 if row["value"] is None else row["value"],
        )
        for row in new
    )


def stored(folder) -> list[tuple]:
    """Return what the store holds; a missing value is -1, its reason has to be ``null``."""
    found = []
    for row in Store(folder).measurements().to_pylist():
        assert (row["value"] is None) == (row["reason"] == "null")
        value = -1.0 if row["value"] is None else row["value"]
        release = row["run"].rpartition("/")[2]
        found.append((row["metric"], row["band"], row["tract"], release, value))
    return sorted(found)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path, monkeypatch):
    """Return the URL of an empty database; sources find it in the environment."""
    if request.param == "sqlite":
        found = f"sqlite:///{tmp_path / 'results.sqlite'}"
        monkeypatch.setenv("METRICS_DB", found)
        yield found
        return
    database = request.getfixturevalue("database")
    engine = sa.create_engine(database.url, poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("drop table if exists results"))
    monkeypatch.setenv("METRICS_DB", database.url)
    yield database.url


@pytest.fixture(scope="module")
def database():
    """Run one PostgreSQL for the tests of this module."""
    with servers.postgres() as found:
        yield found


def source(**options) -> SourceConfig:
    """Return the configuration of the table; an option that is None is left out."""
    given = {
        "url_env": "METRICS_DB",
        "table": "results",
        "watermark": "ingested",
        "dataset": "HSC RC2",
        "package": "validate_drp",
        **options,
    }
    given = {key: value for key, value in given.items() if value is not None}
    return SourceConfig(name="metrics db", type="sql", **given)


def pull(folder, config: SourceConfig, **how):
    """Pull once and return the summary."""
    with Store(folder).writer() as writer:
        summary, _ = Intake(writer=writer, rename=lambda job: job, **how).pull(config, {})
        writer.commit()
    return summary


def tree(folder) -> dict[str, str]:
    """Return every file of a store with its hash."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


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
