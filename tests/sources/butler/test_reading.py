"""Values, bundles and data IDs out of repositories, found through the registry."""

from __future__ import annotations

import json

import pytest

from reportgen.config import SourceConfig
from reportgen.model.bundle import JobBundle
from reportgen.model.runs import RunKey
from reportgen.sources import read_jobs
from tests.sources.butler.pulls import FIRST, METRICS, TOP, Pulls, expected_values
from tests.sources.butler_repository import DETECTOR, SKYMAP, TRACT, TestRepository, metric_value


def test_every_value_arrives(large):
    """What was put in comes out, value by value; the second pull finds nothing new."""
    pulls = Pulls(large)
    assert len(pulls.pull()) == 2100
    assert pulls.values() == expected_values()
    assert pulls.pull() == []
    assert pulls.broken == []


def test_run_and_data_id(large):
    """Run, ticket and data ID come from registry and collection; the file's name says nothing."""
    pulls = Pulls(large, dataset_types=["metricvalue_validate_drp_PA1"])
    pulls.pull()
    origin = (
        f"repo/{TOP}/metricvalue_validate_drp_PA1?band=r&instrument=HSC&skymap={SKYMAP}&tract=9007"
    )
    job = pulls.jobs[origin]
    assert job.run == RunKey(dataset="RC2", release="w_2026_40", collection=TOP)
    assert job.ticket == "DM-99999"
    assert job.meta["run"] == FIRST
    assert job.date == job.meta["ingest_date"]
    (row,) = job.measurements
    assert {**row, "identifier": ""} == {
        "instrument": "HSC",
        "skymap": SKYMAP,
        "tract": "9007",
        "band": "r",
        "date": job.date,
        "metric": "validate_drp.PA1",
        "value": 1007.25,
        "unit": "mmag",
        "identifier": "",
    }


def test_where(large):
    """An expression of the Butler chooses data IDs."""
    pulls = Pulls(large, where=f"skymap = '{SKYMAP}' AND tract < 9003 AND band = 'i'")
    pulls.pull()
    assert pulls.values() == expected_values(METRICS, range(9000, 9003), bands="i")


def test_pattern(repository, tmp_path):
    """A pattern of one's own is searched in the name of the run, and wins."""
    run = repository.run("u/someone/test-7/PA")
    repository.ingest(repository.tract_values(["PA1"], run, [9000], bands="r"))
    keys = {"pattern": r"u/(?P<dataset>\w+)/test-(?P<release>\d+)", "collections": ["u/*"]}
    pulls = Pulls(tmp_path, **keys)
    (job,) = pulls.pull()
    assert job.run == RunKey(dataset="someone", release="7", collection="u/someone/test-7/PA")


def test_visit(repository, tmp_path):
    """What dimensions imply is joined: band and filter of a visit, its day and its time."""
    dataset_type = repository.dataset_type("metricvalue_info_nsrc", DETECTOR, "MetricValue")
    ref = repository.ref(
        dataset_type, repository.run(FIRST), {"instrument": "HSC", "visit": 1228, "detector": 45}
    )
    repository.ingest([(ref, metric_value("nsrc", 812, "count"))])
    (job,) = Pulls(tmp_path, collections=["HSC/*"]).pull()
    (row,) = job.measurements
    wanted = ("band", "physical_filter", "day_obs", "visit", "detector", "mjd", "metric", "value")
    assert {key: row[key] for key in wanted} == {
        "band": "r",
        "physical_filter": "HSC-R",
        "day_obs": "20210525",
        "visit": "1228",
        "detector": "45",
        "mjd": pytest.approx(59360.8333333, abs=1e-6),
        "metric": "info.nsrc",
        "value": 812.0,
    }


BUNDLE = {
    "stellarAstrometricRepeatability1": [
        {"metric": "g_AM1", "identifier": "a" * 32, "value": 3.82, "unit": "mas"},
        {"metric": "g_AF1", "identifier": "b" * 32, "value": None, "unit": "%"},
    ],
    "__metricNamePrefix": "",
    "__dataset_identifier": "HSC/RC2",
}


