"""A table of results in a database, and what a pull makes of it."""

from __future__ import annotations

import datetime as dt
import hashlib

import sqlalchemy as sa

from reportgen.building.intake import Intake
from reportgen.config import SourceConfig
from reportgen.store import Store

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
