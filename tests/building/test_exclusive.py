"""One build at a time, and what a killed one leaves behind."""

from __future__ import annotations

from pathlib import Path

from reportgen.building.exclusive import sweep
from reportgen.errors import BuildLockedError
from reportgen.store.lock import locked
from tests.test_stopping import report, run

__all__ = ["report"]

LEFT = (
    *("build/docs/.index.md.71.tmp", "build/.docs.manifest.json.71.tmp"),
    "build/docs/data/.measurements.parquet.71.tmp",
    *(".site.new/index.html", ".site.old/index.html", "build/next/half.html"),
    *(f"build/figures/.{'0a' * 10}.svg.71.tmp", "build/edition/docs/.index.md.71.tmp"),
    *("build/cache/.states.sqlite.71.tmp", "build/cache/.states.sqlite.71.tmp-journal"),
    *("build/cache/.counts.json.71.tmp", "build/cache/.pulls.json.71.tmp"),
)


def test_a_second_build_is_refused(report: Path) -> None:
    """Two builds in one folder would take each other's files away."""
    with locked(report / "build", BuildLockedError):
        done = run(report, "build")
        assert done.returncode == 2
        assert done.stderr == (
            "Error: Another build is at work in build/: wait until it has ended.\n"
        )
    assert run(report, "build").returncode == 0


def test_what_a_killed_build_left_is_gone_after_the_next(report: Path) -> None:
    """Half files under their temporary names are on no page and take no room."""
    for name in LEFT:
        path = report / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("half")
    assert run(report, "build").returncode == 0
    assert [name for name in LEFT if (report / name).exists()] == []
    assert list((report / "site").rglob("*.tmp")) == []


def test_files_of_other_names_stay(tmp_path: Path) -> None:
    """Only names that nothing else has are swept."""
    kept = [tmp_path / name for name in ("a.tmp", "v.2.1.svg", ".site.md", "docs/b.12.html")]
    for path in kept:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    sweep(tmp_path)
    assert all(path.is_file() for path in kept)
