"""Commands that run at the same time in one report."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reportgen import pipeline
from reportgen.config import load_config
from reportgen.store import Store
from tests.test_stopping import digests, report, run

__all__ = ["report"]

MORE = "c.d,2,mag,w_2026_02\n"
PAGE = "runs/field/w_2026_02/index.html"


@pytest.mark.parametrize("command", ["pull", "build"])
def test_two_pulls_at_once(report: Path, command: str) -> None:
    """The second one ends with what to do, and takes nothing away from the first."""
    assert run(report, "pull").returncode == 0
    before = digests(report / "data")
    with Store(report / "data" / "store").writer():
        second = run(report, command)
    assert (second.returncode, second.stdout) == (2, "")
    assert second.stderr.splitlines()[-1] == (
        "Error: Another pull is writing to store/: wait until it has ended."
    )
    assert digests(report / "data") == before
    assert run(report, command).returncode == 0


@pytest.mark.parametrize("step", ["Judging", "Writing", "Drawing", "Building"])
def test_a_pull_during_a_build(report: Path, step: str) -> None:
    """The site has one state of the store in all its pages; the next build has what came."""
    assert run(report, "pull").returncode == 0

    def say(text: str) -> None:
        if text.startswith(step):
            with (report / "results.csv").open("a") as file:
                file.write(MORE)
            pulled = run(report, "pull")
            assert (pulled.returncode, pulled.stderr.count("Error")) == (0, 0)

    pipeline.build(load_config(report), do_pull=False, say=say)
    shown = [path for path in (report / "site").rglob("*.json") if "w_2026_02" in path.read_text()]
    assert (shown, (report / "site" / PAGE).exists()) == ([], False)
    following = run(report, "build", "--no-pull")
    assert "up to date" not in following.stdout
    assert "c.d" in (report / "site" / PAGE).read_text()
    later = digests(report / "site")
    shutil.rmtree(report / "site")
    shutil.rmtree(report / "build" / "docs")
    assert run(report, "build", "--no-pull").returncode == 0
    assert digests(report / "site") == later
