from __future__ import annotations

import json

import pytest

from reportgen.model.bundle import JobBundle
from tests.sources.reading import read, read_one, values, write

DP2 = {
    "pattern": r"metrics/(?P<kind>.+?)(?:-(?P<band>[ugrizy])(?=[-.])(?P<rest>[-\w]*))?\.json$",
    "metric": "{kind}{rest}",
    "package": "dp2",
    "skymap": "lsst_cells_v1",
}


def test_real_maps(shared):
    """Each file of the DP2 data-quality page gives a value or a null for each of its tracts."""
    folder = shared / "data/real/dp2_data_quality/metrics"
    found = read(shared, "json-map", "data/real/dp2_data_quality/metrics", **DP2)
    assert len(found) == len(list(folder.glob("*.json"))) == 74
    for job in found[::10]:
        assert isinstance(job, JobBundle)
        stored = json.loads((folder / job.origin.rpartition("/")[2]).read_text())
        assert {row["tract"]: row["value"] for row in job.measurements} == stored
        assert all(
            (row["value"] is None) == (row.get("reason") == "null") for row in job.measurements
        )


def test_metric_and_band_from_the_path(tmp_path):
    """Metric and band are taken from named groups; one that did not match is empty."""
    for name in ("e1-g-low-median", "detected-peaks", "astrom-AA1-RA-r"):
        write(tmp_path / f"metrics/{name}.json", '{"2054": 1.5}')
    found = read(tmp_path, "json-map", "metrics", **DP2)
    assert [(one.measurements[0]["metric"], one.measurements[0].get("band")) for one in found] == [
        ("dp2.astrom-AA1-RA", "r"),
        ("dp2.detected-peaks", None),
        ("dp2.e1-low-median", "g"),
    ]


def test_other_keys(tmp_path):
    """The keys can be visits or detectors; some can be left out."""
    write(tmp_path / "a.json", '{"1": 2, "2": NaN, "all": 3, "4": "x"}')
    job = read_one(
        tmp_path, "json-map", "a.json", key="visit", metric="p.m", unit="mag", ignore=["all"]
    )
    assert [(row["visit"], row["value"], row.get("reason")) for row in job.measurements] == [
        ("1", 2.0, None),
        ("2", None, "nan"),
        ("4", None, "unreadable"),
    ]
    assert values(job).keys() == {"p.m"}
    assert job.measurements[0]["unit"] == "mag"


@pytest.mark.parametrize(
    ("content", "keys", "reason"),
    [
        ("[1]", {"metric": "p.m"}, "not an object of numbers"),
        ('{"S00": {"C10": 1.6}}', {"metric": "p.m"}, "not an object of numbers"),
        ('{"1": 2}', {}, "the metric is not known: `pattern` gives nothing for '{metric}'."),
        ('{"1": 2}', {"metric": "m"}, "the metric 'm' has no package"),
    ],
)
def test_not_a_map(tmp_path, content, keys, reason):
    """What is no object of numbers, or has no metric, is named."""
    write(tmp_path / "a.json", content)
    (found,) = read(tmp_path, "json-map", "a.json", **keys)
    assert found.reason.startswith(reason)
