"""Where a commit is made and how it gets to the remote."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from reportgen.errors import PublishError
from reportgen.publish.git import last_words, redact
from reportgen.publish.importing import _PRIVATE as PRIVATE
from tests.publish.sample import IDENTITY, Repository, make_site
from tests.publish.test_branch import publish


def refuse_pushes(repository: Repository, reason: str) -> None:
    """Let the remote refuse every push."""
    hook = repository.remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\necho '{reason}' >&2\nexit 1\n")
    hook.chmod(0o755)


def test_a_remote_that_refuses_is_asked_once(repository: Repository, tmp_path: Path) -> None:
    """A rule of the remote is no lost race: its words are passed on, and the branch stays."""
    publish(repository, make_site(tmp_path / "a"), "main")
    tip = repository.tip()
    refuse_pushes(repository, "protected branch")
    with pytest.raises(PublishError, match=r"refuses the branch gh-pages.*protected branch"):
        publish(repository, make_site(tmp_path / "a", text="new"), "main", pause=60)
    assert repository.tip() == tip


def test_a_remote_that_does_not_answer(repository: Repository, tmp_path: Path) -> None:
    """The error says what to check, and shows no password."""
    gone = "https://user:s3cret@localhost:1/x.git"
    repository.git("remote", "set-url", "origin", gone, where=repository.work)
    with pytest.raises(PublishError, match="does not answer") as error:
        publish(repository, make_site(tmp_path / "site"), "main")
    assert "s3cret" not in str(error.value)


def test_addresses_are_shown_without_secrets() -> None:
    """Whatever stands before the @ of an address is left out."""
    said = "fatal: unable to access 'https://x-access-token:ghs_abc@github.com/o/r.git/': 403"
    assert redact(said) == "fatal: unable to access 'https://***@github.com/o/r.git/': 403"
    assert "ghs_abc" not in last_words(f"remote: x\n{said}")


def test_no_remote_to_push_to(repository: Repository, tmp_path: Path) -> None:
    """Without a remote, a push is refused with what to do; without a push it works."""
    repository.git("remote", "remove", "origin", where=repository.work)
    site = make_site(tmp_path / "site")
    with pytest.raises(PublishError, match="no remote 'origin'"):
        publish(repository, site, "main")
    report = publish(repository, site, "main", push=False)
    assert report.place == "gh-pages"
    assert repository.git("rev-parse", "gh-pages", where=repository.work) == report.commit


def test_no_repository(tmp_path: Path) -> None:
    """Outside of a repository the other way is named."""
    empty = Repository(work=tmp_path, remote=tmp_path)
    with pytest.raises(PublishError, match="--to"):
        publish(empty, make_site(tmp_path / "site"), "main")


@pytest.mark.parametrize("branch", ["", "a..b", "-x", "a b"])
def test_no_such_branch_can_be(repository: Repository, tmp_path: Path, branch: str) -> None:
    """A name that git refuses is refused before anything is read."""
    with pytest.raises(PublishError, match="name of a branch"):
        publish(repository, make_site(tmp_path / "site"), "main", name=branch)


@pytest.mark.parametrize("filters", ["true", "false"])
def test_a_remote_that_gives_everything_or_parts(
    repository: Repository, tmp_path: Path, filters: str
) -> None:
    """Publishing works from a few folders of the branch, and where the remote gives no parts."""
    repository.git("config", "uploadpack.allowFilter", filters)
    for name in ("w_2021_34", "w_2021_36"):
        publish(repository, make_site(tmp_path / name, name), name)
    assert {"v/w_2021_34/index.html", "v/w_2021_36/index.html"} <= set(repository.listing())
    repository.git("fsck", "--strict")


def test_a_remote_that_leaves_files_out_for_good(repository: Repository, tmp_path: Path) -> None:
    """Where single files are refused afterwards, as by protocol 0, everything is fetched."""
    repository.git("config", "protocol.version", "0", where=repository.work)
    for name in ("w_2021_34", "w_2021_36"):
        publish(repository, make_site(tmp_path / name, name), name)
    assert {"v/w_2021_34/index.html", "v/w_2021_36/index.html"} <= set(repository.listing())


def test_an_address_that_begins_at_the_repository(repository: Repository, tmp_path: Path) -> None:
    """The remote may be given by a relative path, wherever publishing is called from."""
    repository.git("remote", "set-url", "origin", "../remote.git", where=repository.work)
    inner = repository.work / "deep" / "folder"
    inner.mkdir(parents=True)
    site = make_site(tmp_path / "site")
    publish(Repository(work=inner, remote=repository.remote), site, "main")
    assert "v/main/index.html" in repository.listing()


def test_git_variables_of_a_hook_do_not_lead_elsewhere(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Called from a hook, where GIT_DIR is set, the named repository is used."""
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    publish(repository, make_site(tmp_path / "site"), "main")
    monkeypatch.delenv("GIT_DIR")
    assert "v/main/index.html" in repository.listing()


def test_editions_published_here_first_are_pushed_along(
    repository: Repository, tmp_path: Path
) -> None:
    """A push brings what earlier calls without one have put on the branch here."""
    publish(repository, make_site(tmp_path / "a", "w_2021_34"), "w_2021_34", push=False)
    assert repository.git("branch", "--list") == ""
    report = publish(repository, make_site(tmp_path / "b"), "main")
    assert {"v/w_2021_34/index.html", "v/main/index.html"} <= set(repository.listing())
    here = repository.git("rev-parse", "gh-pages", where=repository.work)
    assert here == repository.tip() == report.commit


