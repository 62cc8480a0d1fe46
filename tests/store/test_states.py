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


def test_states_are_asked_of_the_store_once(tmp_path: Path) -> None:
    """A second look takes what the first has kept, without reading Parquet."""
    store, cache = tmp_path / "store", tmp_path / "cache"
    add(Store(store), make_bundle("a"))
    first = Store(store, cache).known("archive")
    for path in store.rglob("jobs.parquet"):
        path.unlink()
    assert Store(store, cache).known("archive") == first != frozenset()


def test_kept_states_grow_with_the_store(tmp_path: Path) -> None:
    """What one pull added, the next one knows."""
    store, cache = tmp_path / "store", tmp_path / "cache"
    add(Store(store, cache), make_bundle("a"))
    add(Store(store, cache), make_bundle("b"))
    assert {origin for origin, _ in Store(store, cache).known("archive")} == {"a", "b"}


def test_states_of_another_store_do_not_count(tmp_path: Path) -> None:
    """A store that was deleted and filled anew, with runs of the same names, is read anew."""
    store, cache = tmp_path / "store", tmp_path / "cache"
    add(Store(store), make_bundle("a"))
    Store(store, cache).known("archive")
    shutil.rmtree(store)
    add(Store(store), make_bundle("b"))
    assert {origin for origin, _ in Store(store, cache).known("archive")} == {"b"}


def test_a_damaged_cache_costs_time_only(tmp_path: Path) -> None:
    """A file that was cut off is read past, and replaced."""
    store, cache = tmp_path / "store", tmp_path / "cache"
    add(Store(store), make_bundle("a"))
    known = Store(store, cache).known("archive")
    file = cache / states.FILE
    file.write_bytes(file.read_bytes()[:5000])
    assert Store(store, cache).known("archive") == known
    assert Store(store, cache).known("archive") == known
