"""Empty databases: SQLite, and a PostgreSQL that runs."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests import servers


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


@pytest.fixture(scope="package")
def database():
    """Run one PostgreSQL for the tests of this folder."""
    with servers.postgres() as found:
        yield found
