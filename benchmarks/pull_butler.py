"""Pull 10,000 metric values from a Gen3 repository, compared with the values alone.

Makes a repository with two instruments and chained collections, pulls it with `reportgen`, pulls
again with nothing new and with 100 new values, and compares the store value by value. Naive is a
loop over `Butler.getURI` and `yaml.load`, which knows neither run nor date. Needs lsst-daf-butler.

    python -m benchmarks.pull_butler [VALUES]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import yaml
from lsst.daf.butler import Butler

from benchmarks import meter
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
        first = meter.measure("first pull", root)
        again = meter.measure("nothing new", root)
        more = range(tracts.stop, tracts.stop + 2)
        repository.ingest(repository.tract_values(METRICS, run, more, BANDS))
        meter.measure("100 new values", root)
        compare(root, [*tracts, *more])
        meter.compare("nothing new", again, "first pull", first)
        code = "import sys\nfrom benchmarks import pull_butler\npull_butler.naive(sys.argv[1])"
        plain = meter.run_code("naive loop over all values", code, str(root / "repo"))
        meter.compare("first pull", first, "naive loop", plain)


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


def naive(repository: str) -> int:
    """Read all values with the Butler and PyYAML."""
    butler = Butler.from_config(repository, writeable=False)
    count = 0
    for metric in METRICS:
        name = f"metricvalue_validate_drp_{metric}"
        for ref in butler.query_datasets(name, collections=TOP, limit=None):
            count += "value" in yaml.load(butler.getURI(ref).read(), Loader=TaggedLoader)
    return count


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 10_000)
