"""Butler repositories that the tests make, and one of upstream's, read through the registry."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import sqlite3
import sys
from collections import Counter

import pytest

if importlib.util.find_spec("lsst") is None and not os.environ.get("CI"):
    pytest.skip("lsst-daf-butler is not installed (400 MB)", allow_module_level=True)

from astropy.table import Table

from reportgen.config import SourceConfig
from reportgen.errors import ConfigError, MissingDependencyError, SourceError
from reportgen.model.bundle import Expected, JobBundle, Known, Unreadable, Watermark
from reportgen.model.runs import RunKey
from reportgen.sources import read_jobs
from reportgen.sources.butler import repository as repository_module
from reportgen.sources.retry import Patience
from reportgen.store import Store
from tests.sources import killed_pull
from tests.sources.butler_repository import (
    DETECTOR,
    FIRST_EXPOSURE,
    SKYMAP,
    TRACT,
    TestRepository,
    metric_value,
    tract_value,
)

TOP = "HSC/runs/RC2/w_2026_40/DM-99999"
FIRST, SECOND = f"{TOP}/20261005T010203Z", f"{TOP}/20261006T040506Z"
CALIBRATION = "LATISS/calib/DM-12345/verifyBias.20210525a/20210526T101112Z"
METRICS = ("PA1", "PA2", "PA3", "PA4", "PA5", "PA6", "PA7")
TRACTS = range(9000, 9100)


@pytest.fixture(scope="session")
def large(tmp_path_factory):
    """Return the folder of a repository with 2,100 values, which no test changes."""
    root = tmp_path_factory.mktemp("large")
    repository = TestRepository(root / "repo", tracts=len(TRACTS))
    run = repository.run(FIRST)
    repository.ingest(repository.tract_values(METRICS, run, TRACTS))
    repository.chain(TOP, [run])
    return root


@pytest.fixture
def repository(tmp_path):
    """Return a small repository to write to; it is called ``repo``."""
    return TestRepository(tmp_path / "repo")


class Pulls:
    """Pulls from one repository, one after the other, as the store would keep them."""

    def __init__(self, root, **keys):
        given = {"collections": [TOP], **keys}
        self.config = SourceConfig(name="b", type="butler", location="repo", root=root, **given)
        self.jobs = {}
        self.watermark = None
        self.broken = []

    def pull(self, *, stop=None):
        """Pull, and return the new jobs; ``stop`` ends it after so many jobs, as a crash would."""
        known = {(job.origin, job.sha256) for job in self.jobs.values()}
        pending, new = [], []
        self.broken = []
        for record in read_jobs(self.config, known, watermark=self.watermark):
            if isinstance(record, JobBundle):
                pending.append(record)
            elif isinstance(record, Unreadable):
                self.broken.append(record)
            elif isinstance(record, Watermark):
                self.watermark = json.loads(json.dumps(record.value))
                self.jobs.update({job.origin: job for job in pending})
                new, pending = new + pending, []
            else:
                assert isinstance(record, Known | Expected)
            if stop is not None and len(new) + len(pending) >= stop:
                break
        return new

    def values(self):
        """Return the values of all jobs by metric, tract and band."""
        return {
            (row["metric"], row.get("tract"), row.get("band")): row["value"]
            for job in self.jobs.values()
            for row in job.measurements
        }


@pytest.fixture
def artifacts(monkeypatch):
    """Return how often each artifact was fetched."""
    counts: Counter[str] = Counter()
    fetch = repository_module._fetch

    def count(uri):
        counts[str(uri)] += 1
        return fetch(uri)

    monkeypatch.setattr(repository_module, "_fetch", count)
    return counts


@pytest.fixture
def listed(monkeypatch):
    """Return the UUIDs that the registry named."""
    found: list[str] = []
    make = repository_module._dataset

    def note(*args):
        dataset = make(*args)
        found.append(dataset.uuid)
        return dataset

    monkeypatch.setattr(repository_module, "_dataset", note)
    return found


def expected_values(metrics=METRICS, tracts=TRACTS, bands="gri", shift=0.0):
    """Return the values that `TestRepository.tract_values` puts in."""
    return {
        (f"validate_drp.{metric}", str(tract), band): tract_value(metric, tract, band) + shift
        for metric in metrics
        for tract in tracts
        for band in bands
    }


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


def test_no_artifact_is_read_twice(repository, tmp_path, artifacts, listed):
    """The second pull asks for what came since, and fetches just that."""
    run = repository.run(FIRST)
    repository.chain(TOP, [run])
    repository.ingest(repository.tract_values(["PA1"], run, range(9000, 9010)))
    pulls = Pulls(tmp_path, overlap=0)
    assert len(pulls.pull()) == 30
    listed.clear()
    repository.ingest(repository.tract_values(["PA2"], run, range(9000, 9005)))
    assert len(pulls.pull()) == 15
    assert len(listed) == 15
    assert len(artifacts) == 45
    assert set(artifacts.values()) == {1}
    assert pulls.values() == {
        **expected_values(["PA1"], range(9000, 9010)),
        **expected_values(["PA2"], range(9000, 9005)),
    }


def test_overlap(repository, tmp_path, artifacts, listed):
    """What is asked for again is known by its UUID, and not fetched."""
    run = repository.run(FIRST)
    repository.chain(TOP, [run])
    repository.ingest(repository.tract_values(["PA1"], run, range(9000, 9010)))
    pulls = Pulls(tmp_path)
    pulls.pull()
    listed.clear()
    assert pulls.pull() == []
    assert len(listed) == 30
    assert sum(artifacts.values()) == 30


def test_pull_that_dies(large, artifacts):
    """After a pull that ended anywhere, the next ones bring the rest, once."""
    pulls = Pulls(large)
    assert len(pulls.pull(stop=1500)) == 1000  # the last point at which it can be taken up
    pulls.pull(stop=700)
    pulls.pull()
    assert pulls.values() == expected_values()
    assert sum(artifacts.values()) == 1500 + 700 + 1100


def test_pull_that_is_killed(large, tmp_path):
    """A process that is killed loses what was not committed; the store holds each value once."""
    (tmp_path / "reportgen.toml").write_text(
        '[[source]]\nname = "b"\ntype = "butler"\n'
        f"location = {json.dumps(str(large / 'repo'))}\ncollections = ['HSC/runs/*']\n"
    )
    store = Store(tmp_path / "data/store")
    assert killed_pull.start(tmp_path, 700) == -signal.SIGKILL
    assert store.runs == ()
    assert killed_pull.start(tmp_path, 1500) == -signal.SIGKILL
    assert Store(store.folder).measurements().num_rows == 1000
    assert killed_pull.start(tmp_path) == 0
    found = Store(store.folder).measurements().to_pylist()
    assert len(found) == 2100
    assert {
        (row["metric"], row["tract"], row["band"]): row["value"] for row in found
    } == expected_values()
    (run,) = Store(store.folder).runs
    assert run.key == RunKey(dataset="RC2", release="w_2026_40", collection=TOP)
    assert run.tickets == ("DM-99999",)


def test_old_run_that_joins_a_chain(repository, tmp_path):
    """A collection that is new to the pull is searched as a whole, however old its datasets."""
    first, second = repository.run(FIRST), repository.run(SECOND)
    repository.ingest(repository.tract_values(["PA1"], second, [9000]))
    repository.ingest(repository.tract_values(["PA2"], first, [9000]))
    repository.chain(TOP, [first])
    pulls = Pulls(tmp_path, overlap=0)
    assert len(pulls.pull()) == 3
    repository.chain(TOP, [second, first])
    assert len(pulls.pull()) == 3
    assert pulls.values() == expected_values(["PA1", "PA2"], [9000])


def test_first_in_the_chain_counts(repository, tmp_path):
    """Where two runs of a processing hold one data ID, the chain decides, as in a look-up."""
    first, second = repository.run(FIRST), repository.run(SECOND)
    repository.ingest(repository.tract_values(["PA1"], second, [9000], shift=0.5))
    repository.ingest(repository.tract_values(["PA1"], first, [9000, 9001]))
    repository.chain(TOP, [second, first])
    pulls = Pulls(tmp_path)
    pulls.pull()
    assert pulls.values() == {
        **expected_values(["PA1"], [9000], shift=0.5),
        **expected_values(["PA1"], [9001]),
    }


@pytest.mark.parametrize(("front", "shift"), [(True, 0.5), (False, 0.0)])
def test_later_run_in_a_chain(repository, tmp_path, front, shift):
    """A run that comes later replaces values if it stands in front, and not if behind."""
    first, second = repository.run(FIRST), repository.run(SECOND)
    repository.ingest(repository.tract_values(["PA1"], first, [9000]))
    repository.chain(TOP, [first])
    pulls = Pulls(tmp_path, overlap=0)
    pulls.pull()
    repository.ingest(repository.tract_values(["PA1"], second, [9000], shift=0.5))
    repository.chain(TOP, [second, first] if front else [first, second])
    assert len(pulls.pull()) == (3 if front else 0)
    assert pulls.values() == expected_values(["PA1"], [9000], shift=shift)
    assert pulls.pull() == []


def test_tag_on_an_old_dataset(repository, tmp_path):
    """A dataset that is tagged long after its ingest arrives with the next pull."""
    run = repository.run(FIRST)
    contents = list(repository.tract_values(["PA1"], run, [9000, 9001], bands="r"))
    repository.ingest(contents)
    refs = [ref for ref, _ in contents]
    repository.tag("HSC/approved", refs[:1])
    pulls = Pulls(tmp_path, collections=["HSC/app*"], overlap=0)
    assert len(pulls.pull()) == 1
    repository.tag("HSC/approved", refs[1:])
    assert len(pulls.pull()) == 1
    assert pulls.values() == expected_values(["PA1"], [9000, 9001], bands="r")
    assert {job.run.collection for job in pulls.jobs.values()} == {TOP}


def test_collections_by_glob(repository, tmp_path):
    """Each processing is a run of the site; runs without a chain are found as well."""
    weekly = repository.run("HSC/runs/RC2/w_2026_41/DM-1/20261012T010203Z")
    repository.ingest(repository.tract_values(["PA1"], repository.run(FIRST), [9000]))
    repository.ingest(repository.tract_values(["PA1"], weekly, [9000], shift=0.5))
    repository.ingest(repository.tract_values(["PA1"], repository.run("u/me/test"), [9000]))
    repository.chain(TOP, [FIRST])
    pulls = Pulls(tmp_path, collections=["HSC/runs/*"])
    assert len(pulls.pull()) == 6
    assert {(job.run.release, job.run.collection, job.ticket) for job in pulls.jobs.values()} == {
        ("w_2026_40", TOP, "DM-99999"),
        ("w_2026_41", "HSC/runs/RC2/w_2026_41/DM-1", "DM-1"),
    }


def test_newest_run_without_a_chain(repository, tmp_path):
    """Without a chain the newest run of a processing counts."""
    first, second = repository.run(FIRST), repository.run(SECOND)
    repository.ingest(repository.tract_values(["PA1"], second, [9000], shift=0.5))
    repository.ingest(repository.tract_values(["PA1"], first, [9000]))
    pulls = Pulls(tmp_path, collections=["HSC/runs/*"])
    pulls.pull()
    assert pulls.values() == expected_values(["PA1"], [9000], shift=0.5)


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


def put_statistics(repository, exposures):
    """Put bias statistics of exposures as cp_verify does: as dicts, through the Butler."""
    repository.run(CALIBRATION)
    dimensions = ("instrument", "exposure", "detector")
    name = repository.dataset_type("verifyBiasDetStats", dimensions, "StructuredDataDict")
    for n in exposures:
        amplifier = {"MEAN": n / 4, "NOISE": float("nan") if n == 3 else 8.5}
        verdict = {"MEAN": True, "NOISE": n != 3, "SUCCESS": n != 3}
        data = {
            "AMP": {"C00": amplifier},
            "VERIFY": {"AMP": {"C00": verdict}, "SUCCESS": n != 3},
            "SUCCESS": n != 3,
        }
        repository.butler.put(
            data,
            name,
            instrument="LATISS",
            exposure=FIRST_EXPOSURE + n,
            detector=0,
            run=CALIBRATION,
        )


def calibrations(root, **keys):
    """Return pulls of the calibrations."""
    given = {"collections": ["LATISS/calib/*"], "dataset": "LATISS", "release": "daily", **keys}
    return Pulls(root, **given)


def test_statistics_of_calibrations(repository, tmp_path):
    """Dicts that cp_verify put are read with the exposure's day, time, filter and band."""
    put_statistics(repository, range(5))
    pulls = calibrations(tmp_path)
    assert len(pulls.pull()) == 5
    assert pulls.broken == []
    found = {
        (row["exposure"], row["metric"]): row["value"]
        for job in pulls.jobs.values()
        for row in job.measurements
    }
    assert found == {
        **{(str(FIRST_EXPOSURE + n), "cp_verify.BIAS_MEAN"): n / 4 for n in range(5)},
        **{
            (str(FIRST_EXPOSURE + n), "cp_verify.BIAS_NOISE"): None if n == 3 else 8.5
            for n in range(5)
        },
    }
    (job,) = (job for job in pulls.jobs.values() if f"exposure={FIRST_EXPOSURE + 3}" in job.origin)
    assert job.ticket == "DM-12345"
    assert job.date == "2021-05-25"
    failed = {row["test"] for row in job.tests if not row["passed"]}
    assert failed >= {"NOISE", "SUCCESS"}
    row = next(row for row in job.measurements if row["metric"] == "cp_verify.BIAS_NOISE")
    assert row["reason"] == "nan"
    assert row["detector"] == "0"
    assert row["amplifier"] == "C00"
    assert row["band"] == "r"
    assert row["physical_filter"] == "RG610~empty"
    assert row["mjd"] == pytest.approx(59359.8333333 + 3 / 1440, abs=1e-6)


