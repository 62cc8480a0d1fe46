"""One build at a time, and what a killed one leaves behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.building.exclusive import sweep
from reportgen.errors import BuildLockedError
from reportgen.store.lock import locked
from tests.test_stopping import report, run

__all__ = ["report"]

CACHES = (
    *("build/cache/.states.sqlite.{}.tmp", "build/cache/.states.sqlite.{}.tmp-journal"),
    *("build/cache/.counts.json.{}.tmp", "build/cache/.pulls.json.{}.tmp"),
)
LEFT = (
    *("build/docs/.index.md.{}.tmp", "build/.docs.manifest.json.{}.tmp"),
    "build/docs/data/.measurements.parquet.{}.tmp",
    *(".site.new/index.html", ".site.old/index.html", "build/next/half.html"),
    *(f"build/figures/.{'0a' * 10}.svg.{{}}.tmp", "build/edition/docs/.index.md.{}.tmp"),
    *CACHES,
)


@pytest.fixture
def gone() -> int:
    """Return the number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def leave(report: Path, names: tuple[str, ...], process: int) -> list[Path]:
    """Write half files of a process."""
    left = [report / name.format(process) for name in names]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("half")
    return left


def test_a_second_build_is_refused(report: Path) -> None:
    """Two builds in one folder would take each other's files away."""
    with locked(report / "build", BuildLockedError):
        done = run(report, "build")
        assert done.returncode == 2
        assert done.stderr == (
            f"Error: Another build or publish is at work in {report}/build/:"
            " wait until it has ended.\n"
        )
    assert run(report, "build").returncode == 0


def test_what_a_killed_build_left_is_gone_after_the_next(report: Path, gone: int) -> None:
    """Half files under their temporary names are on no page and take no room."""
    left = leave(report, LEFT, gone)
    assert run(report, "build").returncode == 0
    assert [path for path in left if path.exists()] == []
    assert list((report / "site").rglob("*.tmp")) == []


def test_what_a_killed_pull_left_is_gone_after_the_next(report: Path, gone: int) -> None:
    """Also where nobody builds; what one that is at work has begun stays."""
    left, begun = leave(report, CACHES, gone), leave(report, CACHES, os.getpid())
    assert run(report, "pull").returncode == 0
    assert [path for path in left if path.exists()] == []
    assert all(path.exists() for path in begun)
    assert run(report, "build").returncode == 0
    assert all(path.exists() for path in begun)


def test_files_of_other_names_stay(tmp_path: Path) -> None:
    """Only names that nothing else has are swept."""
    kept = [tmp_path / name for name in ("a.tmp", "v.2.1.svg", ".site.md", "docs/b.12.html")]
    for path in kept:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    sweep(tmp_path)
    assert all(path.is_file() for path in kept)
