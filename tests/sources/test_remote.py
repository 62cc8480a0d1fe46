from __future__ import annotations

import gzip
import json
import zipfile

import fsspec
import pytest

from reportgen.errors import MissingDependencyError, ReportgenError, SourceError
from reportgen.model.bundle import JobBundle, Known, Unreadable
from reportgen.sources import Fingerprint, read_jobs, remote
from reportgen.sources.retry import Patience
from tests.sources.reading import make_config, read, read_one

JOB = json.dumps({"measurements": [{"metric": "a.B", "value": 1.0, "unit": ""}]}).encode()


@pytest.fixture
def memory():
    """Return the file system of memory:// with two jobs and something else."""
    files = fsspec.filesystem("memory")
    files.pipe("/archive/w_2026_40/b.json", JOB)
    files.pipe("/archive/w_2026_40/a.json.gz", gzip.compress(JOB))
    files.pipe("/archive/readme.txt", b"x")
    yield files
    files.rm("/archive", recursive=True)


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize(
    ("location", "origins"),
    [
        ("memory://archive", ["w_2026_40/a.json.gz", "w_2026_40/b.json"]),
        ("memory://archive/**/*.json", ["w_2026_40/b.json"]),
        ("memory://archive/w_2026_40/b.json", ["w_2026_40/b.json"]),
    ],
)
def test_urls(tmp_path, location, origins):
    """A URL is a file, a folder or a glob, as a path is."""
    found = read(tmp_path, "verify-json", location)
    assert [one.origin for one in found] == [f"memory://archive/{name}" for name in origins]
    assert all(isinstance(one, JobBundle) for one in found)


@pytest.mark.usefixtures("memory")
def test_pattern_on_urls(tmp_path):
    """The pattern is searched in the URL."""
    keys = {"release": None, "pattern": r"/(?P<release>w_\d+_\d+)/"}
    job = read_one(tmp_path, "verify-json", "memory://archive/*/b.json", **keys)
    assert job.run.release == "w_2026_40"


def test_nothing_there(tmp_path):
    """A URL that matches nothing says so."""
    assert read(tmp_path, "verify-json", "memory://nowhere/*.json") == [
        Unreadable(origin="memory://nowhere/*.json", reason="matches no file; is `location` right?")
    ]


def test_remote_fingerprints(tmp_path, memory):
    """Where a file system knows when a file changed, an unchanged one is not fetched again."""
    config = make_config(tmp_path, "verify-json", "memory://archive/*/b.json")
    fingerprints: dict[str, Fingerprint] = {}
    (job,) = read_jobs(config, frozenset(), fingerprints)
    known = {(job.origin, job.sha256)}
    assert list(read_jobs(config, known, fingerprints)) == [Known(origin=job.origin)]
    memory.pipe("/archive/w_2026_40/b.json", JOB.replace(b"1.0", b"2.0"))
    (changed,) = read_jobs(config, known, fingerprints)
    assert changed.measurements[0]["value"] == 2.0


def test_archive(tmp_path):
    """Files in a zip archive are named by the archive's relative path."""
    with zipfile.ZipFile(tmp_path / "jobs.zip", "w") as archive:
        archive.writestr("one/a.json", JOB)
    job = read_one(tmp_path, "verify-json", "zip://**/*.json::jobs.zip")
    assert job.origin == "zip://one/a.json::jobs.zip"


def test_missing_archive(tmp_path):
    """An archive that is not there is a location that matches nothing."""
    (record,) = read(tmp_path, "verify-json", "zip://*.json::gone.zip")
    assert record == Unreadable(
        origin="zip://*.json::gone.zip", reason="matches no file; is `location` right?"
    )


def test_credentials_are_not_shown(tmp_path, monkeypatch):
    """A server that cannot be reached is tried again, then named without user and password."""
    pauses: list[float] = []
    monkeypatch.setattr(remote, "PATIENCE", Patience(tries=3, sleep=pauses.append))
    location = "ftp://user:secret@127.0.0.1:1/jobs/*.json"
    with pytest.raises(SourceError) as error:
        read(tmp_path, "verify-json", location)
    assert str(error.value) == (
        "ftp://127.0.0.1:1/jobs/*.json: cannot be listed: ConnectionRefusedError;"
        " is the server up, and are the credentials right?"
    )
    assert len(pauses) == 2


def test_unknown_protocol(tmp_path):
    """A protocol that does not exist is an error of the configuration."""
    with pytest.raises(ReportgenError, match="'htp' is not a protocol that fsspec knows"):
        read(tmp_path, "verify-json", "htp://host/a.json")


def test_missing_package(tmp_path, monkeypatch):
    """A protocol whose package is not installed says which extra to install."""

    def refuse(*_args, **_keys):
        raise ImportError("HTTPFileSystem requires requests and aiohttp to be installed")

    monkeypatch.setattr(fsspec.core, "url_to_fs", refuse)
    with pytest.raises(MissingDependencyError, match=r"pip install 'reportgen\[remote\]'"):
        read(tmp_path, "verify-json", "https://user:secret@host/a.json?token=1")
    with pytest.raises(ReportgenError, match=r"Reading s3://bucket/a.json needs another package"):
        read(tmp_path, "verify-json", "s3://key:secret@bucket/a.json")


def test_files_that_fail_while_they_are_read(tmp_path, memory, monkeypatch):
    """An error of a remote file system is reported by its kind: its text may hold secrets."""

    class AccessError(Exception):
        pass

    def refuse(*_args, **_keys):
        raise AccessError("https://bucket/a.json?X-Amz-Signature=secret")

    monkeypatch.setattr(memory, "open", refuse)
    (record,) = read(tmp_path, "verify-json", "memory://archive/w_2026_40/b.json")
    assert record.reason == (
        "cannot be read: AccessError; is the server up, and are the credentials right?"
    )
