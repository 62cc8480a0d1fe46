"""Which editions go, and what stays of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportgen.errors import PublishError
from reportgen.publish import Keep, known_on_branch, linked_editions, prune_branch
from tests.publish.sample import Repository, make_site
from tests.publish.test_branch import publish, pushed

EDITIONS = ("main", "v23.0.0", "w_2021_30", "w_2021_32", "w_2021_34", "d_2021_08_20", "DM-1234")


@pytest.fixture
def published(repository: Repository, tmp_path: Path) -> Repository:
    """Publish one edition of each kind; each has a run and a figure of its own, and one shared."""
    for name in EDITIONS:
        runs = [f"rc2/{name.lower()}"]
        site = make_site(tmp_path / name, name, runs=runs, figures={"own": name, "all": "all"})
        publish(repository, site, name, aliases=["stable"] if name == "w_2021_30" else [])
    return repository


def versions(repository: Repository) -> list[str]:
    """Return the editions in the order of the selector."""
    return [one["version"] for one in json.loads(repository.read("v/versions.json"))]


def prune(repository: Repository, keep: Keep) -> tuple[str, ...]:
    """Drop editions and return which."""
    return prune_branch(pushed(repository), keep=keep).dropped


def test_versions_stand_in_the_order_of_releases(published: Repository) -> None:
    """Main first; then the newest release first."""
    order = ["main", "DM-1234", "w_2021_34", "d_2021_08_20", "w_2021_32", "w_2021_30", "v23.0.0"]
    assert versions(published) == order


def test_old_weeklies_go(published: Repository) -> None:
    """The newest weeklies and dailies stay, and main, releases, tickets, and what has an alias."""
    assert prune(published, Keep(newest=2)) == ("w_2021_32",)
    assert prune(published, Keep(newest=2)) == ()
    assert "w_2021_32" not in versions(published)
    assert "v/w_2021_30/index.html" in published.listing()


def test_releases_go_too_if_not_kept(published: Repository) -> None:
    """Without ``releases`` the editions of releases count among the newest."""
    assert prune(published, Keep(newest=3, releases=False)) == ("v23.0.0",)


def test_pinned_editions_stay(published: Repository) -> None:
    """An edition that notes link to is never dropped."""
    notes = [
        "see https://example.org/metrics/v/w_2021_32/runs/rc2/w_2021_32/#PA1-g",
        "and [x](../v/)",
    ]
    pinned = linked_editions(notes)
    assert pinned == {"w_2021_32"}
    assert prune(published, Keep(newest=0, pinned=pinned)) == ("d_2021_08_20", "w_2021_34")


def test_what_only_a_dropped_edition_used_goes(published: Repository) -> None:
    """Figures that nothing uses are collected; shared ones and other editions stay."""
    before = published.listing()
    report = prune_branch(pushed(published), keep=Keep(newest=2))
    after = published.listing()
    figures = [path for path in before if path.startswith("figures/")]
    gone = [path for path in figures if path not in after]
    assert len(gone) == report.collected.files == 1
    assert published.read(gone[0], f"{published.tip()}^") == "<svg>w_2021_32</svg>"
    others = [path for path in before if path.startswith("v/") and path.count("/") > 1]
    others = [path for path in others if not path.startswith("v/w_2021_32/")]
    assert {path: before[path] for path in others} == {path: after[path] for path in others}
    assert ".reportgen/editions/w_2021_32.json" not in after


def test_a_dropped_edition_leaves_tombstones(published: Repository) -> None:
    """Its own runs say what was last known, and its address says that it was dropped."""
    prune(published, Keep(newest=2))
    stone = published.read("runs/rc2/w_2021_32/index.html")
    assert "rc2 with w_2021_32" in stone
    assert "2 failed, 14 passed" in stone
    assert "no longer published" in published.read("v/w_2021_32/index.html")
    assert "v/main/" in published.read("metrics/validate_drp.AM1/index.html")
    assert "Dropped: w_2021_32." in published.read("v/index.html")


def test_a_dropped_edition_can_come_back(published: Repository, tmp_path: Path) -> None:
    """Published again, it is as if it had never gone, but for the record that it was there."""
    before = published.listing()
    prune(published, Keep(newest=2))
    publish(published, tmp_path / "w_2021_32", "w_2021_32")
    assert published.listing() == before


def test_what_was_dropped_stays_known(published: Repository) -> None:
    """So that it is not taken for a release that has had no edition yet."""
    prune(published, Keep(newest=2))
    assert known_on_branch(pushed(published)) == set(EDITIONS)
    assert known_on_branch(pushed(published, name="other")) == set()


def test_nothing_to_drop_makes_no_commit(published: Repository) -> None:
    """Where everything stays, the branch stays."""
    tip = published.tip()
    assert prune(published, Keep(newest=24)) == ()
    assert published.tip() == tip


def test_a_negative_number_is_refused(published: Repository) -> None:
    """It cannot be meant."""
    with pytest.raises(PublishError, match="Give 0 or more"):
        prune(published, Keep(newest=-1))
