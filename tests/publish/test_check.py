"""The link walk over everything that is published."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from reportgen.errors import PublishError
from reportgen.publish import Branch, check_branch, check_folder, publish_folder
from reportgen.site.links import check_links
from tests.publish.sample import URL, Repository, make_site, write
from tests.publish.test_branch import publish

WALK = partial(check_links, base_path="/metrics/", root_path="/metrics/")


@pytest.mark.parametrize("push", [True, False])
def test_all_editions_link_to_what_exists(
    repository: Repository, tmp_path: Path, *, push: bool
) -> None:
    """Editions, shared figures and assets, stubs, aliases and lists fit together."""
    for name in ("w_2021_34", "w_2021_36", "main"):
        runs = ["rc2/w_2021_34"] if name == "w_2021_34" else ["rc2/w_2021_36", "rc2/w_2021_37"]
        site = make_site(tmp_path / name, name, runs=runs, comparisons=["rc2/w_1...w_2"])
        publish(repository, site, name, aliases=[f"a-{name}"], push=push, url=URL)
    shrunk = make_site(tmp_path / "shrunk", "main", runs=["rc2/w_2021_36"])
    publish(repository, shrunk, "main", push=push)
    report = check_branch(Branch(repository=repository.work), check=WALK, url=URL)
    assert report.problems == ()
    where = repository.remote if push else repository.work
    names = repository.git("ls-tree", "-r", "--name-only", "gh-pages", where=where)
    assert report.weight.files == len(names.splitlines())


def test_a_self_contained_edition_needs_nothing_else(tmp_path: Path) -> None:
    """With its own figures and assets, an edition is complete by itself, also from a disk."""
    to, site = tmp_path / "public", make_site(tmp_path / "site")
    publish_folder(site, to, edition="main", self_contained=True)
    assert not (to / "figures").exists()
    assert check_links(to / "v" / "main") == []
    page = Path("metrics", "validate_drp.AM1", "index.html")
    figures = [one.split('"')[0] for one in (site / page).read_text().split('src="')[1:]]
    assert figures == ["../../figures/f1.svg"]
    assert 'src="../../figures/f1.svg"' in (to / "v" / "main" / page).read_text()


def test_dead_links_are_found_wherever_they_are(tmp_path: Path) -> None:
    """A missing figure, a dead permalink, a page that was removed by hand: each is named."""
    to = tmp_path / "public"
    site = make_site(tmp_path / "site")
    write(site / "notes" / "index.html", f'<a href="{URL}/runs/rc2/w_2021_99/#PA1-g">run</a>')
    publish_folder(site, to, edition="main")
    figure = next((to / "figures").iterdir())
    figure.unlink()
    (to / "v" / "main" / "runs" / "rc2" / "w_2021_34" / "index.html").unlink()
    report = check_folder(to, check=WALK, url=URL)
    found = "\n".join(report.problems)
    assert f"v/main/index.html: ../../figures/{figure.name}" in found
    assert "runs/rc2/w_2021_34/index.html: ../../../v/main/runs/rc2/w_2021_34/" in found
    assert f"v/main/notes/index.html: {URL}/runs/rc2/w_2021_99/ leads to nothing" in found


def test_the_check_weighs_the_site(tmp_path: Path) -> None:
    """Close to the limit there is a warning."""
    to = tmp_path / "public"
    publish_folder(make_site(tmp_path / "site"), to, edition="main")
    size = check_folder(to, check=WALK).weight.size
    assert size == sum(path.stat().st_size for path in to.rglob("*") if path.is_file())
    with (to / "film.mp4").open("wb") as film:
        film.truncate(900_000_000)  # no bytes on the disk
    assert "reportgen prune" in check_folder(to, check=WALK).warnings[0]


def test_nothing_is_published(repository: Repository, tmp_path: Path) -> None:
    """Without a branch or folder the error says what to do."""
    with pytest.raises(PublishError, match="Publish an edition first"):
        check_branch(Branch(repository=repository.work), check=WALK)
    with pytest.raises(PublishError, match="Publish into it first"):
        check_folder(tmp_path / "none", check=WALK)
