"""Editions: the site of everything, and that of one release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from reportgen.errors import UnknownNameError
from reportgen.model.editions import MAIN
from reportgen.model.runs import Run, is_release, release_order
from reportgen.store import Store


def check_edition(store: Store, edition: str) -> None:
    """Refuse an edition that would show no run.

    Raises
    ------
    UnknownNameError
        If it is not ``main`` and no run has this release.
    """
    releases = {run.release for run in store.runs}
    if edition != MAIN and edition not in releases:
        raise UnknownNameError("release", edition, releases)


def runs_of(runs: Sequence[Run], edition: str) -> list[Run]:
    """Return the runs that an edition speaks of.

    Of a release: its own, and those before it in the same datasets, which stand in its references
    and histories. What else was processed meanwhile is told by ``main``.
    """
    if edition == MAIN:
        return list(runs)
    datasets = {run.dataset for run in runs if run.release == edition}
    last = release_order(edition)
    return [
        run
        for run in runs
        if run.dataset in datasets and (run.release == edition or release_order(run.release) < last)
    ]


def final_releases(runs: Sequence[Run], recent: int) -> list[str]:
    """Return the releases that ``main`` shows and that are over, oldest first.

    A release is over once each of its datasets has a run with a later one. Versions, weeklies and
    dailies only: other runs, such as months of calibrations, go on in ``main``.
    """
    by_dataset: defaultdict[str, list[str]] = defaultdict(list)
    for run in runs:
        by_dataset[run.dataset].append(run.release)
    shown = {one for releases in by_dataset.values() for one in releases[-recent:]}
    dated = [[one for one in releases if is_release(one)] for releases in by_dataset.values()]
    newest = {releases[-1] for releases in dated if releases}
    return sorted(filter(is_release, shown - newest), key=release_order)


def in_full(runs: Sequence[Run], recent: int, edition: str) -> list[Run]:
    """Return the runs that have a page: those of a release; of ``main`` the newest of a dataset."""
    if edition != MAIN:
        return [run for run in runs if run.release == edition]
    newest: defaultdict[str, list[Run]] = defaultdict(list)
    for run in runs:
        newest[run.dataset].append(run)
    return [run for one in newest.values() for run in one[-recent:]]
