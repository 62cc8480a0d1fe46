"""Pull 10,000 metric values from a Gen3 repository, compared with the values alone.

Makes a repository with two instruments and chained collections, pulls it with `reportgen`, pulls
again with nothing new and with 100 new values, and compares the store value by value. Naive is a
loop over `Butler.getURI` and `yaml.load`, which knows neither run nor date. Needs lsst-daf-butler.

    python -m benchmarks.pull_butler [VALUES]
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml
from lsst.daf.butler import Butler

from reportgen import pipeline
from reportgen.config import load_config
from reportgen.sources.documents import TaggedLoader
from reportgen.store import Store
from tests.sources.butler_repository import TestRepository, tract_value

TOP = "HSC/runs/RC2/w_2026_40/DM-99999"
RUN = f"{TOP}/20261005T010203Z"
METRICS = [f"PA{n}" for n in range(1, 11)]
BANDS = "grizy"
CONFIGURATION = """\
[[source]]
name = "RC2"
type = "butler"
location = "repo"
collections = ["HSC/runs/*"]
overlap = 0
"""


def main(values: int) -> None:
    """Make, pull and compare."""
    tracts = range(9000, 9000 + values // (len(METRICS) * len(BANDS)))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "reportgen.toml").write_text(CONFIGURATION)
        repository = TestRepository(root / "repo", tracts=len(tracts) + 2)
        run = repository.run(RUN)
        repository.ingest(repository.tract_values(METRICS, run, tracts, BANDS))
        repository.chain(TOP, [run])
        first = measure("first pull", root)
        again = measure("nothing new", root)
        more = range(tracts.stop, tracts.stop + 2)
        repository.ingest(repository.tract_values(METRICS, run, more, BANDS))
        measure("100 new values", root)
        compare(root, [*tracts, *more])
        print(f"nothing new / first pull: {again / first:.3f}")
        begin = time.process_time()
        count = naive(root)
        passed = time.process_time() - begin
        print(f"naive loop over {count} values: {passed:.1f} CPU s; first pull / naive:", end=" ")
        print(f"{first / passed:.2f}")


def measure(what: str, root: Path) -> float:
    """Pull in a process of its own; return its CPU seconds."""
    command = [sys.executable, "-m", "benchmarks.pull_butler", "--pull", str(root)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    said = json.loads(done.stdout)
    print(f"{what}: {said['cpu']:.1f} CPU s, {said['new']}, peak {said['peak']} MB", flush=True)
    if said["error"]:
        print(f"  ended by: {said['error']}")
    return float(said["cpu"])


def pull(root: Path) -> None:
    """Pull, and print what was new, the CPU seconds and the peak of memory."""
    (summary,) = pipeline.pull(load_config(root)).sources
    status = Path("/proc/self/status").read_text()
    said = {
        "new": f"{summary.new} new",
        "cpu": time.process_time(),
        "peak": int(status.partition("VmHWM:")[2].split()[0]) >> 10,
        "error": summary.error,
    }
    print(json.dumps(said))


def compare(root: Path, tracts: list[int]) -> None:
    """Compare the store with what was put in."""
    table = Store(root / "data/store").measurements(columns=["metric", "tract", "band", "value"])
    found = sorted((r["metric"], r["tract"], r["band"], r["value"]) for r in table.to_pylist())
    expected = sorted(
        (f"validate_drp.{metric}", str(tract), band, tract_value(metric, tract, band))
        for metric in METRICS
        for tract in tracts
        for band in BANDS
    )
    assert found == expected
    print(f"store equals what was put in: {len(found)} values")


def naive(root: Path) -> int:
    """Read all values with the Butler and PyYAML."""
    butler = Butler.from_config(str(root / "repo"), writeable=False)
    count = 0
    for metric in METRICS:
        name = f"metricvalue_validate_drp_{metric}"
        for ref in butler.query_datasets(name, collections=TOP, limit=None):
            count += "value" in yaml.load(butler.getURI(ref).read(), Loader=TaggedLoader)
    return count


if __name__ == "__main__":
    if sys.argv[1:2] == ["--pull"]:
        pull(Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 10_000)
