"""Which runs an edition speaks of, and which releases get one."""

from __future__ import annotations

from reportgen.building.editions import final_releases, runs_of
from reportgen.model.runs import Run, RunKey, release_order


def runs(**releases: str) -> list[Run]:
    """Return runs of datasets in the order of the store."""
    return [
        Run(key=RunKey(dataset=dataset, release=release))
        for dataset, names in releases.items()
        for release in sorted(names.split(), key=release_order)
    ]


EVERY = runs(
    rc2="w_2021_30 w_2021_32 w_2021_34", dc2="w_2021_30 w_2021_32", calib="2021-05 2021-06"
)


def names(found: list[Run]) -> list[str]:
    """Return dataset and release of each run."""
    return [run.id for run in found]


def test_main_speaks_of_everything() -> None:
    """The edition ``main`` has every run."""
    assert runs_of(EVERY, "main") == EVERY


def test_a_release_speaks_of_its_datasets() -> None:
    """What came before in the datasets of the release, nothing later, nothing of other datasets."""
    assert names(runs_of(EVERY, "w_2021_32")) == [
        *("rc2/w_2021_30", "rc2/w_2021_32", "dc2/w_2021_30", "dc2/w_2021_32"),
    ]
    assert names(runs_of(EVERY, "w_2021_34")) == ["rc2/w_2021_30", "rc2/w_2021_32", "rc2/w_2021_34"]
    assert names(runs_of(EVERY, "2021-05")) == ["calib/2021-05"]


def test_a_release_is_over_when_the_next_has_come() -> None:
    """In each of its datasets; months of calibrations and tickets are no releases."""
    assert final_releases(EVERY, recent=12) == ["w_2021_30"]
    alone = runs(rc2="w_2021_30 w_2021_32 DM-1 v23.0.0")
    assert final_releases(alone, recent=12) == ["v23.0.0", "w_2021_30"]
    assert final_releases(runs(rc2="w_2021_30"), recent=12) == []


def test_only_what_main_shows() -> None:
    """An older release has no page in ``main`` that its edition would take over."""
    weeks = runs(rc2=" ".join(f"w_2021_{week:02d}" for week in range(1, 11)))
    assert final_releases(weeks, recent=3) == ["w_2021_08", "w_2021_09"]
