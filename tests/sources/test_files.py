from __future__ import annotations

import gzip
import hashlib
import json
import os
import time

import pytest

from reportgen.model.bundle import JobBundle, Known, Unreadable
from reportgen.sources import Fingerprint, read_jobs
from reportgen.sources import files as files_module
from tests.sources.reading import LONG_AGO, make_config, read, read_one, write

JOB = json.dumps({"measurements": [{"metric": "a.B", "value": 1.0, "unit": ""}]})


def known_of(records) -> set[tuple[str, str]]:
    """Return what the store would know after these records."""
    return {(one.origin, one.sha256) for one in records if isinstance(one, JobBundle)}


def test_gzip_by_content(tmp_path):
    """Packed files are known by their first bytes, whatever they are called."""
    write(tmp_path / "packed.json", gzip.compress(JOB.encode()))
    write(tmp_path / "plain.json.gz", JOB)
    packed, plain = read(tmp_path, "verify-json", "*.json*")
    assert packed.measurements == plain.measurements != []
    stored = (tmp_path / "packed.json").read_bytes()
    assert packed.sha256 == hashlib.sha256(stored).hexdigest()


def test_damaged_gzip(tmp_path):
    """A packed file that is cut off is named, and everything else goes on."""
    write(tmp_path / "a.json", gzip.compress(JOB.encode())[:-12])
    write(tmp_path / "b.json", JOB)
    broken, job = read(tmp_path, "verify-json", "*.json")
    assert isinstance(broken, Unreadable)
    assert "damaged gzip data" in broken.reason
    assert broken.sha256
    assert isinstance(job, JobBundle)


def test_gzip_bomb(tmp_path, monkeypatch):
    """A small file cannot fill the memory by unpacking."""
    monkeypatch.setattr(files_module, "MAX_UNPACKED", 1 << 20)
    write(tmp_path / "a.json", gzip.compress(b" " * (2 << 20)))
    (broken,) = read(tmp_path, "verify-json", "a.json")
    assert "unpacks to more than 1 MB" in broken.reason


def test_location_without_files(tmp_path):
    """A location that matches nothing says so: it is a typing error more often than not."""
    assert read(tmp_path, "verify-json", "archive/**/*.json") == [
        Unreadable(origin="archive/**/*.json", reason="matches no file; is `location` right?")
    ]


def test_files_that_may_not_be_read(tmp_path):
    """A file that cannot be opened is named without its full path."""
    write(tmp_path / "a.json", JOB)
    config = make_config(tmp_path, "verify-json", "*.json")
    records = read_jobs(config)
    (tmp_path / "a.json").unlink()
    (tmp_path / "a.json").mkdir()
    # The walk happens when the first record is asked for, so look at one file directly.
    (folder,) = records
    assert folder.origin == "a.json"
    assert folder.reason.startswith("is a folder that is called as a file; name what is in it")
    gone = files_module.SourceFile("b.json", str(tmp_path / "b.json"), size=1, stamp=None)
    (record,) = files_module._read_file(gone, files_module.History(), lambda *_: [])
    assert record.reason.startswith("cannot be read: No such file or directory; ")


def test_known_jobs_are_not_parsed(tmp_path):
    """A file whose bytes the store has from the same place is not read again."""
    write(tmp_path / "a.json", JOB)
    write(tmp_path / "b.json", JOB)
    config = make_config(tmp_path, "verify-json", "*.json")
    known = known_of(read_jobs(config))
    write(tmp_path / "b.json", JOB + "\n")
    first, second = read_jobs(config, known)
    assert first == Known(origin="a.json")
    assert isinstance(second, JobBundle)


def test_same_bytes_elsewhere_are_another_job(tmp_path):
    """Two files with the same content stay two jobs."""
    write(tmp_path / "a.json", JOB)
    known = known_of(read(tmp_path, "verify-json", "a.json"))
    write(tmp_path / "b.json", JOB)
    config = make_config(tmp_path, "verify-json", "b.json")
    assert isinstance(next(iter(read_jobs(config, known))), JobBundle)


