"""Pull 1,000,000 points from an InfluxDB that is started for it, with memory bounded.

Points are as Sasquatch writes them, 20 weeklies in two measurements, two metrics in each point.
Pulls, pulls again with nothing new, kills the server in the middle of a full pull and goes on, and
compares both stores value by value. Needs Debian's influxdb.

    python -m benchmarks.pull_influxdb [POINTS]
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks import meter
from reportgen.store import Store
from tests.sources.influx_server import Influx, influxdb

WEEK = 7 * 86_400 * 10**9
BEGIN = 1_728_000_000 * 10**9
WEEKS = 20
ACTIONS = ("stellarAstrometricRepeatability1", "stellarPhotometricRepeatability")
CONFIGURATION = """\
[[source]]
name = "Sasquatch"
type = "influxdb"
location = "{url}"
database = "lsst.dm"
"""


def lines(points: int) -> Iterator[str]:
    """Yield the points; the values are their numbers."""
    step = WEEK * WEEKS // points
    for n in range(points):
        time_ = BEGIN + n * step
        run = f"HSC/runs/RC2/w_2024_{1 + (time_ - BEGIN) // WEEK:02d}/DM-1/20241005T010203Z"
        yield (
            f"lsst.dm.{ACTIONS[n % 2]},dataset_tag=HSC/RC2,skymap=hsc_rings_v1,tract={n % 100}"
            f' g_m{n % 2}={n + 1},r_m{n % 2}={n + 1}.5,run="{run}",instrument="",'
            f'dataset_type="matchedVisitCore_metrics",id="{n}" {time_}'
        )


def main(points: int) -> None:
    """Write, pull, kill and compare."""
    with influxdb() as server, tempfile.TemporaryDirectory() as folder:
        server.query('CREATE DATABASE "lsst.dm"')
        server.write("lsst.dm", lines(points))
        whole, cut = Path(folder) / "whole", Path(folder) / "cut"
        for root in (whole, cut):
            root.mkdir()
            (root / "reportgen.toml").write_text(CONFIGURATION.format(url=server.url))
        first = meter.measure("first pull", whole)
        compare(whole, points)
        again = meter.measure("nothing new", whole)
        meter.compare("nothing new", again, "first pull", first)
        kill_in_the_middle(server, cut)
        compare(cut, points)


def kill_in_the_middle(server: Influx, root: Path) -> None:
    """Kill the pull, then the server under another pull, and pull once more."""
    with subprocess.Popen(meter.pull_command(root), stdout=subprocess.DEVNULL) as process:
        wait_for_commits(root, 1)
        process.kill()
    print(f"pull was killed after {stored(root)} values")
    commits = len(list((root / "data/store/pulls").glob("*.json")))

    def kill_server() -> None:
        wait_for_commits(root, commits + 1)
        server.server.kill()

    killer = threading.Thread(target=kill_server)
    killer.start()
    meter.measure("server killed under it", root)
    killer.join()
    print(f"so far {stored(root)} values")
    server.server.start()
    meter.measure("the rest", root)


def wait_for_commits(root: Path, count: int) -> None:
    """Wait until a pull has committed so often."""
    deadline = time.monotonic() + 600
    while len(list((root / "data/store/pulls").glob("*.json"))) < count:
        if time.monotonic() > deadline:
            raise SystemExit("the pull committed nothing")
        time.sleep(0.05)


def stored(root: Path) -> int:
    """Return the number of values in a store."""
    return Store(root / "data/store").measurements(columns=["value"]).num_rows


def compare(root: Path, points: int) -> None:
    """Compare a store with what was put in, value by value."""
    table = Store(root / "data/store").measurements(columns=["tract", "band", "value"])
    found = sorted(
        zip(
            table["value"].to_pylist(),
            table["band"].to_pylist(),
            table["tract"].to_pylist(),
            strict=True,
        )
    )
    expected = itertools.chain.from_iterable(
        ((n + 1.0, "g", str(n % 100)), (n + 1.5, "r", str(n % 100))) for n in range(points)
    )
    assert all(one == other for one, other in zip(found, expected, strict=True))
    assert np.isfinite(table["value"].to_numpy()).all()
    print(f"store equals what was put in: {len(found)} values", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1_000_000)
