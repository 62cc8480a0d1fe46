"""`reportgen publish` and `reportgen prune`, as somebody types them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from reportgen.cli import app
from tests.publish.sample import Repository, make_site, write

CONFIG = """\
[site]
url = "https://example.org/metrics/"

[definitions]
overrides = "overrides.toml"
"""
WEEKS = ("w_2021_30", "w_2021_32", "w_2021_34")


def run(*arguments: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(app, list(arguments))


def built(edition: str, **content: object) -> None:
    """Leave in the working folder what `reportgen build` leaves of an edition."""
    shutil.rmtree("site", ignore_errors=True)
    make_site(Path("site"), edition, **content)
    write(Path("build", "cache", "stamp"), "0")


@pytest.fixture
def report(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Make the working folder a report with a remote."""
    monkeypatch.chdir(repository.work)
    write(Path("reportgen.toml"), CONFIG)
    write(Path("overrides.toml"), "")
    return repository


def test_an_edition_is_pushed(report: Repository) -> None:
    """What was built stands on the remote's branch; again, nothing new is said and done."""
    built("w_2021_34")
    done = run("publish", "--edition", "w_2021_34", "--alias", "latest", "--push")
    assert done.exit_code == 0, done.output
    published = "Published w_2021_34 to origin/gh-pages: https://example.org/metrics/v/w_2021_34/"
    assert done.output.splitlines()[0] == published
    assert {"v/w_2021_34/index.html", "v/latest/index.html"} <= set(report.listing())
    tip = report.tip()
    again = run("publish", "--edition", "w_2021_34", "--push", "--json")
    assert [one["changed"] for one in json.loads(again.output)] == [False]
    assert report.tip() == tip


def test_without_push_the_branch_here_moves(report: Repository) -> None:
    """The remote stays as it is, and the command says how to send the branch."""
    built("main")
    done = run("publish", "--branch", "pages")
    assert "git push origin pages" in done.output
    assert report.git("branch", "--list", "pages", where=report.work)
    assert report.git("branch", "--list", "pages") == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--edition", "main"], "site holds the edition 'w_2021_34', not 'main'"),
        (["--edition", "../x"], "cannot be the name"),
        (["--edition", "w_2021_34", "--to", "x", "--push"], "Give either --to, or --push"),
        (["--edition", "w_2021_34", "--history", "no"], "No history named 'no'"),
        (["--edition", "w_2021_34", "--push", "--remote", "no"], "no remote 'no'"),
        (["--edition", "w_2021_34", "--alias", "w_2021_34"], "cannot be an alias"),
        (["--check"], "There is no branch gh-pages"),
    ],
)
def test_what_cannot_be_published(report: Repository, arguments: list[str], words: str) -> None:
    """One line that says what to do, exit code 2, and nothing published."""
    built("w_2021_34")
    done = run("publish", *arguments)
    assert done.exit_code == 2
    assert len(done.output.splitlines()) == 1
    assert words in done.output
    assert report.git("for-each-ref") == ""


def test_a_site_that_is_not_there(report: Repository) -> None:
    """Without a site the error names the command that builds it."""
    done = run("publish")
    assert "reportgen build --edition main" in done.output
    assert done.exit_code == 2
    assert report.git("for-each-ref") == ""


def test_a_build_that_was_interrupted_is_not_published(report: Repository) -> None:
    """The site of the build before is still there, but it is not what was asked for."""
    built("main")
    Path("build", "cache", "stamp").unlink()
    done = run("publish", "--push")
    assert done.exit_code == 2
    assert "did not come to its end" in done.output
    assert report.git("for-each-ref") == ""


def test_a_report_without_a_run_is_not_published(report: Repository) -> None:
    """Where a source has gone, the report that is published does not become an empty one."""
    built("main")
    run("publish", "--push")
    tip = report.tip()
    built("main", runs=[])
    done = run("publish", "--push")
    assert done.exit_code == 2
    assert "site/ shows no run" in done.output
    assert report.tip() == tip


def test_a_site_built_elsewhere_is_published(report: Repository) -> None:
    """A site that was handed on without its build folder is taken as it is."""
    make_site(Path("site"), "main")
    assert run("publish", "--push").exit_code == 0
    assert "v/main/index.html" in report.listing()


def test_renamed_runs_and_metrics_keep_their_addresses(report: Repository) -> None:
    """What the overrides rename is found under the old name too."""
    built("main", runs=["rc2/w_2021_30"], comparisons=["rc2/w_2021_28...w_2021_30"])
    run("publish", "--to", "public")
    write(
        Path("overrides.toml"),
        '[[rename]]\ndataset = "RC2"\nto_dataset = "HSC RC2"\nreason = "one name everywhere"\n',
    )
    built("main", runs=["hsc-rc2/w_2021_30"], comparisons=["hsc-rc2/w_2021_28...w_2021_30"])
    done = run("publish", "--to", "public")
    assert done.exit_code == 0, done.output
    for old in ("runs/rc2/w_2021_30", "compare/rc2/w_2021_28...w_2021_30"):
        stub = Path("public", old, "index.html").read_text()
        assert f"v/main/{old.replace('rc2', 'hsc-rc2')}/" in stub
    assert run("publish", "--check", "--to", "public").exit_code == 0
    assert report.git("for-each-ref") == ""


def test_dead_links_end_with_1(report: Repository) -> None:
    """`--check` names each dead link."""
    built("main")
    run("publish", "--push")
    assert run("publish", "--check").exit_code == 0
    report.commit_foreign({"note.html": '<a href="v/none/">gone</a>'})
    done = run("publish", "--check")
    assert done.exit_code == 1
    assert "note.html: v/none/" in done.output
    found = json.loads(run("publish", "--check", "--json").output)
    assert len(found["problems"]) == 1


def test_prune_says_what_goes(report: Repository) -> None:
    """Old weeklies go, those linked in a note stay; a dry run changes nothing."""
    for name in (*WEEKS, "main"):
        built(name, runs=[f"rc2/{name}"])
        run("publish", "--edition", name, "--push")
    write(Path("notes", "meeting.md"), "See https://example.org/metrics/v/w_2021_30/runs/")
    tip = report.tip()
    dry = run("prune", "--keep", "1", "--dry-run", "--push")
    assert "Would drop w_2021_32" in dry.output
    assert report.tip() == tip
    done = run("prune", "--keep", "1", "--push")
    assert "Dropped w_2021_32; their permalinks stay." in done.output
    names = {one["version"] for one in json.loads(report.read("v/versions.json"))}
    assert names == {"main", "w_2021_30", "w_2021_34"}
    assert "no longer published" in report.read("runs/rc2/w_2021_32/index.html")
    assert "No edition has to go." in run("prune", "--keep", "1", "--push").output


def test_prune_of_a_folder(report: Repository) -> None:
    """A dry run of a folder changes nothing either."""
    for name in WEEKS:
        built(name)
        run("publish", "--edition", name, "--to", "public")
    dry = json.loads(run("prune", "--keep", "1", "--to", "public", "--dry-run", "--json").output)
    assert dry["dropped"] == ["w_2021_30", "w_2021_32"]
    assert Path("public", "v", "w_2021_30", "runs").is_dir()
    run("prune", "--keep", "1", "--to", "public")
    assert not Path("public", "v", "w_2021_30", "runs").exists()
    assert report.git("for-each-ref") == ""
