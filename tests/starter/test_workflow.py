"""The workflow that publishes: of this repository, and of a report that `init` has begun."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from reportgen.cli import app
from reportgen.starter import start, write
from reportgen.starter.install import described, pages_address, web_address
from tests.publish.sample import IDENTITY, Repository, make_repository

OURS = Path(__file__).parents[2] / ".github" / "workflows" / "publish.yml"
WEEKS = ("w_2021_30", "w_2021_32", "w_2021_34")


def workflow(path: Path) -> dict[Any, Any]:
    """Read a workflow; YAML takes its key ``on`` for a truth value."""
    return yaml.safe_load(path.read_text())


def steps(path: Path) -> list[dict[str, Any]]:
    """Return the steps of the only job."""
    (job,) = workflow(path)["jobs"].values()
    return job["steps"]


@pytest.fixture
def begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Begin a report in a repository with a bare remote, from a table of three weeks."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    repository = make_repository(tmp_path)
    rows = [
        f"{metric},r,{value + number / 10},{unit},{week}"
        for number, week in enumerate(WEEKS)
        for metric, value, unit in (("PA1", 5.0, "mmag"), ("AM1", 7.0, "marcsec"))
    ]
    table = repository.work / "results" / "weekly.csv"
    table.parent.mkdir()
    table.write_text("\n".join(["metric,band,value,unit,release", *rows]) + "\n")
    assert CliRunner().invoke(app, ["init", str(repository.work)]).exit_code == 0
    return repository


def test_workflows_are_valid(begun: Repository) -> None:
    """GitHub's own schema of workflows accepts both, however reportgen was installed."""
    mine = begun.work / write.WORKFLOW
    others = []
    for number, wanted in enumerate(["reportgen @ git+https://example.org/x@0123", None]):
        others.append(begun.work / f"{number}.yml")
        others[-1].write_text(write._workflow(wanted))
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    files = [str(path) for path in (OURS, mine, *others)]
    done = subprocess.run(
        [*command, "vendor.github-workflows", *files], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    broken = begun.work / "broken.yml"
    broken.write_text(OURS.read_text().replace("runs-on:", "run-on:"))
    command = [*command, "vendor.github-workflows", str(broken)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize("own", [True, False])
def test_what_the_workflow_may_do(begun: Repository, *, own: bool) -> None:
    """It may write to the repository and nothing else, and no run of it cancels another."""
    found = workflow(OURS if own else begun.work / write.WORKFLOW)
    assert found["permissions"] == {"contents": "write"}
    assert found["concurrency"] == {"group": "pages", "cancel-in-progress": False}
    assert "gh-pages" not in found[True]["push"]["branches"]
    text = "\n".join(step.get("run", "") for step in steps(OURS))
    assert "${{" not in text


def test_only_the_way_to_install_differs(begun: Repository) -> None:
    """A report's workflow is the one that this project publishes its own report with."""
    ours, theirs = (
        [step for step in steps(path) if step.get("name") != "Install"]
        for path in (OURS, begun.work / write.WORKFLOW)
    )
    assert ours == theirs
    (install,) = [one for one in steps(begun.work / write.WORKFLOW) if one.get("name") == "Install"]
    assert "pip install reportgen" not in install["run"]


def test_a_dry_run_of_the_steps(begun: Repository, tmp_path: Path) -> None:
    """Step by step as GitHub runs them: the remote has main, and the editions that are over."""
    begun.git("add", "--all", where=begun.work)
    begun.git(*IDENTITY, "commit", "-qm", "Report", where=begun.work)
    run_steps(begun, tmp_path, edition="main")
    assert versions(begun) == ["main", "w_2021_32", "w_2021_30"]
    assert "https://example.org/r/" in begun.read("v/main/sitemap.xml")
    tip = begun.tip()
    run_steps(begun, tmp_path, edition="main")
    assert begun.tip() == tip
    run_steps(begun, tmp_path, edition="w_2021_34")
    assert versions(begun) == ["main", "w_2021_34", "w_2021_32", "w_2021_30"]


def test_what_got_worse_is_published_and_fails(begun: Repository, tmp_path: Path) -> None:
    """The run of the workflow ends in red, but what everybody has to see is there."""
    table = begun.work / "results" / "weekly.csv"
    table.write_text(table.read_text() + "AM1,r,50.0,marcsec,w_2021_36\n")
    begun.git("add", "--all", where=begun.work)
    begun.git(*IDENTITY, "commit", "-qm", "Report", where=begun.work)
    with pytest.raises(AssertionError, match="Fail if something got worse"):
        run_steps(begun, tmp_path, edition="main")
    page = begun.read("v/main/runs/results/w_2021_36/index.html")
    assert "AM1" in page


def versions(repository: Repository) -> list[str]:
    """Return the published editions."""
    return [one["version"] for one in json.loads(repository.read("v/versions.json"))]


def run_steps(repository: Repository, folder: Path, *, edition: str) -> None:
    """Run what the workflow runs in a fresh clone, but for the installation."""
    clone = folder / f"clone-{len(list(folder.iterdir()))}"
    subprocess.run(["git", "clone", "-q", str(repository.work), str(clone)], check=True)
    address = str(repository.remote)
    repository.git("remote", "set-url", "origin", address, where=clone)
    tools = folder / "bin"
    tools.mkdir(exist_ok=True)
    program = tools / "reportgen"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m reportgen "$@"\n')
    program.chmod(0o755)
    output = folder / "output"
    output.write_text("")
    variables = os.environ | {
        "PATH": f"{tools}:{os.environ['PATH']}",
        "PYTHONPATH": str(OURS.parents[2]),
        "EDITION": edition,
        "REPORTGEN_URL": "https://example.org/r/",
        "GITHUB_OUTPUT": str(output),
    }
    ran = [step["name"] for step in steps(clone / write.WORKFLOW) if "run" in step]
    assert ran == ["Install", "Build", "Gate", "Publish", "Fail if something got worse"]
    for step in steps(clone / write.WORKFLOW):
        if "run" not in step or step["name"] == "Install":
            continue
        if "if" in step:
            assert step["if"] == "steps.gate.outputs.code == '1'"
            if "code=1" not in output.read_text().splitlines():
                continue
        done = subprocess.run(
            ["bash", "-e", "-c", step["run"]],
            cwd=clone,
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{step['name']}: {done.stdout}{done.stderr}"
    shutil.rmtree(clone)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (
            {"url": "https://u:p@x.org/r.git", "vcs_info": {"vcs": "git", "commit_id": "0a"}},
            "reportgen @ git+https://x.org/r.git@0a",
        ),
        (
            {"url": "ssh://git@x.org/o/r", "vcs_info": {"vcs": "git", "commit_id": "0a"}},
            "reportgen @ git+https://x.org/o/r@0a",
        ),
        ({"url": "https://x.org/r-1.whl"}, "reportgen @ https://x.org/r-1.whl"),
        ({"url": "file:///nowhere/r", "dir_info": {}}, None),
        ({"url": "https://x.org/a'; rm -rf .; '"}, None),
        ({}, None),
    ],
)
def test_where_reportgen_is_installed_from(record: dict[str, Any], expected: str | None) -> None:
    """As pip has recorded it, without passwords; never by a name that is another project's."""
    assert described(record) == expected


def test_a_checkout_is_installed_from_its_remote(tmp_path: Path) -> None:
    """Of an installation from a checkout, others get the repository that it came from."""
    work = make_repository(tmp_path).work
    subprocess.run(
        ["git", "remote", "set-url", "origin", "git@x.org:o/r.git"], cwd=work, check=True
    )
    record = {"url": work.as_uri(), "dir_info": {"editable": True}}
    assert described(record) == "reportgen @ git+https://x.org/o/r.git"


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("git@github.com:Some-Body/metrics.git", "https://some-body.github.io/metrics/"),
        ("https://t:x@github.com/o/r", "https://o.github.io/r/"),
        ("https://github.com/o/o.github.io.git", "https://o.github.io/"),
        ("https://gitlab.com/o/r", ""),
        ("/srv/git/r", ""),
    ],
)
def test_the_address_on_github_pages(tmp_path: Path, remote: str, address: str) -> None:
    """It follows from the remote, where that is on GitHub."""
    work = make_repository(tmp_path).work
    subprocess.run(["git", "remote", "set-url", "origin", remote], cwd=work, check=True)
    assert pages_address(work) == address
    (work / "inner").mkdir()
    assert pages_address(work / "inner") == ""
    start(work)
    line = f'url = "{address}"' if address else '# url = "https://example.org/metrics/"'
    assert line in (work / "reportgen.toml").read_text().splitlines()


def test_no_web_address() -> None:
    """A local path or a strange scheme is no address that others can use."""
    assert [web_address(one) for one in ("/srv/x", "file:///x", "ext::sh -c x", "")] == [None] * 4
