"""One server for all tests, and an empty database for each."""

from __future__ import annotations

import pytest

from tests.sources.influx_server import influxdb
from tests.sources.influxdb.pulls import _numbers


@pytest.fixture(scope="session")
def server():
    """Return an InfluxDB that all tests of a process share; each has a database of its own."""
    with influxdb() as found:
        yield found


@pytest.fixture
def database(server):
    """Return the name of a new database."""
    name = f"test {next(_numbers)} 'x' \"y\""
    quoted = name.replace('"', '\\"')
    server.query(f'CREATE DATABASE "{quoted}"')
    return name
