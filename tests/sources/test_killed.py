"""Pulls that are killed (SIGKILL) in the middle, and what the store holds when they have ended.

Those of Butler and InfluxDB stand with their servers.
"""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing

from reportgen.store import Store
from tests.sources import killed_pull
from tests.sources.reading import write
from tests.sources.test_squash import job, service

__all__ = ["service"]

MEASUREMENT = """!<lsst.verify.Measurement>
blobs: []
identifier: {n:032x}
metric: PA1
notes: {{}}
unit: mmag
value: {value!r}
"""


def pull_in_pieces(folder, source: str, *stops: int) -> list[int]:
    """Pull, killed after so many records each time, and at last to the end.

    Returns how many values the store held after each of them.
    """
    (folder / "reportgen.toml").write_text(f'[[source]]\nname = "s"\n{source}')
    held = []
    for stop in stops:
        assert killed_pull.start(folder, stop) == -signal.SIGKILL
        held.append(len(stored(folder)))
    assert killed_pull.start(folder) == 0
    assert killed_pull.start(folder) == 0
    return held


def stored(folder) -> list[tuple]:
    """Return all values with metric, tract and release; a duplicate would show."""
    store = Store(folder / "data/store")
    rows = store.measurements().to_pylist()
    found = [(r["metric"], r["tract"], r["run"].partition("/")[2], r["value"]) for r in rows]
    return sorted(found, key=str)


def test_metric_values(tmp_path):
    """Each file is a job of its own: what was committed stays, and every value is there once."""
    for n in range(60):
        week, tract = 36 + n // 20, 9000 + n % 20
        path = tmp_path / f"repo/w_2026_{week}/metricvalue_validate_drp_PA1/{tract}.yaml"
        write(path, MEASUREMENT.format(n=n, value=n / 7))
    source = (
        'type = "metricvalue"\nlocation = "repo"\ndataset = "d"\n'
        "pattern = '(?P<release>w_\\d+_\\d+)/.*/(?P<tract>\\d+)'\n"
    )
    held = pull_in_pieces(tmp_path, source, 25, 10, 50)
    expected = [
        ("validate_drp.PA1", str(9000 + n % 20), f"w_2026_{36 + n // 20}", n / 7) for n in range(60)
    ]
    assert stored(tmp_path) == sorted(expected, key=str)
    assert 0 < held[0] <= held[1] <= held[2] < 60


def test_rows_of_a_database(tmp_path):
    """A bucket counts as a whole or not at all, and none is there twice."""
    with closing(sqlite3.connect(tmp_path / "rows.sqlite")) as connection, connection:
        connection.execute("create table rows (id integer, metric, tract, value, release)")
        connection.executemany(
            "insert into rows values (?, 'PA1', ?, ?, ?)",
            [(n, 9000 + n, n / 7, f"w_2026_{36 + n // 200}") for n in range(600)],
        )
    source = (
        f'type = "sql"\nurl = "sqlite:///{tmp_path / "rows.sqlite"}"\ntable = "rows"\n'
        'watermark = "id"\nbucket = 50\ndataset = "d"\npackage = "validate_drp"\n'
    )
    held = pull_in_pieces(tmp_path, source, 4, 5)
    expected = [
        ("validate_drp.PA1", str(9000 + n), f"w_2026_{36 + n // 200}", n / 7) for n in range(600)
    ]
    assert stored(tmp_path) == sorted(expected, key=str)
    assert 0 < held[0] <= held[1] < 600
    assert all(count % 50 == 0 for count in held)


def test_jobs_of_squash(tmp_path, service):
    """The service is asked again from the job before the last that was committed."""
    source = (
        f'type = "squash"\nlocation = "{service.url}"\ntoken_env = "SQUASH_TOKEN"\n'
        'dataset = { meta = "ci_dataset" }\nrelease = { meta = "ci_label" }\n'
    )
    held = pull_in_pieces(tmp_path, source, 40, 110)
    expected = [
        (one["metric"], None, job(n)["meta"]["env"]["ci_label"], one["value"])
        for n in range(1, service.last + 1)
        for one in job(n)["measurements"]
    ]
    assert stored(tmp_path) == sorted(expected, key=str)
    assert 0 <= held[0] < held[1] < len(expected)
