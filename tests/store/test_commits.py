from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.errors import StoreLockedError
from reportgen.model.bundle import Unreadable
from reportgen.store import Store
from reportgen.store import writer as writing
from reportgen.store.journal import Journal
from tests.factories import make_bundle, make_key, make_row
from tests.store import killed

ROOT = Path(__file__).resolve().parents[2]


def content(folder: Path) -> list[tuple[str, float]]:
    """Return run and value of every measurement that counts."""
    table = Store(folder).measurements().to_pylist()
    return sorted((row["run"], row["value"]) for row in table)


def files(folder: Path) -> dict[str, bytes]:
    """Return every file of a store, hidden ones too."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_pull_that_is_killed_anywhere_resumes_without_gap_or_duplicate(tmp_path):
    """After a kill at any change on disk, data and watermark agree and the rest follows."""
    command = [sys.executable, "-m", "tests.store.killed", str(tmp_path)]
    subprocess.run(command, check=True, cwd=ROOT, timeout=300)
    folders = sorted((path for path in tmp_path.iterdir()), key=lambda path: int(path.name))
    *died, whole = folders
    assert len(died) > 4 * killed.BATCHES
    expected = files(whole)
    watermarks = set()
    for folder in died:
        mark = Journal(folder).marks().get("server")
        done = mark.watermark if mark else 0
        watermarks.add(done)
        assert content(folder) == sorted(
            (f"hsc-rc2/{release}", float(batch))
            for batch in range(done)
            for release in ("w_2026_01", "w_2026_02")
        ), folder
        killed.pull(folder)
        assert files(folder).keys() == expected.keys(), folder
        assert content(folder) == content(whole)
    assert watermarks == {0, 1, 2}


def test_watermark_is_committed_with_the_jobs(tmp_path):
    """What was added and the watermark count together, from the commit on."""
    with Store(tmp_path).writer() as writer:
        writer.add("server", make_bundle("a"))
        writer.set_watermark("server", {"time": "2026-10-05", "key": [1, 2]}, "r")
        assert Journal(tmp_path).marks() == {}
        assert Store(tmp_path).runs == ()
        writer.commit()
    with Store(tmp_path).writer() as writer:
        mark = writer.mark("server")
    assert mark.watermark == {"time": "2026-10-05", "key": [1, 2]}
    assert mark.under == "r"
    assert len(content(tmp_path)) == 1


def test_a_commit_with_nothing_new_changes_no_byte(tmp_path):
    """A job that is delivered again and a watermark that stays leave the store as it is."""

    def pull() -> list[str]:
        with Store(tmp_path).writer() as writer:
            writer.add("server", make_bundle("a"))
            writer.add_unreadable("server", Unreadable(origin="b", reason="cut"))
            writer.set_watermark("server", (1, 2), "r")
            return writer.commit()

    assert pull() == ["hsc-rc2/w_2021_30"]
    before = files(tmp_path)
    assert pull() == []
    assert files(tmp_path) == before


def test_watermarks_of_other_sources_stay(tmp_path):
    """Each commit carries on how far the other sources were read."""
    for source, value in (("one", 1), ("two", 2), ("one", 3)):
        with Store(tmp_path).writer() as writer:
            writer.set_watermark(source, value, "r")
            writer.commit()
    marks = Journal(tmp_path).marks()
    assert {name: mark.watermark for name, mark in marks.items()} == {"one": 3, "two": 2}


def test_one_writer_commits_often(tmp_path):
    """Each commit of one writer is the next revision; a job of an earlier one is replaced."""
    with Store(tmp_path).writer() as writer:
        for value in (1.0, 2.0):
            writer.add("server", make_bundle("a", measurements=[make_row(value=value)]))
            writer.add("server", make_bundle("b"))
            assert writer.commit() == ["hsc-rc2/w_2021_30"]
    (run,) = Store(tmp_path).runs
    assert [(r.number, r.jobs, r.replaced) for r in run.revisions] == [(1, 2, 0), (2, 1, 1)]
    assert [value for _, value in content(tmp_path)] == [2.0, 5.0]


def test_two_pulls_at_once(tmp_path):
    """The second one is told to wait, and nothing of the first is lost."""
    with Store(tmp_path).writer() as first:
        first.add("server", make_bundle("a"))
        with pytest.raises(StoreLockedError, match="wait"), Store(tmp_path).writer():
            pass
        first.commit()
    assert len(content(tmp_path)) == 1


def test_a_writer_sees_what_came_after_its_store_was_opened(tmp_path):
    """A store that was opened before another pull ended adds the next revision, not the same."""
    early = Store(tmp_path)
    assert early.runs == ()
    for store, origin in ((Store(tmp_path), "a"), (early, "b")):
        with store.writer() as writer:
            writer.add("server", make_bundle(origin, run=make_key()))
            writer.commit()
    (run,) = Store(tmp_path).runs
    assert [revision.jobs for revision in run.revisions] == [1, 1]


def test_memory_is_bounded_over_all_runs(tmp_path, monkeypatch):
    """Beyond so many rows in all the largest runs go to disk; nothing is lost or doubled."""
    monkeypatch.setattr(writing.revision, "FLUSH_ROWS", 40)
    monkeypatch.setattr(writing.revision, "MAX_OPEN", 2)
    held = []
    with Store(tmp_path).writer() as writer:
        for number in range(200):
            key = make_key(release=f"w_2026_{10 + number % 3}")
            row = make_row(value=float(number))
            writer.add("server", make_bundle(f"{number}", run=key, measurements=[row]))
            held.append(sum(one.waiting for one in writer._writers.values()))
            assert sum(one.open for one in writer._writers.values()) <= 2
        writer.commit()
    assert 20 <= max(held) < 200
    assert sorted(value for _, value in content(tmp_path)) == [float(n) for n in range(200)]
