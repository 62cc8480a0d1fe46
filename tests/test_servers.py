from __future__ import annotations

import os

import psycopg
import pytest

from tests import servers


def test_a_server_is_killed_and_starts_again_on_its_data():
    """PostgreSQL asks for the password, loses connections when killed, and keeps its data."""
    with servers.postgres() as database:
        where = database.url.replace("+psycopg", "")
        with psycopg.connect(where) as connection:
            connection.execute("create table kept as select 7 as n")
            connection.commit()
            database.server.kill()
            with pytest.raises(psycopg.OperationalError):
                connection.execute("select 1")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(where)
        database.server.start()
        with psycopg.connect(where) as connection:
            assert connection.execute("select n from kept").fetchall() == [(7,)]
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(where.replace("s3cret", "guessed"))


@pytest.mark.skipif(not os.environ.get("CI"), reason="only CI promises servers")
@pytest.mark.parametrize(("name", "package"), [("postgres", "postgresql"), ("influxd", "influxdb")])
def test_ci_has_the_servers_that_tests_start(name, package):
    """Where CI runs, a missing server is a failure, not a skipped test."""
    assert servers.program(name, package)


def test_a_missing_server_fails_in_ci_and_is_skipped_elsewhere(monkeypatch):
    """What is missing is named with the package that brings it."""
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="apt-get install no-such-package"):
        servers.program("no-such-server", "no-such-package")
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception):
        servers.program("no-such-server", "no-such-package")
