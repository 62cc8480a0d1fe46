"""A configuration like the one in the documentation, over real files, from file to bundles."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest

from reportgen.config import load_config
from reportgen.model.bundle import JobBundle, Unreadable
from reportgen.model.measurements import BLOBS, MEASUREMENTS, TESTS
from reportgen.sources import read_jobs, validate

CONFIG = r"""
[[source]]
name = "squash"
type = "verify-json"
location = "archive/**/*.json"
dataset = "CFHT validation"
release = { meta = "ci_label" }

[[source]]
name = "characterization reports"
type = "table"
location = "data/releases/*.csv"
columns = { metric = "metric", band = "band", value = "value", unit = "unit", release = "value_release", producer = "dataset_or_producer" }
package = "validate_drp"
dataset = "HSC RC2"
missing = ["", "**", "No data"]

[[source]]
name = "LATISS verification"
type = "cp-verify"
location = "calib/*/*.yaml"
pattern = '(?P<stage>[a-z]+)(?P<level>Det|Exp|Run)/(?P<date>\d{4}-\d{2}-\d{2})'
instrument = "LATISS"
detector = 0
dataset = "LATISS calibrations"
release = "daily"

[[source]]
name = "faro"
type = "metricvalue"
location = "faro"
package = "validate_drp"
pattern = '_(?P<tract>\d+)(_(?P<patch>\d+))?_(?P<band>[a-z])\.yaml'
dataset = "ci_hsc"
release = "w_2021_34"
skymap = "discrete/ci_hsc"
"""  # noqa: E501 - as in the documentation


@pytest.fixture(scope="module")
def records(shared: Path, tmp_path_factory) -> dict[str, list]:
    """Return the records of each source of a report repository with real files."""
    root = tmp_path_factory.mktemp("report")
    real = shared / "data" / "real"
    job = json.loads((real / "squash-api/Cfht_output_r.json").read_text())
    job["meta"]["env"] = {"ci_label": "w_2018_31"}
    (root / "archive/2018").mkdir(parents=True)
    (root / "archive/2018/r.json").write_text(json.dumps(job))
    shutil.copy(real / "squash-api/verify_job_with_nan.json", root / "archive")
    shutil.copy(real / "squash-api/Cfht_output_r.json", root / "archive")
    (root / "data/releases").mkdir(parents=True)
    for path in real.glob("dmtr/DMTR-*_v[0-9]*.csv"):
        shutil.copy(path, root / "data/releases")
    shutil.copytree(real / "ci_cpp_gen3", root / "calib")
    shutil.copytree(real / "faro", root / "faro")
    (root / "reportgen.toml").write_text(CONFIG)
    config = load_config(root)
    for source in config.source:
        validate(source)
    return {source.name: list(read_jobs(source)) for source in config.source}


def bundles(records: list) -> list[JobBundle]:
    """Return the bundles among records."""
    return [one for one in records if isinstance(one, JobBundle)]


def test_runs(records):
    """Each source gives the runs that its configuration names."""
    found = {name: {one.run.id for one in bundles(some)} for name, some in records.items()}
    assert found == {
        "squash": {"cfht-validation/w_2018_31", "cfht-validation/unknown"},
        "characterization reports": {f"hsc-rc2/{number}" for number in range(17, 26)},
        "LATISS verification": {"latiss-calibrations/daily"},
        "faro": {"ci_hsc/w_2021_34"},
    }


def test_counts(records):
    """No measurement and no verdict is lost or doubled."""
    found = {
        name: (
            len(some),
            sum(len(one.measurements) for one in bundles(some)),
            sum(len(one.tests) for one in bundles(some)),
        )
        for name, some in records.items()
    }
    assert found == {
        "squash": (3, 60, 0),
        "characterization reports": (13, 801, 0),
        "LATISS verification": (46, 3422, 1642),
        "faro": (8, 8, 0),
    }


def test_job_without_release(records):
    """The job that does not say its release is named with file and field."""
    assert [one for one in records["squash"] if isinstance(one, Unreadable)] == [
        Unreadable(
            origin="archive/Cfht_output_r.json",
            reason=(
                "release is not known: its metadata have no key 'ci_label'"
                " (keys: dataset_repo_url, filter_name, instrument)."
            ),
            sha256=records["squash"][1].sha256,
        )
    ]


def test_values(records):
    """Some numbers, read by eye from the files."""
    found = {
        (one.run.release, row["metric"], row.get("band"), row.get("producer")): row["value"]
        for some in records.values()
        for one in bundles(some)
        for row in one.measurements
        if "amplifier" not in row
    }
    assert found["w_2018_31", "validate_drp.PA1", "r", None] == 16.72336186802337
    assert found["w_2018_31", "validate_drp.AM3", "r", None] is None
    assert found["17", "validate_drp.PA1", "r", "validation_data_hsc"] == 14.3
    assert found["25", "validate_drp.PA1", "g", "RC2"] == 6.7
    assert found["w_2021_34", "validate_drp.TE1", "i", None] == 0.0004407316609029412


def test_origins_are_relative(records):
    """No origin is absolute, and each job has its own."""
    origins = [one.origin for some in records.values() for one in some]
    assert not any(origin.startswith("/") for origin in origins)
    assert max(Counter(origins).values()) == 1


def test_rows_fit_the_tables(records):
    """Rows have the columns of the declared schemas and no others, and types that fit them."""
    for some in records.values():
        for one in bundles(some):
            for schema, rows in (
                (MEASUREMENTS, one.measurements),
                (TESTS, one.tests),
                (BLOBS, one.blobs),
            ):
                assert {key for row in rows for key in row} <= set(schema.names) - {"job"}
                table = pa.Table.from_pylist([{"job": "x", **row} for row in rows], schema=schema)
                table.validate(full=True)
