"""What a later pull asks again, also after one that died."""

from __future__ import annotations

import json
import signal
import time
from datetime import date

from reportgen.store import Store
from tests.sources import killed_pull
from tests.sources.influxdb.pulls import DAY, Pulls, expected, sasquatch_line, weeks


def test_later_pulls(server, database):
    """A later pull reads from where the last one ended, and some weeks before; old jobs stay."""
    server.write(database, weeks(0, 20))
    pulls = Pulls(server, database, overlap=14)
    pulls.pull()
    assert pulls.values() == expected(0, 20)
    whole = len(pulls.jobs)
    assert pulls.pull() == []
    assert 0 < pulls.known < whole / 2
    server.write(database, weeks(20, 22))
    assert pulls.pull()
    assert pulls.values() == expected(0, 22)


def test_late_points(server, database):
    """A point that comes late, within the overlap, makes its job a new state of the same job."""
    lines = list(weeks(0, 4))
    server.write(database, [line for n, line in enumerate(lines) if n != 20])
    pulls = Pulls(server, database)
    pulls.pull()
    origins = set(pulls.jobs)
    server.write(database, [lines[20]])
    (job,) = pulls.pull()
    assert job.origin in origins
    assert pulls.values() == expected(0, 4)


def test_points_that_are_dated_far_back(server, database):
    """Points far before the overlap are noticed by the count, also if the pull for them dies."""
    lines = list(weeks(0, 40))
    late = (20, 120, 200)
    server.write(database, [line for n, line in enumerate(lines) if n not in late])
    pulls = Pulls(server, database, overlap=7)
    pulls.pull()
    server.write(database, [lines[n] for n in late])
    assert len(pulls.pull(stop=2)) == 1
    assert len(pulls.pull()) == 2
    assert pulls.values() == expected(0, 40)
    whole = pulls.known
    assert pulls.pull() == []
    assert pulls.known < whole / 4


def test_point_in_the_future(server, database):
    """A point that claims to be of the year 2100 hides none that come before it."""
    now = int(time.time()) * 10**9
    server.write(database, [sasquatch_line("a", now - 10 * DAY, g_x=1)])
    server.write(database, [sasquatch_line("a", 4_102_444_800 * 10**9, g_x=2)])
    pulls = Pulls(server, database)
    pulls.pull()
    server.write(database, [sasquatch_line("a", now - 5 * DAY, g_x=3)])
    pulls.pull()
    assert sorted(row["value"] for row in pulls.rows()) == [1.0, 2.0, 3.0]


def test_start_and_since(server, database):
    """Nothing is read before the day of `start`, or of `--since`, which moves no watermark."""
    server.write(database, weeks(0, 10))
    pulls = Pulls(server, database)
    pulls.pull(since=date(2024, 11, 21))
    first = min(row["date"] for row in pulls.rows())
    assert first == "2024-11-21T00:00:00Z"
    pulls.pull()
    assert pulls.values() == expected(0, 10)
    pulls = Pulls(server, database, start=date(2024, 11, 21))
    pulls.pull()
    assert min(row["date"] for row in pulls.rows()) == first


def test_pull_that_dies(server, database):
    """After a pull that ended anywhere the next ones bring the rest, once."""
    server.write(database, [*weeks(0, 10, "a"), *weeks(0, 10, "b")])
    pulls = Pulls(server, database, overlap=0)
    for stop in (3, 5, 7, None):
        pulls.pull(stop=stop)
    single = expected(0, 10)
    renamed = [
        (f"analysis_tools.{action}_{metric.partition('.')[2]}", *rest)
        for action in "ab"
        for metric, *rest in single
    ]
    assert pulls.values() == sorted(renamed)


def test_pull_that_is_killed(server, database, tmp_path):
    """A process that is killed loses one window at most; the store holds each value once."""
    server.write(database, weeks(0, 30))
    (tmp_path / "reportgen.toml").write_text(
        f'[[source]]\nname = "i"\ntype = "influxdb"\nlocation = "{server.url}"\n'
        f"database = {json.dumps(database)}\noverlap = 14\n"
    )

    def stored():
        rows = Store(tmp_path / "data/store").measurements().to_pylist()
        return sorted((r["metric"], r["band"], r["tract"], r["date"], r["value"]) for r in rows)

    whole = expected(0, 30)
    before = 0
    for stop in (20, 10):
        assert killed_pull.start(tmp_path, stop) == -signal.SIGKILL
        assert before < len(stored()) < len(whole)
        assert set(stored()) < set(whole)
        before = len(stored())
    assert killed_pull.start(tmp_path) == 0
    assert stored() == whole


def test_an_estimate_comes_with_the_windows(server, database):
    """After each window it is said how many jobs there will be; the last one knows."""
    server.write(database, weeks(0, 20))
    pulls = Pulls(server, database)
    jobs = len(pulls.pull())
    assert len(pulls.expected) >= 15
    assert all(0.6 * jobs <= results <= 1.5 * jobs for results in pulls.expected)
    assert pulls.expected[-1] == jobs
