"""Editions in a plain folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.errors import PublishError
from reportgen.publish import Keep, Wish, prune_folder, publish_folder
from tests.publish.sample import Repository, folder_listing, make_site, write
from tests.publish.test_branch import publish

LATEST = Wish(aliases=("latest",))


def test_a_folder_holds_what_the_branch_holds(repository: Repository, tmp_path: Path) -> None:
    """Both ways of publishing give the same files, byte for byte."""
    to = tmp_path / "public"
    for name in ("main", "w_2021_34", "main"):
        site = make_site(tmp_path / name, name, text=name)
        publish_folder(site, to, edition=name, wish=LATEST if name != "main" else Wish())
        publish(repository, site, name, aliases=["latest"] if name != "main" else [])
    out = tmp_path / "out"
    out.mkdir()
    repository.git(f"--work-tree={out}", "checkout", "gh-pages", "--", ".")
    assert folder_listing(to) == folder_listing(out)


def test_the_same_content_again_touches_no_file(tmp_path: Path) -> None:
    """Files that would stay the same keep their time of change."""
    site, to = make_site(tmp_path / "site"), tmp_path / "public"
    assert publish_folder(site, to, edition="main").changed is True
    before = {path: path.stat().st_mtime_ns for path in to.rglob("*")}
    assert publish_folder(site, to, edition="main").changed is False
    assert {path: path.stat().st_mtime_ns for path in to.rglob("*")} == before


def test_what_an_edition_no_longer_holds_is_removed(tmp_path: Path) -> None:
    """Publishing an edition again leaves nothing of its old state, and others' files alone."""
    to = tmp_path / "public"
    write(to / "CNAME", "x.org")
    write(to / "v" / "own" / "a.txt", "mine")
    first = make_site(tmp_path / "a", runs=["rc2/w_1", "rc2/w_2"], figures={"f": "old"})
    publish_folder(first, to, edition="main")
    second = make_site(tmp_path / "b", runs=["rc2/w_2"], figures={"f": "new"})
    publish_folder(second, to, edition="main")
    assert not (to / "v" / "main" / "runs" / "rc2" / "w_1").exists()
    assert [path.read_text() for path in (to / "figures").iterdir()] == ["<svg>new</svg>"]
    assert (to / "CNAME").read_text() == "x.org"
    assert (to / "v" / "own" / "a.txt").read_text() == "mine"
    assert not list(to.rglob("*.tmp"))


def test_a_folder_inside_the_site_is_refused(tmp_path: Path) -> None:
    """A site is not published into itself."""
    site = make_site(tmp_path / "site")
    for to in (site, site / "public", tmp_path):
        with pytest.raises(PublishError, match="lie inside each other"):
            publish_folder(site, to, edition="main")


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """The error names the file that is in the way."""
    write(tmp_path / "public", "a file")
    with pytest.raises(PublishError, match="cannot be written"):
        publish_folder(make_site(tmp_path / "site"), tmp_path / "public", edition="main")


def test_a_link_of_mike_is_not_written_through(tmp_path: Path) -> None:
    """An alias that is a symbolic link to an edition becomes a folder of its own."""
    to = tmp_path / "public"
    first, second = (make_site(tmp_path / name, name) for name in ("w_1", "w_2"))
    publish_folder(first, to, edition="w_1")
    (to / "v" / "latest").symlink_to("w_1")
    versions = (to / "v" / "versions.json").read_text().replace("[]", '["latest"]')
    (to / "v" / "versions.json").write_text(versions)
    before = folder_listing(to / "v" / "w_1")
    publish_folder(second, to, edition="w_2", wish=LATEST)
    assert not (to / "v" / "latest").is_symlink()
    assert folder_listing(to / "v" / "w_1") == before


def test_a_manifest_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    """Whoever may write the folder cannot make publishing delete other files."""
    to = tmp_path / "public"
    publish_folder(make_site(tmp_path / "a", figures={"f": "1"}), to, edition="main")
    precious = tmp_path / "precious.txt"
    precious.write_text("x")
    for file in (to / ".reportgen").rglob("*.json"):
        text = file.read_text()
        name = next(path.name for path in (to / "figures").iterdir())
        file.write_text(text.replace(f"figures/{name}", "figures/../../precious.txt"))
    with pytest.raises(PublishError, match="outside"):
        publish_folder(make_site(tmp_path / "b", figures={"f": "2"}), to, edition="main")
    assert precious.exists()


def test_pruning_a_folder(tmp_path: Path) -> None:
    """Dropping editions works in a folder as on the branch."""
    to = tmp_path / "public"
    for name in ("w_2021_34", "w_2021_35"):
        site = make_site(tmp_path / name, name, runs=[f"rc2/{name}"], figures={"f": name})
        publish_folder(site, to, edition=name)
    report = prune_folder(to, keep=Keep(newest=1))
    assert report.dropped == ("w_2021_34",)
    assert [path.read_text() for path in (to / "figures").iterdir()] == ["<svg>w_2021_35</svg>"]
    assert "no longer published" in (to / "v" / "w_2021_34" / "index.html").read_text()
    assert prune_folder(to, keep=Keep(newest=1)).changed is False
