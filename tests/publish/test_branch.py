"""Editions on a branch."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reportgen.errors import PublishError
from reportgen.publish import Branch, PublishReport, publish_branch
from tests.publish.sample import (
    IDENTITY,
    Repository,
    make_repository,
    make_site,
    split_wish,
    write,
)


def publish(repository: Repository, site: Path, edition: str, **options: object) -> PublishReport:
    """Publish with a push, and without long pauses."""
    wish, others = split_wish(options)
    return publish_branch(site, pushed(repository, **others), edition=edition, wish=wish)


def pushed(repository: Repository, **settings: object) -> Branch:
    """Return the branch of the remote, with short pauses between tries."""
    return Branch(**({"repository": repository.work, "push": True, "pause": 0.01} | settings))


def weeklies(number: int) -> Iterator[str]:
    """Yield so many names of weeklies."""
    return (f"w_2021_{week:02d}" for week in range(1, number + 1))


def test_an_edition_lies_below_v_and_its_permalinks_at_the_root(
    repository: Repository, tmp_path: Path
) -> None:
    """The layout is the one of LSST the Docs: editions, stubs, shared files, lists."""
    publish(repository, make_site(tmp_path / "site"), "main", aliases=["latest"])
    shared = {path for path in repository.listing() if path.startswith(("figures/", "assets/"))}
    assert len(shared) == 3
    assert set(repository.listing()) - shared == {
        ".nojekyll",
        ".reportgen/editions/main.json",
        ".reportgen/manifest.json",
        "404.html",
        "index.html",
        "metrics/validate_drp.AM1/index.html",
        "runs/rc2/w_2021_34/index.html",
        "v/index.html",
        "v/latest/index.html",
        "v/latest/metrics/validate_drp.AM1/index.html",
        "v/latest/runs/rc2/w_2021_34/index.html",
        "v/main/api/v1/index.json",
        "v/main/index.html",
        "v/main/metrics/validate_drp.AM1/index.html",
        "v/main/runs/rc2/w_2021_34/index.html",
        "v/main/sitemap.xml",
        "v/switcher.json",
        "v/versions.json",
    }


EDITIONS = int(os.environ.get("REPORTGEN_EDITIONS", "12"))
"""Enough to see what one does to the others; more of them by the environment."""


def test_many_editions_leave_one_another_as_they_are(
    repository: Repository, tmp_path: Path
) -> None:
    """What one edition holds is never changed by publishing another; no file is a link."""
    repository.commit_foreign({"CNAME": "metrics.example.org\n", "talks/a b.txt": "slides"})
    before = repository.listing()
    for name in weeklies(EDITIONS):
        site = make_site(tmp_path / name, name, runs=[f"rc2/{name}"], figures={"f": name, "g": "g"})
        publish(repository, site, name, aliases=["latest"])
        now = repository.listing()
        lasting = {path for path in before if not path.startswith(("v/latest/", ".reportgen/m"))}
        lasting -= {"index.html", "404.html", "v/index.html", "v/versions.json", "v/switcher.json"}
        lasting -= {path for path in before if path.startswith("metrics/")}
        assert {path: now.get(path) for path in lasting} == {path: before[path] for path in lasting}
        before = now
    assert all(one.startswith("100644 ") for one in before.values())
    versions = json.loads(repository.read("v/versions.json"))
    assert [one["version"] for one in versions] == sorted(weeklies(EDITIONS), reverse=True)
    assert [one["aliases"] for one in versions] == [["latest"], *[[]] * (EDITIONS - 1)]
    figures = [path for path in before if path.startswith("figures/")]
    assert len(figures) == EDITIONS + 1


def test_the_same_content_again_makes_no_commit(repository: Repository, tmp_path: Path) -> None:
    """Publishing twice is publishing once, also after another edition came."""
    site = make_site(tmp_path / "site")
    publish(repository, site, "main")
    publish(repository, make_site(tmp_path / "w", "w_2021_34"), "w_2021_34")
    tip = repository.tip()
    again = publish(repository, site, "main")
    assert (again.changed, again.pushed, again.commit) == (False, False, tip)
    assert repository.tip() == tip


def test_two_machines_make_the_same_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the clock nor the machine is in a commit; SOURCE_DATE_EPOCH sets its date."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    site, tips = make_site(tmp_path / "site"), set()
    for name in ("one", "two"):
        repository = make_repository(tmp_path / name)
        publish(repository, site, "main")
        tips.add(repository.tip())
    assert len(tips) == 1
    assert repository.git("show", "-s", "--format=%at %ct", "gh-pages") == "1700000000 1700000000"


def test_an_alias_has_one_owner(repository: Repository, tmp_path: Path) -> None:
    """An alias moves to the edition that asks for it, and leads to its pages."""
    for name in ("w_2021_34", "w_2021_36"):
        site = make_site(tmp_path / name, name, runs=[f"rc2/{name}"])
        publish(repository, site, name, aliases=["latest"])
    assert "v/latest/runs/rc2/w_2021_34/index.html" not in repository.listing()
    stub = repository.read("v/latest/runs/rc2/w_2021_36/index.html")
    assert '"../../../../w_2021_36/runs/rc2/w_2021_36/"' in stub


@pytest.mark.parametrize("name", ["main", "MAIN", "../x", "", ".git", "a/b", "versions.json"])
def test_an_alias_that_cannot_be(repository: Repository, tmp_path: Path, name: str) -> None:
    """An alias is a folder of its own below v/, on every file system."""
    publish(repository, make_site(tmp_path / "main"), "main")
    tip = repository.tip()
    with pytest.raises(PublishError, match=r"alias|capitals"):
        publish(repository, make_site(tmp_path / "w", "w_1"), "w_1", aliases=[name])
    assert repository.tip() == tip


def test_files_of_others_are_not_overwritten(repository: Repository, tmp_path: Path) -> None:
    """A front page that somebody else wrote stays, before and after ours; the report says so."""
    site = make_site(tmp_path / "site")
    publish(repository, site, "main")
    theirs = {
        "index.html": "mine",
        "CNAME": "x.org",
        "v/notes.txt": "n",
        "runs/own/index.html": "r",
    }
    repository.commit_foreign(theirs)
    report = publish(repository, make_site(tmp_path / "site", text="new", runs=["own"]), "main")
    assert {path: repository.read(path) for path in theirs} == theirs
    assert report.kept == ("index.html", "runs/own/index.html")


def test_a_folder_that_is_no_edition_is_not_replaced(
    repository: Repository, tmp_path: Path
) -> None:
    """What others keep below v/ cannot become an edition by accident."""
    repository.commit_foreign({"v/w_2021_34/index.html": "mine"})
    with pytest.raises(PublishError, match="is no edition"):
        publish(repository, make_site(tmp_path / "w", "w_2021_34"), "w_2021_34")


def test_a_branch_of_mike_is_taken_over(repository: Repository, tmp_path: Path) -> None:
    """Versions that mike has published stay, with their titles, aliases and properties."""
    theirs = [
        {"version": "1.0", "title": "One", "aliases": ["old"], "properties": {"hidden": True}}
    ]
    repository.commit_foreign(
        {"v/versions.json": json.dumps(theirs), "v/1.0/index.html": "1", "v/old/index.html": "o"}
    )
    publish(repository, make_site(tmp_path / "site"), "main", aliases=["latest"])
    ours = {"version": "main", "title": "main", "aliases": ["latest"]}
    assert json.loads(repository.read("v/versions.json")) == [ours, *theirs]
    assert repository.read("v/1.0/index.html") == "1"
    assert repository.read("v/old/index.html") == "o"


def test_mike_reads_what_was_published(repository: Repository, tmp_path: Path) -> None:
    """`mike list --deploy-prefix v` lists our editions with their aliases."""
    pytest.importorskip("mike")
    publish(repository, make_site(tmp_path / "m"), "main", push=False)
    site = make_site(tmp_path / "w", "w_2021_34")
    publish(repository, site, "w_2021_34", aliases=["latest"], push=False)
    write(repository.work / "mkdocs.yml", "site_name: x\n")
    write(repository.work / "docs" / "index.md", "x")
    command = [sys.executable, "-c", "import mike.driver; mike.driver.main()", "list"]
    options = ["--deploy-prefix", "v", "--branch", "gh-pages"]
    done = subprocess.run(
        [*command, *options], cwd=repository.work, capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split("\n")[:2]) == {"main", "w_2021_34 [latest]"}


def test_an_edition_that_somebody_deleted_is_forgotten(
    repository: Repository, tmp_path: Path
) -> None:
    """After `mike delete`, permalinks lead to another edition and unused figures go."""
    for name, figure in (("w_2021_34", "old"), ("w_2021_36", "new")):
        site = make_site(tmp_path / name, name, figures={"f": figure})
        publish(repository, site, name)
    stub = "runs/rc2/w_2021_34/index.html"
    assert "v/w_2021_36/" in repository.read(stub)
    head = "commit refs/heads/gh-pages\ncommitter x <x@example.org> 1 +0000\ndata 1\nx\n"
    stream = f"{head}from refs/heads/gh-pages^0\nD v/w_2021_36\ndone\n"
    repository.git("fast-import", "--quiet", "--done", text=stream)
    report = publish(
        repository, make_site(tmp_path / "w_2021_34", "w_2021_34", text="x"), "w_2021_34"
    )
    assert report.dropped == ("w_2021_36",)
    assert "v/w_2021_34/" in repository.read(stub)
    assert [one for one in repository.listing() if one.startswith("figures/")] != []
    versions = json.loads(repository.read("v/versions.json"))
    assert [one["version"] for one in versions] == ["w_2021_34"]


def test_a_squashed_branch_has_one_commit(repository: Repository, tmp_path: Path) -> None:
    """--history squash keeps all editions and no history; again, it changes nothing."""
    for name in weeklies(3):
        publish(repository, make_site(tmp_path / name, name), name)
    site = make_site(tmp_path / "main")
    publish(repository, site, "main", history="squash")
    assert repository.git("rev-list", "--count", "gh-pages") == "1"
    assert {f"v/{name}/index.html" for name in weeklies(3)} <= set(repository.listing())
    assert publish(repository, site, "main", history="squash").changed is False


@pytest.mark.parametrize("trouble", ["missing", "other edition", "damaged", "link"])
def test_a_site_that_cannot_be_published(
    repository: Repository, tmp_path: Path, trouble: str
) -> None:
    """Each error says in one line what is wrong, and nothing is published."""
    site = tmp_path / "site"
    if trouble != "missing":
        make_site(site, "w_2021_34" if trouble == "other edition" else "main")
    if trouble == "damaged":
        write(site / "api" / "v1" / "index.json", "[")
    if trouble == "link":
        (site / "secret.txt").symlink_to("/etc/hostname")
    words = {
        "missing": "no finished site",
        "other edition": "holds the edition 'w_2021_34'",
        "damaged": "cannot be read",
        "link": "symbolic link",
    }
    with pytest.raises(PublishError, match=words[trouble]) as error:
        publish(repository, site, "main")
    assert "\n" not in str(error.value)
    assert repository.git("branch", "--list") == ""


def test_a_published_manifest_that_is_damaged(repository: Repository, tmp_path: Path) -> None:
    """Nothing is built upon a manifest that cannot be read, or that leads elsewhere."""
    repository.commit_foreign({".reportgen/manifest.json": "{"})
    with pytest.raises(PublishError, match="json of the published site cannot be read"):
        publish(repository, make_site(tmp_path / "site"), "main")


def test_hooks_and_settings_of_the_user_do_not_interfere(
    repository: Repository, tmp_path: Path
) -> None:
    """No hook runs, nothing is signed, and the user's repository stays as it is."""
    hook = repository.work / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ntouch ran\nexit 1\n")
    hook.chmod(hook.stat().st_mode | stat.S_IXUSR)
    for key, value in (("commit.gpgsign", "true"), ("push.followTags", "true")):
        repository.git("config", key, value, where=repository.work)
    repository.git(*IDENTITY, "tag", "-a", "v1", "-m", "x", where=repository.work)
    settings = (repository.work / ".git" / "config").read_text()
    publish(repository, make_site(tmp_path / "site"), "main")
    assert not list(repository.work.glob("ran"))
    assert repository.git("tag", "--list") == ""
    assert (repository.work / ".git" / "config").read_text() == settings
    assert repository.git("for-each-ref", "--format=%(refname)", where=repository.work) == (
        "refs/heads/trunk\nrefs/tags/v1"
    )
    assert not (repository.work / ".git" / "shallow").exists()