def test_fingerprints_spare_opening(tmp_path):
    """A second pull does not even open files that look as they did."""
    path = write(tmp_path / "a.json", JOB)
    config = make_config(tmp_path, "verify-json", "a.json")
    fingerprints: dict[str, Fingerprint] = {}
    known = known_of(read_jobs(config, frozenset(), fingerprints))
    assert list(fingerprints) == ["a.json"]
    # Other bytes under the same size and time: only a file that is not opened is still known.
    write(path, JOB.replace("1.0", "2.0"))
    assert list(read_jobs(config, known, fingerprints)) == [Known(origin="a.json")]
    os.utime(path, (LONG_AGO + 1, LONG_AGO + 1))
    (record,) = read_jobs(config, known, fingerprints)
    assert isinstance(record, JobBundle)


def test_fingerprints_need_the_store(tmp_path):
    """A fingerprint of something that never reached the store counts for nothing."""
    write(tmp_path / "a.json", JOB)
    config = make_config(tmp_path, "verify-json", "a.json")
    fingerprints: dict[str, Fingerprint] = {}
    list(read_jobs(config, frozenset(), fingerprints))
    (record,) = read_jobs(config, frozenset(), fingerprints)
    assert isinstance(record, JobBundle)


def test_no_fingerprint_of_a_fresh_file(tmp_path):
    """A file that changed a moment ago could change again without looking different."""
    path = write(tmp_path / "a.json", JOB)
    now = time.time()
    os.utime(path, (now, now))
    fingerprints: dict[str, Fingerprint] = {}
    list(read_jobs(make_config(tmp_path, "verify-json", "a.json"), frozenset(), fingerprints))
    assert fingerprints == {}


def test_no_fingerprint_of_a_broken_file(tmp_path):
    """What cannot be read is tried, and reported, again at each pull."""
    write(tmp_path / "a.json", "{")
    config = make_config(tmp_path, "verify-json", "a.json")
    fingerprints: dict[str, Fingerprint] = {}
    first = list(read_jobs(config, frozenset(), fingerprints))
    assert fingerprints == {}
    assert list(read_jobs(config, frozenset(), fingerprints)) == first


def test_table_of_two_runs_is_known_by_its_jobs(tmp_path):
    """A file of several jobs is known only when all of them are in the store."""
    write(tmp_path / "a.csv", "metric,value,release\nPA1,1,23\nPA1,2,24\n")
    config = make_config(
        tmp_path, "table", "a.csv", package="p", columns={"release": "release"}, release=None
    )
    fingerprints: dict[str, Fingerprint] = {}
    records = list(read_jobs(config, frozenset(), fingerprints))
    known = known_of(records)
    assert len(known) == 2
    assert list(read_jobs(config, known, fingerprints)) == [Known(origin="a.csv", jobs=2)]
    assert list(read_jobs(config, known)) == [Known(origin=one.origin) for one in records]
    half = {(records[0].origin, records[0].sha256)}
    first, second = read_jobs(config, half, fingerprints)
    assert first == Known(origin=records[0].origin)
    assert second == records[1]


def test_reading_is_lazy(tmp_path):
    """The first job comes before the second file is opened."""
    write(tmp_path / "a.json", JOB)
    write(tmp_path / "b.json", JOB)
    records = read_jobs(make_config(tmp_path, "verify-json", "*.json"))
    assert next(records).origin == "a.json"
    (tmp_path / "b.json").write_text("{")
    assert isinstance(next(records), Unreadable)


def test_number_sign_in_a_name(tmp_path):
    """An origin has a number sign only where it names a job inside of a file."""
    write(tmp_path / "run#1.json", JOB)
    assert read_one(tmp_path, "verify-json", "*.json").origin == "run%231.json"


@pytest.mark.parametrize("size", [0, 10])
def test_large_files_are_hashed_as_a_stream(tmp_path, monkeypatch, size):
    """A file has the same hash whether it is held or streamed."""
    monkeypatch.setattr(files_module, "WHOLE", size)
    write(tmp_path / "a.json", JOB)
    job = read_one(tmp_path, "verify-json", "a.json")
    assert job.sha256 == hashlib.sha256(JOB.encode()).hexdigest()
    assert len(job.measurements) == 1