def test_results_of_calibrations(repository, tmp_path):
    """Results tables are read as Parquet, whichever table class the Butler stored them with."""
    repository.run(CALIBRATION)
    name = repository.dataset_type("verifyBiasResults", ("instrument",), "ArrowAstropy")
    table = Table(
        {
            "instrument": ["LATISS"] * 3,
            "exposure": [FIRST_EXPOSURE + n for n in range(3)],
            "detector": [0] * 3,
            "amplifier": ["C00"] * 3,
            "mjd": [59359.8, 59359.9, 59360.0],
            "BIAS_MEAN": [0.25, -0.5, 1.0],
            "BIAS_VERIFY_MEAN": [True, True, False],
        }
    )
    repository.butler.put(table, name, instrument="LATISS", run=CALIBRATION)
    pulls = calibrations(tmp_path)
    (job,) = pulls.pull()
    assert [(row["exposure"], row["value"]) for row in job.measurements] == [
        (str(FIRST_EXPOSURE + n), value) for n, value in enumerate([0.25, -0.5, 1.0])
    ]
    assert [row["passed"] for row in job.tests] == [True, True, False]
    assert pulls.pull() == []


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


def test_artifact_that_is_gone(repository, tmp_path):
    """A dataset without its file is named, and the others are read."""
    run = repository.run(FIRST)
    repository.ingest(repository.tract_values(["PA1"], run, [9000]))
    (repository.root / "files/000002.yaml").unlink()
    pulls = Pulls(tmp_path, collections=[run])
    assert len(pulls.pull()) == 2
    (broken,) = pulls.broken
    assert broken.origin.endswith(f"?band=r&instrument=HSC&skymap={SKYMAP}&tract=9000")
    assert broken.reason == "its artifact is gone"


