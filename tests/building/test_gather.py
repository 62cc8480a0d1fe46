"""Runs are read together as far as their rows allow."""

from __future__ import annotations

from reportgen.building import gather
from reportgen.model.runs import Revision, Run, RunKey


def make_run(release: str, rows: int) -> Run:
    """Return a run with so many measurements."""
    revision = Revision(number=1, jobs=1, replaced=0, measurements=rows, tests=0)
    return Run(key=RunKey(dataset="d", release=release), revisions=(revision,))


def test_small_runs_are_read_together_and_large_ones_alone() -> None:
    """So that neither questions nor rows become many."""
    half = gather.ROWS_AT_ONCE // 2
    sizes = {"a": half, "b": half, "c": 1, "d": 3 * half, "e": 1, "f": 1}
    runs = [make_run(name, rows) for name, rows in sizes.items()]
    batches = [[run.release for run in batch] for batch in gather._batches(runs)]
    assert batches == [["a", "b"], ["c"], ["d"], ["e", "f"]]
