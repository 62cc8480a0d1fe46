from __future__ import annotations

import shutil
from pathlib import Path

from reportgen.model.bundle import JobBundle
from reportgen.store import Store, states
from tests.factories import make_bundle


def add(store: Store, *bundles: JobBundle) -> None:
    """Commit jobs of one source."""
    with store.writer() as writer:
        for bundle in bundles:
            writer.add("archive", bundle)
        writer.commit()


def known(store: Store) -> set[tuple[str, str]]:
    """Return origin and sha256 of the jobs that a store holds."""
    return set(store.state().jobs.known("archive"))


def test_states_are_asked_of_the_store_once(tmp_path: Path) -> None:
    """A second look takes what the first has kept, without reading Parquet."""
    store, cache = tmp_path / "store", tmp_path / "cache"
    add(Store(store), make_bundle("a"))
    first = known(Store(store, cache))
    for path in store.rglob("jobs.parquet"):
        path.write_bytes(b"")
    assert known(Store(store, cache)) == first != set()


def test_kept_states_grow_with_the_store(tmp_path: Path) -> None:
    """What one pull added, the next one knows."""
    store, cache = tmp_path / "store", tmp_path / "cache"
    add(Store(store, cache), make_bundle("a"))
    add(Store(store, cache), make_bundle("b"))
    assert {origin for origin, _ in known(Store(store, cache))} == {"a", "b"}


def test_states_of_another_store_do_not_count(tmp_path: Path) -> None:
    """A store that was deleted and filled anew, with runs of the same names, is read anew."""
    store, cache = tmp_path / "store", tmp_path / "cache"
    add(Store(store), make_bundle("a"))
    known(Store(store, cache))
    shutil.rmtree(store)
    add(Store(store), make_bundle("b"))
    assert {origin for origin, _ in known(Store(store, cache))} == {"b"}


def test_a_damaged_cache_costs_time_only(tmp_path: Path) -> None:
    """A file that was cut off is read past, and replaced."""
    store, cache = tmp_path / "store", tmp_path / "cache"
    add(Store(store), make_bundle("a"))
    before = known(Store(store, cache))
    file = cache / states.FILE
    file.write_bytes(file.read_bytes()[:5000])
    assert known(Store(store, cache)) == before
    assert known(Store(store, cache)) == before


def test_states_are_kept_on_disk(tmp_path: Path) -> None:
    """What was put is found again under its key, and under no other."""
    found = states.fold(
        ("archive", f"metricvalue_{n:06}.yaml", f"{n:064x}", "hsc/w_2026_40", f"{n:020x}")
        for n in range(states.BATCH + 10)
    )
    found.save(tmp_path, "key")
    kept = states.load(tmp_path, "key")
    assert kept is not None
    assert states.load(tmp_path, "other") is None
    assert kept.count("archive") == states.BATCH + 10
    last = kept.get("archive", f"metricvalue_{states.BATCH:06}.yaml")
    assert last == (f"{states.BATCH:064x}", "hsc/w_2026_40", f"{states.BATCH:020x}")


def test_what_a_writer_changes_is_its_own_until_it_commits(tmp_path: Path) -> None:
    """Who reads meanwhile sees the states of the last commit."""
    store, cache = tmp_path / "store", tmp_path / "cache"
    add(Store(store, cache), make_bundle("a"))
    with Store(store, cache).writer() as writer:
        writer.add("archive", make_bundle("b"))
        assert {origin for origin, _ in writer.known("archive")} == {"a", "b"}
        assert {origin for origin, _ in known(Store(store, cache))} == {"a"}
    assert {origin for origin, _ in known(Store(store, cache))} == {"a"}


def test_a_job_that_was_withdrawn_may_come_back() -> None:
    """The states say so of those that count no longer, and of those that do again."""
    rows = [("s", "a", "1", "x/1", "k1"), ("s", "a", "2", "y/1", "k2"), ("s", "a", "", "x/1", "k3")]
    assert list(states.fold(rows).known("s")) == [("a", "2")]
    gone = [*rows, ("s", "a", "", "y/1", "k4")]
    assert list(states.fold(gone).known("s")) == []
    assert states.fold(gone).sources() == frozenset()
    assert states.fold(gone).of_file("s", "a") == []
    assert list(states.fold([*gone, ("s", "a", "1", "x/1", "k5")]).known("s")) == [("a", "1")]