def test_artifact_that_cannot_be_fetched_now(repository, tmp_path, monkeypatch):
    """A dataset that could not be fetched is asked for again, however long ago it came."""
    run = repository.run(FIRST)
    repository.ingest(repository.tract_values(["PA1"], run, [9000]))
    pulls = Pulls(tmp_path, collections=[run], overlap=0)
    fetch = repository_module._fetch

    def refuse(uri):
        if "000002" in str(uri):
            raise ConnectionError("https://user:secret@host")
        return fetch(uri)

    pauses = []
    with monkeypatch.context() as patch:
        patch.setattr(repository_module, "_fetch", refuse)
        patch.setattr(repository_module, "PATIENCE", Patience(tries=3, sleep=pauses.append))
        assert len(pulls.pull()) == 2
    assert len(pauses) == 2
    assert [one.reason for one in pulls.broken] == ["cannot be read: ConnectionError"]
    assert len(pulls.pull()) == 1
    assert pulls.values() == expected_values(["PA1"], [9000])


def test_registry_that_breaks(repository, tmp_path):
    """A registry that cannot answer ends the source in one line, without its statement."""
    run = repository.run(FIRST)
    repository.ingest(repository.tract_values(["PA1"], run, [9000]))
    pulls = Pulls(tmp_path, collections=[run])
    records = read_jobs(pulls.config)
    assert isinstance(next(records), Expected)
    with sqlite3.connect(repository.root / "gen3.sqlite3") as database:
        database.execute("alter table file_datastore_records rename to gone")
    with pytest.raises(SourceError) as caught:
        list(records)
    assert str(caught.value) == "repo: the registry does not answer: OperationalError."


