"""Servers that go away, hang or refuse, and what is wrongly asked for."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
from datetime import UTC, datetime

import pytest

from reportgen.config import SourceConfig
from reportgen.errors import ConfigError, SourceError
from reportgen.model.bundle import JobBundle
from reportgen.sources import read_jobs
from reportgen.sources.influxdb import points as points_module
from reportgen.sources.influxdb import reading
from reportgen.sources.influxdb.client import Client
from reportgen.sources.retry import Patience
from tests.sources.influx_server import PASSWORD, USER, influxdb
from tests.sources.influxdb.pulls import MONDAY, Pulls, expected, sasquatch_line, weeks


@contextlib.contextmanager
def patience(monkeypatch, hook, tries=3):
    """Wait with ``hook`` in place of a pause."""
    patient = functools.partial(Client, patience=Patience(tries=tries, sleep=hook))
    with monkeypatch.context() as patch:
        patch.setattr(reading, "Client", patient)
        yield


def many(points):
    """Yield points of one week, one a second, with two fields each."""
    for n in range(points):
        yield sasquatch_line("a", MONDAY + n * 10**9, tract=str(n % 50), g_x=n, r_y=n + 0.5)


def by_second(rows):
    """Return the values with second and tract, sorted: a duplicate would show."""
    origin = datetime.fromtimestamp(MONDAY // 10**9, UTC)
    return sorted(
        ((datetime.fromisoformat(row["date"]) - origin).total_seconds(), row["tract"], row["value"])
        for row in rows
    )


def test_server_that_goes_away(monkeypatch):
    """A server killed in the middle of an answer: tries end, the next pull brings the rest.

    When it comes back while the pull waits, the pull goes on by itself.
    """
    points = 50_000  # more than what lies between server and client
    monkeypatch.setattr(points_module, "PART_ROWS", 10_000)
    with influxdb() as server:
        server.query("CREATE DATABASE big")
        server.write("big", many(points))
        pulls = Pulls(server, "big")
        with patience(monkeypatch, lambda _seconds: None):
            records = read_jobs(pulls.config)
            first = next(records)
            server.server.kill()
            with pytest.raises(SourceError, match=r"no answer: .* Pull again later") as caught:
                list(records)
        assert str(caught.value).startswith(server.url)
        assert isinstance(first, JobBundle)
        server.server.start()
        restarts = []

        def restart(_seconds):
            server.server.start()
            restarts.append(1)

        with patience(monkeypatch, restart):
            found = []
            for record in read_jobs(pulls.config):
                if isinstance(record, JobBundle):
                    found.append(record)
                    if len(found) == 1:
                        server.server.kill()
        assert restarts == [1]
        assert len({job.origin for job in found}) == len(found)
        assert by_second(row for job in found for row in job.measurements) == [
            (n, str(n % 50), n + shift) for n in range(points) for shift in (0.0, 0.5)
        ]


def test_server_that_hangs(monkeypatch):
    """A server that says nothing for longer than `timeout` is given up after some tries."""
    with influxdb() as server:
        server.query("CREATE DATABASE d")
        server.write("d", weeks(0, 1))
        pulls = Pulls(server, "d", timeout=0.3)
        pauses = []
        os.killpg(server.server.process.pid, signal.SIGSTOP)
        try:
            with (
                patience(monkeypatch, pauses.append),
                pytest.raises(SourceError, match="no answer: TimeoutError"),
            ):
                pulls.pull()
        finally:
            os.killpg(server.server.process.pid, signal.SIGCONT)
        assert len(pauses) == 2
        patient = Pulls(server, "d")
        patient.pull()
        assert patient.values() == expected(0, 1)


def test_credentials(monkeypatch):
    """User and password come from the environment, and no message shows them."""
    with influxdb(auth=True) as server:
        server.query("CREATE DATABASE d")
        server.write("d", weeks(0, 1))
        with pytest.raises(SourceError, match=r"refuses access\. Name the environment variables"):
            Pulls(server, "d").pull()
        pulls = Pulls(server, "d", user_env="METRICS_USER", password_env="METRICS_PASSWORD")
        with pytest.raises(SourceError, match="variable METRICS_PASSWORD is not set"):
            pulls.pull()
        monkeypatch.setenv("METRICS_USER", USER)
        monkeypatch.setenv("METRICS_PASSWORD", "wrong")
        with pytest.raises(SourceError) as caught:
            pulls.pull()
        assert str(caught.value) == (
            f"{server.url}: the server refuses access."
            " Check what METRICS_USER and METRICS_PASSWORD hold."
        )
        monkeypatch.setenv("METRICS_PASSWORD", PASSWORD)
        jobs = pulls.pull()
        assert pulls.values() == expected(0, 1)
        assert PASSWORD not in repr(jobs)
        monkeypatch.setenv("METRICS_TOKEN", "s3cret")
        with pytest.raises(SourceError, match=r"Check what METRICS_TOKEN hold\.|answers 401"):
            Pulls(server, "d", token_env="METRICS_TOKEN").pull()


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("influx.example.org:8086", "location: an address such as https://"),
        ("ftp://influx.example.org", "location: an address such as https://"),
        ("http://u:s3cret@127.0.0.1:1", "location: credentials do not belong here; use user_env"),
    ],
)
def test_wrong_location(location, message):
    """An address that cannot be used is refused before anything is sent, without its secrets."""
    config = SourceConfig(name="i", type="influxdb", location=location, database="d")
    with pytest.raises(SourceError, match=message) as caught:
        list(read_jobs(config))
    assert "s3cret" not in str(caught.value)


def test_unknown_database(server):
    """A database that does not exist is named by the server, with what to check."""
    with pytest.raises(SourceError, match=r"database not found: nope\. Check `database`"):
        Pulls(server, "nope").pull()


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({}, "database: Field required"),
        ({"database": "d", "window": 0}, "window = 0: Input should be greater than or equal to 1"),
        ({"database": "d", "zero": "none"}, "zero.*'missing' or 'value'"),
        ({"database": "d", "zero": {"AM1": "no"}}, "zero.*AM1 = 'no': Input should be 'missing'"),
        ({"database": "d", "layout": "x"}, "layout = 'x': Input should be 'auto', 'squash' or"),
        ({"database": "d", "password": "x"}, "password: unknown key; options of influxdb: datab"),
    ],
)
def test_wrong_options(keys, message):
    """Options are checked before anything is asked; key, value and choices are named."""
    config = SourceConfig(name="i", type="influxdb", location="http://127.0.0.1:1", **keys)
    with pytest.raises(ConfigError, match=message):
        read_jobs(config)