def test_what_lies_here_unpushed_is_pushed_even_without_news(
    repository: Repository, tmp_path: Path
) -> None:
    """Publishing again with a push pushes, though the branch here has the content already."""
    site = make_site(tmp_path / "a")
    publish(repository, site, "main", push=False)
    assert publish(repository, site, "main").pushed is True
    assert publish(repository, site, "main").changed is False
    assert "v/main/index.html" in repository.listing()


def test_a_branch_here_that_is_behind_catches_up(repository: Repository, tmp_path: Path) -> None:
    """What the remote has gained is below the next edition; the branch here follows."""
    publish(repository, make_site(tmp_path / "a"), "main", push=False)
    publish(repository, make_site(tmp_path / "a"), "main")
    repository.commit_foreign({"CNAME": "x.org"})
    publish(repository, make_site(tmp_path / "b", "w_2021_34"), "w_2021_34")
    assert {"CNAME", "v/w_2021_34/index.html"} <= set(repository.listing())
    assert repository.git("rev-parse", "gh-pages", where=repository.work) == repository.tip()


def test_branches_that_have_gone_different_ways(repository: Repository, tmp_path: Path) -> None:
    """Neither side is overwritten; the error says what to do."""
    publish(repository, make_site(tmp_path / "a"), "main", push=False)
    repository.commit_foreign({"CNAME": "x.org"})
    with pytest.raises(PublishError, match=r"gone different ways.*git branch -D gh-pages"):
        publish(repository, make_site(tmp_path / "a"), "main")
    assert set(repository.listing()) == {"CNAME"}


def test_the_branch_of_the_remote_is_the_beginning_of_one_here(
    repository: Repository, tmp_path: Path
) -> None:
    """Without a branch here, and without a push, it goes on from the remote's."""
    repository.commit_foreign({"CNAME": "x.org"})
    publish(repository, make_site(tmp_path / "a"), "main", push=False)
    assert {"CNAME", "v/main/index.html"} <= set(
        repository.git("ls-tree", "-r", "--name-only", "gh-pages", where=repository.work).split(
            "\n"
        )
    )
    assert set(repository.listing()) == {"CNAME"}


def test_a_branch_that_is_checked_out(repository: Repository, tmp_path: Path) -> None:
    """The branch under somebody's work tree is not moved away from it."""
    repository.git("checkout", "-q", "-b", "gh-pages", where=repository.work)
    repository.git(*IDENTITY, "commit", "--allow-empty", "-qm", "x", where=repository.work)
    with pytest.raises(PublishError, match="is checked out"):
        publish(repository, make_site(tmp_path / "a"), "main", push=False)


def test_a_shallow_clone_publishes(repository: Repository, tmp_path: Path) -> None:
    """A clone of depth 1, as runners have it, is enough."""
    repository.git("push", "-q", "origin", "trunk", where=repository.work)
    publish(repository, make_site(tmp_path / "a"), "main")
    shallow = tmp_path / "shallow"
    address = f"file://{repository.remote}"
    repository.git("clone", "-q", "--depth=1", "-b", "trunk", address, str(shallow))
    runner = Repository(work=shallow, remote=repository.remote)
    publish(runner, make_site(tmp_path / "b", "w_2021_34"), "w_2021_34")
    assert {"v/main/index.html", "v/w_2021_34/index.html"} <= set(repository.listing())
    assert repository.git("rev-list", "--count", "gh-pages") == "2"


def test_settings_that_lead_to_the_remote_are_kept(repository: Repository, tmp_path: Path) -> None:
    """Rewritten addresses, and so credentials and proxies too, hold for every call."""
    where = repository.work
    repository.git("config", f"url.{repository.remote.parent}/.insteadOf", "short:", where=where)
    repository.git("remote", "set-url", "origin", "short:remote.git", where=where)
    publish(repository, make_site(tmp_path / "a"), "main")
    publish(repository, make_site(tmp_path / "b", "w_1"), "w_1", push=False)
    publish(repository, make_site(tmp_path / "b", "w_1"), "w_1")
    assert {"v/main/index.html", "v/w_1/index.html"} <= set(repository.listing())


def test_what_a_killed_publisher_left_is_cleared(repository: Repository, tmp_path: Path) -> None:
    """References of processes that live no more go with the next publish; others stay."""
    publish(repository, make_site(tmp_path / "a"), "main", push=False)
    with subprocess.Popen(["true"]) as ended:
        pass
    tip = repository.git("rev-parse", "gh-pages", where=repository.work)
    for process in (ended.pid, os.getpid()):
        reference = f"{PRIVATE}/{process}-0123abcd"
        repository.git("update-ref", reference, tip, where=repository.work)
    publish(repository, make_site(tmp_path / "b", "w_1"), "w_1", push=False)
    left = repository.git("for-each-ref", "--format=%(refname)", PRIVATE, where=repository.work)
    assert left == f"{PRIVATE}/{os.getpid()}-0123abcd"


def test_git_is_not_installed(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without git, the way that needs none is named."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PublishError, match=r"git is not installed.*--to"):
        publish(repository, make_site(tmp_path / "a"), "main")
    assert os.environ["PATH"] == str(tmp_path)