def test_damaged_content(repository, tmp_path):
    """Content that is no measurement is named by data ID, not by the path of a file."""
    run = repository.run(FIRST)
    ((ref, _),) = repository.tract_values(["PA1"], run, [9000], bands="r")
    repository.ingest([(ref, "!!python/object/apply:os.system ['true']\n")])
    pulls = Pulls(tmp_path, collections=[run])
    assert pulls.pull() == []
    (broken,) = pulls.broken
    assert broken.origin.startswith(f"repo/{TOP}/metricvalue_validate_drp_PA1?band=r")


@pytest.mark.parametrize("stored", ["Strange", "Packages"])
def test_storage_class_that_is_not_read(repository, tmp_path, stored):
    """A storage class that is not read, or that nobody registered here, is named once."""
    run = repository.run(FIRST)
    name = repository.dataset_type("other", TRACT, "StructuredDataDict")
    for tract in (9000, 9001):
        data_id = {"instrument": "HSC", "skymap": SKYMAP, "tract": tract, "band": "r"}
        repository.butler.put({"a": 1}, name, data_id, run=run)
    with sqlite3.connect(repository.root / "gen3.sqlite3") as database:
        database.execute("update dataset_type set storage_class = ? where name = 'other'", [stored])
    pulls = Pulls(tmp_path, collections=[run], dataset_types=["oth*"])
    assert pulls.pull() == []
    (broken,) = pulls.broken
    assert broken.origin == "repo/other"
    assert broken.reason.startswith(f"storage class {stored!r} is not read; these are: MetricValue")


