from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from reportgen.errors import StoreDamagedError
from reportgen.model.bundle import Unreadable
from reportgen.model.definitions import Metric
from reportgen.store import Store
from reportgen.store.journal import Addition, Journal
from tests.factories import make_bundle, make_key, make_row

REVISION = "hsc-rc2/w_2021_30/rev-0001"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a store of one run that has every kind of file."""
    metric = Metric(name="p.m", unit="mag")
    with Store(tmp_path / "store").writer() as writer:
        blob = {"identifier": "1", "name": "extras", "data": "{}"}
        writer.add("one", make_bundle("a", metrics=[metric], blobs=[blob]))
        writer.add_unreadable("one", Unreadable(origin="b", reason="cut", sha256="1"))
        writer.set_watermark("one", 1, "r")
        writer.commit()
    return tmp_path / "store"


def ask_everything(folder: Path) -> None:
    """Ask what pages and pulls ask."""
    store = Store(folder)
    assert store.runs
    store.definitions()
    store.unreadable()
    store.measurements()
    store.blobs()
    store.history(["p.m"])
    store.newest()
    with store.writer() as writer:
        assert writer.known("one")


def cut(file: Path) -> None:
    """Leave the first bytes."""
    file.write_bytes(file.read_bytes()[:20])


def encode(file: Path) -> None:
    """Write what is no UTF-8."""
    file.write_bytes(b"\xff\xfe\x00")


def replace(file: Path) -> None:
    """Write JSON of another shape."""
    file.write_text("[1]")


def change(file: Path) -> None:
    """Write an object of another shape."""
    file.write_text('{"x": 1}')


def drop_a_column(file: Path) -> None:
    """Write a table that lacks a column."""
    table = pq.read_table(file)
    pq.write_table(
        table.drop_columns(["value" if "value" in table.column_names else "origin"]), file
    )


def delete(file: Path) -> None:
    """Take it away, as a synchronisation that was cut off does."""
    file.unlink()


@pytest.mark.parametrize(
    ("pattern", "damage"),
    [
        *((f"{REVISION}/run.json", one) for one in (cut, encode, replace, change, delete)),
        *((f"{REVISION}/definitions.json", one) for one in (cut, encode, replace, change, delete)),
        (f"{REVISION}/blobs.parquet", delete),
        *(("unreadable/*.json", one) for one in (cut, encode, replace, change)),
        *(("pulls/000001.json", one) for one in (cut, encode, replace, change)),
        *((f"{REVISION}/jobs.parquet", one) for one in (cut, encode, drop_a_column, delete)),
        *(
            (f"{REVISION}/measurements.parquet", one)
            for one in (cut, encode, drop_a_column, delete)
        ),
    ],
)
def test_a_damaged_file_is_named(store: Path, pattern: str, damage: Callable[[Path], None]) -> None:
    """Whatever is wrong with a file of the store is one line with its name and a way back."""
    ask_everything(store)
    (file,) = store.glob(pattern)
    damage(file)
    with pytest.raises(StoreDamagedError, match="run `reportgen pull --full`") as caught:
        ask_everything(store)
    assert "\n" not in str(caught.value)
    if damage is not drop_a_column:
        assert str(file) in str(caught.value)


def test_a_revision_that_was_put_aside_is_none(store: Path) -> None:
    """What it held is read again, under the number that is free."""
    (store / REVISION).rename(store / f"{REVISION}.old")
    with Store(store).writer() as writer:
        assert not writer.known("one")
        writer.add("one", make_bundle("a"))
        writer.commit()
    ask_everything(store)
    assert (store / REVISION).is_dir()
    assert len(Store(store).jobs()) == 1


def test_where_the_journal_is_lost_the_newest_state_still_counts(store: Path) -> None:
    """Numbers of commits go on behind those that revisions name."""
    for value in (2.0, 3.0):
        if value == 3.0:
            (store / "pulls" / "000002.json").unlink()
            (store / "pulls" / "000001.json").unlink()
        with Store(store).writer() as writer:
            rows = [make_row(value=value)]
            writer.add("one", make_bundle("a", sha256=str(value), measurements=rows))
            writer.commit()
    assert Store(store).measurements()["value"].to_pylist() == [3.0]


def test_what_is_stored_is_never_in_the_way_of_a_commit(store: Path, tmp_path: Path) -> None:
    """It is refused before it begins: what it names would be removed after it failed."""
    (tmp_path / "new").mkdir()
    with pytest.raises(StoreDamagedError, match="where a new one has to go"):
        Journal(store).commit(2, Addition(revisions={REVISION: tmp_path / "new"}), {})
    ask_everything(store)


def test_a_commit_that_was_cut_off_before_it_began_counts_for_nothing(store: Path) -> None:
    """An entry without content, as a power cut leaves one, hides nothing and goes away."""
    (store / "pulls" / "000002.pending").touch()
    ask_everything(store)
    assert [path.name for path in (store / "pulls").iterdir()] == ["000001.json"]


@pytest.mark.parametrize("runs", [1, 40])
def test_a_commit_is_on_disk_before_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runs: int
) -> None:
    """Every file and folder of it is waited for, then it counts, and then that is waited for."""
    waited: list[tuple[str, bool]] = []
    folder = tmp_path / "store"

    def counts() -> bool:
        return (folder / "pulls" / "000001.json").exists()

    def sync(handle: int) -> None:
        waited.append((str(Path(f"/proc/self/fd/{handle}").readlink()), counts()))

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "sync", lambda: waited.append(("all", counts())))
    with Store(folder).writer() as writer:
        for number in range(runs):
            writer.add("one", make_bundle(f"{number}", run=make_key(release=f"v{number}")))
        writer.commit()
    assert waited[-1] == (str(folder / "pulls"), True)
    before = {name for name, counted in waited if not counted}
    assert str(folder / "pulls") in before
    below = {str(path) for path in folder.glob("hsc-rc2/**/*")} | {str(folder)}
    assert below <= before if runs == 1 else "all" in before
    assert Journal(folder).number() == 2
