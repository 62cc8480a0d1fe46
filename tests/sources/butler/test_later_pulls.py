"""What a later pull asks and fetches, also after one that died."""

from __future__ import annotations

import json
import re
import signal

import pytest

from reportgen import pipeline
from reportgen.config import load_config
from reportgen.errors import RunCollisionError
from reportgen.model.runs import RunKey
from reportgen.store import Store
from tests.sources import killed_pull
from tests.sources.butler.pulls import FIRST, TOP, Pulls, expected_values

from lsst.daf.butler.direct_butler import DirectButler  # isort: skip


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


def test_where_artifacts_lie_is_asked_of_many_at_once(large, monkeypatch):
    """The registry is asked for hundreds of URIs in one question; one that cannot, one by one."""
    single: list[object] = []
    get_uri = DirectButler.getURI
    monkeypatch.setattr(
        DirectButler, "getURI", lambda self, ref: single.append(ref) or get_uri(self, ref)
    )
    pulls = Pulls(large)
    pulls.pull()
    assert (pulls.values(), single) == (expected_values(), [])

    def refuse(*_args: object, **_options: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr(DirectButler, "get_many_uris", refuse)
    one_by_one = Pulls(large)
    one_by_one.pull()
    assert one_by_one.values() == expected_values()
    assert len(single) == 2100


def test_two_processings_of_one_release(repository, tmp_path):
    """The error names both and the pattern to write; under it both are runs."""
    for ticket, shift in (("DM-1", 0.0), ("DM-22", 0.5)):
        run = repository.run(f"HSC/runs/RC2/w_2026_40/{ticket}/20261005T010203Z")
        repository.ingest(repository.tract_values(["PA1"], run, [9000], shift=shift))
    source = '[[source]]\nname = "b"\ntype = "butler"\nlocation = "repo"\ncollections = ["HSC/*"]\n'
    (tmp_path / "reportgen.toml").write_text(source)
    with pytest.raises(
        RunCollisionError, match=r"w_2026_40/DM-1'.* and .*w_2026_40/DM-22'"
    ) as error:
        pipeline.pull(load_config(tmp_path))
    written = re.search(r"pattern = '.*'", str(error.value))
    assert written is not None
    (tmp_path / "reportgen.toml").write_text(f"{source}{written[0]}\n")
    pipeline.pull(load_config(tmp_path))
    store = Store(tmp_path / "data/store")
    assert [run.release for run in store.runs] == ["w_2026_40/DM-1", "w_2026_40/DM-22"]
    assert {run.dataset for run in store.runs} == {"RC2"}
    for run, shift in zip(store.runs, (0.0, 0.5), strict=True):
        found = store.measurements([run.id]).to_pylist()
        values = {(row["metric"], row["tract"], row["band"]): row["value"] for row in found}
        assert values == expected_values(["PA1"], [9000], shift=shift)