def test_run_that_does_not_tell(repository, tmp_path, artifacts):
    """A run whose name tells no release is named once, with what to do; nothing is fetched."""
    run = repository.run("u/someone/test")
    repository.ingest(repository.tract_values(["PA1"], run, [9000]))
    pulls = Pulls(tmp_path, collections=["u/*"], dataset="RC2")
    assert pulls.pull() == []
    assert pulls.broken == [
        Unreadable(
            origin="repo/u/someone/test",
            reason="release is not known: its name does not tell;"
            " add `release = …` or a `pattern` to source 'b'.",
        )
    ]
    assert not artifacts


def test_nothing_there(repository, tmp_path):
    """A repository in which nothing is found says so."""
    repository.run(FIRST)
    list(repository.tract_values(["PA1"], FIRST, [9000]))
    pulls = Pulls(tmp_path, collections=["HSC/*"])
    pulls.pull()
    assert pulls.broken == [Unreadable(origin="repo", reason="matches no dataset")]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"location": "none"}, "none: no Butler repository is there"),
        ({"dataset_types": ["nope"]}, "repo: no dataset type 'nope' is registered"),
        ({"dataset_types": ["nope*"]}, r"repo: dataset_types match nothing there: nope\*"),
        ({"collections": ["u/nope"]}, "repo: collections = 'u/nope': No collection with name"),
        ({"collections": ["u/no*"]}, r"repo: collections match nothing there: u/no\*"),
        ({"where": "tract = 9000"}, "constraining it directly. Add for example `skymap = '…' AND`"),
        ({"where": "tract = "}, "where = 'tract = ': Failed to parse expression"),
    ],
)
def test_wrong_question(large, keys, message):
    """A question that the repository cannot answer ends in one line."""
    given = {"location": "repo", "collections": [TOP], **keys}
    config = SourceConfig(name="b", type="butler", root=large, **given)
    with pytest.raises(SourceError, match=message) as caught:
        list(read_jobs(config))
    assert "\n" not in str(caught.value)
    assert str(large) not in str(caught.value)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({}, "collections: Field required"),
        ({"collections": []}, "collections: Tuple should have at least 1 item"),
        ({"collections": ["a"], "overlap": -1}, "overlap = -1: Input should be greater than"),
        ({"collections": ["a"], "dataset_type": "b"}, "dataset_type: unknown key; options of but"),
    ],
)
def test_wrong_options(tmp_path, keys, message):
    """Options are checked before anything is opened; key and choices are named."""
    config = SourceConfig(name="b", type="butler", location="repo", root=tmp_path, **keys)
    with pytest.raises(ConfigError, match=message):
        read_jobs(config)


def test_missing_package(tmp_path, monkeypatch):
    """Without lsst-daf-butler the message names the extra."""
    monkeypatch.setitem(sys.modules, "lsst.daf", None)
    repository_module._daf.cache_clear()
    with pytest.raises(MissingDependencyError, match=r"pip install 'reportgen\[butler\]'"):
        Pulls(tmp_path).pull()
    monkeypatch.undo()
    repository_module._daf.cache_clear()


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
