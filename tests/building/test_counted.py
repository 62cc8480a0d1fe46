from __future__ import annotations

from pathlib import Path

from reportgen.building.counted import FILE, Counted
from reportgen.building.gather import gather_knowledge, gather_runs
from reportgen.config import load_config
from reportgen.definitions.catalogue import Definitions
from reportgen.model.report import Counts
from reportgen.store import Store
from tests.factories import make_bundle, make_key, make_row

KEPT = {"d/r": Counts(passed=1, failed=2)}


def test_counts_hold_while_run_and_rules_do(tmp_path: Path) -> None:
    """A run that grew, or that other definitions judge, is counted anew."""
    Counted(tmp_path, "rules").save({"d/r": "one"}, KEPT)
    assert Counted(tmp_path, "rules").load({"d/r": "one", "d/s": "one"}) == KEPT
    assert Counted(tmp_path, "rules").load({"d/r": "two"}) == {}
    assert Counted(tmp_path, "others").load({"d/r": "one"}) == {}


def test_a_damaged_file_counts_for_nothing(tmp_path: Path) -> None:
    """A file that was cut off, or of another shape, is passed over."""
    Counted(tmp_path, "rules").save({"d/r": "one"}, KEPT)
    text = (tmp_path / FILE).read_text()
    for broken in (text[:40], "[]", text.replace("passed", "gone")):
        (tmp_path / FILE).write_text(broken)
        assert Counted(tmp_path, "rules").load({"d/r": "one"}) == {}


def test_only_runs_without_counts_are_counted(tmp_path: Path) -> None:
    """Older runs show what was kept; a run of which nothing is known is read."""
    (tmp_path / "reportgen.toml").write_text('[site]\nname = "Counts"\nrecent_runs = 1\n')
    config, store = load_config(tmp_path / "reportgen.toml"), Store(tmp_path / "store")
    with store.writer() as writer:
        for release in ("w_2024_01", "w_2024_02", "w_2024_03"):
            key = make_key(release=release)
            writer.add("jobs", make_bundle(release, run=key, measurements=[make_row()]))
        writer.commit()
    store = Store(tmp_path / "store")
    first, second, _ = (run.id for run in store.runs)
    counted = Counted(tmp_path, "rules")
    counted.save(store.run_states, {first: Counts(failed=7)})
    knowledge = gather_knowledge(store, Definitions())
    found = gather_runs(store, knowledge, config, counted=counted)
    assert [one.counts for one in found.summaries] == [
        Counts(failed=7),
        Counts(no_specification=1),
        Counts(no_specification=1),
    ]
    assert set(counted.load(store.run_states)) == {first, second}
