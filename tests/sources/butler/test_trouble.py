"""What is missing, damaged, refused or wrongly asked for."""

from __future__ import annotations

import sqlite3
import sys

import pytest

from reportgen.config import SourceConfig
from reportgen.errors import ConfigError, MissingDependencyError, SourceError
from reportgen.model.bundle import Expected, Unreadable
from reportgen.sources import read_jobs
from reportgen.sources.butler import repository as repository_module
from reportgen.sources.retry import Patience
from tests.sources.butler.pulls import FIRST, TOP, Pulls, expected_values
from tests.sources.butler_repository import SKYMAP, TRACT


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
