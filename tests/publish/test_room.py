"""What the published site weighs."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.errors import PublishError
from reportgen.publish import Keep, Wish, prune_branch, publish_folder
from reportgen.publish.room import Limits
from tests.publish.sample import Repository, make_site, write
from tests.publish.test_branch import publish, pushed


def test_the_weight_is_that_of_the_files(tmp_path: Path) -> None:
    """Files, bytes and the largest file are those of the whole published site."""
    to = tmp_path / "public"
    write(to / "talks" / "slides.txt", "x" * 5000)
    for name in ("main", "w_2021_34", "main"):
        site = make_site(tmp_path / name, name, figures={"f": name * 100, "g": "g"})
        report = publish_folder(site, to, edition=name, wish=Wish(aliases=(f"a-{name}",)))
    sizes = {path: path.stat().st_size for path in to.rglob("*") if path.is_file()}
    assert (report.weight.files, report.weight.size) == (len(sizes), sum(sizes.values()))
    assert (report.weight.largest, report.weight.largest_size) == ("talks/slides.txt", 5000)
    assert report.weight.unmeasured == 0


def test_files_of_others_are_counted_where_they_are_not_here(
    repository: Repository, tmp_path: Path
) -> None:
    """Where only the folders of a branch were fetched, others' files count as not measured."""
    repository.commit_foreign({"talks/a.txt": "x", "v/own/b.txt": "y"})
    report = publish(repository, make_site(tmp_path / "site"), "main")
    assert report.weight.unmeasured == 2
    assert report.weight.files == len(repository.listing())


def test_almost_full(repository: Repository, tmp_path: Path) -> None:
    """From 80 % of the room on there is a warning with what to do."""
    site = make_site(tmp_path / "site", text="x" * 1000)
    size = publish(repository, site, "main").weight.size
    assert publish(repository, site, "main", limits=Limits(site=size * 2)).warnings == ()
    full = publish(repository, site, "main", limits=Limits(site=int(size / 0.85)))
    assert "reportgen prune" in full.warnings[0]


def test_too_large_is_refused(repository: Repository, tmp_path: Path) -> None:
    """More than the host takes is refused before anything is sent; dropping editions helps."""
    limits = Limits(site=22_000)
    first = make_site(tmp_path / "a", "w_2021_34", figures={"f": "a" * 12_000})
    second = make_site(tmp_path / "b", "w_2021_36", figures={"f": "b" * 12_000})
    publish(repository, first, "w_2021_34", limits=limits)
    tip = repository.tip()
    with pytest.raises(PublishError, match="Drop old editions first with `reportgen prune"):
        publish(repository, second, "w_2021_36", limits=limits)
    assert repository.tip() == tip
    prune_branch(pushed(repository), keep=Keep(newest=0))
    publish(repository, second, "w_2021_36", limits=limits)


def test_a_file_that_git_would_not_take(repository: Repository, tmp_path: Path) -> None:
    """One file over the limit is named."""
    site = make_site(tmp_path / "site")
    write(site / "data" / "all.parquet", "x" * 5000)
    with pytest.raises(PublishError, match=r"v/main/data/all.parquet has"):
        publish(repository, site, "main", limits=Limits(file=4000))


def test_figures_count_once(tmp_path: Path) -> None:
    """A figure that several editions show takes its room once."""
    to = tmp_path / "public"
    figure = {"f": "x" * 10_000}
    first = publish_folder(make_site(tmp_path / "a", "w_1", figures=figure), to, edition="w_1")
    second = publish_folder(make_site(tmp_path / "b", "w_2", figures=figure), to, edition="w_2")
    assert second.weight.size - first.weight.size < 5000


def test_what_the_old_state_of_an_edition_used_goes(tmp_path: Path) -> None:
    """Publishing main again and again does not heap up its old figures."""
    to = tmp_path / "public"
    for number in range(3):
        site = make_site(tmp_path / str(number), figures={"f": f"{number}", "g": "g"})
        report = publish_folder(site, to, edition="main")
    assert len(list((to / "figures").iterdir())) == 2
    assert report.collected.files == 1