@pytest.mark.parametrize("stored", ["MetricMeasurementBundle", "StructuredDataDict"])
def test_bundles(repository, tmp_path, stored):
    """Bundles are read as JSON or YAML; the band is in the name of the metric."""
    run = repository.run(FIRST)
    dimensions = ("skymap", "tract")
    name = repository.dataset_type("matchedVisitCore_metrics", dimensions, stored)
    if stored == "StructuredDataDict":
        repository.butler.put(BUNDLE, name, skymap=SKYMAP, tract=9000, run=run)
    else:
        ref = repository.ref(name, run, {"skymap": SKYMAP, "tract": 9000})
        repository.ingest([(ref, json.dumps(BUNDLE))], suffix=".json")
    pulls = Pulls(tmp_path, collections=[run])
    pulls.pull()
    assert pulls.values() == {
        ("analysis_tools.AM1", "9000", "g"): 3.82,
        ("analysis_tools.AF1", "9000", "g"): None,
    }


def test_dataset_from_the_bundle(repository, tmp_path):
    """Where the collection does not tell the dataset, the identifier in the bundle does."""
    run = repository.run("u/someone/w_2026_40")
    name = repository.dataset_type("a_metrics", ("skymap", "tract"), "MetricMeasurementBundle")
    ref = repository.ref(name, run, {"skymap": SKYMAP, "tract": 9000})
    repository.ingest([(ref, json.dumps(BUNDLE))], suffix=".json")
    (job,) = Pulls(tmp_path, collections=[run]).pull()
    assert job.run.dataset == "HSC/RC2"


def test_artifacts_in_a_zip(repository, tmp_path):
    """Datasets that were packed into one zip file are read from inside of it."""
    run = repository.run(FIRST)
    contents = list(repository.tract_values(["PA1"], run, [9000, 9001]))
    repository.ingest(contents)
    packed = repository.butler.retrieve_artifacts_zip(
        [ref for ref, _ in contents], destination=str(tmp_path / "packed")
    )
    other = TestRepository(tmp_path / "other")
    other.run(FIRST)
    other.dataset_type("metricvalue_validate_drp_PA1", TRACT, "MetricValue")
    other.butler.ingest_zip(packed, transfer="copy")
    pulls = Pulls(tmp_path, collections=[run])
    pulls.config = pulls.config.model_copy(update={"location": "other"})
    pulls.pull()
    assert pulls.broken == []
    assert pulls.values() == expected_values(["PA1"], [9000, 9001])


def test_repository_of_upstream(shared):
    """A repository with an older schema, made by lsst.verify itself: all of its 15 values."""
    config = SourceConfig(
        name="b",
        type="butler",
        location="data/real/verify/metricvalue_repo1",
        root=shared,
        collections=["test*"],
        dataset="verify",
        release="v1",
    )
    jobs = [record for record in read_jobs(config) if isinstance(record, JobBundle)]
    found = {
        (row["metric"], row.get("visit"), row.get("detector")): (row["value"], row["unit"])
        for job in jobs
        for row in job.measurements
    }
    assert found == {
        ("verify.another", "12345", "12"): (3.0, "mas"),
        ("verify.anotherTaskMemory", "12345", "12"): (5.0, "Gbyte"),
        ("verify.anotherTaskMemory", "54321", "25"): (6.0, "Gbyte"),
        ("verify.anotherTime", "12345", "12"): (100.0, "ms"),
        ("verify.anotherTime", "54321", "25"): (200.0, "ms"),
        ("verify.instrumentTest", None, None): (2.0, ""),
        ("verify.other", "12345", "12"): (7.0, "ct"),
        ("verify.other", "54321", "25"): (8.0, "ct"),
        ("verify.testing", "12345", "12"): (12.0, ""),
        ("verify.testing", "54321", "12"): (5.0, ""),
        ("verify.testing", "54321", "25"): (42.0, ""),
        ("verify.testingMemory", "12345", "12"): (100.0, "Mbyte"),
        ("verify.testingMemory", "54321", "25"): (200.0, "Mbyte"),
        ("verify.testingTime", "12345", "12"): (18.0, "s"),
        ("verify.testingTime", "54321", "25"): (19.0, "s"),
    }
    assert {job.date for job in jobs} == {"2022-08-05T20:07:10Z"}
