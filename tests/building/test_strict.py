"""A strict build puts nothing wrong in the place of what readers have."""

from __future__ import annotations

from pathlib import Path

from tests.test_stopping import digests, report, run

__all__ = ["report"]

PAGE = "notes/2026-11-01/index.html"


def note(report: Path, text: str) -> None:
    """Write the only note."""
    (report / "notes").mkdir(exist_ok=True)
    (report / "notes" / "2026-11-01.md").write_text(f"# Meeting\n\n{text}\n")


def test_a_refused_site_is_not_put_in_place(report: Path) -> None:
    """Readers keep the last good site; the refused one is where the message says."""
    note(report, "Good.")
    assert run(report, "build", "--strict").returncode == 0
    before = digests(report / "site")
    note(report, "Bad: [x](gone.md)")
    for _ in range(2):  # again, it is not taken for done
        done = run(report, "build", "--strict")
        assert (done.returncode, done.stdout) == (2, "")
        last = done.stderr.splitlines()[-1]
        assert "gone.md" in last
        assert last.endswith("site/ stays as it was; what was refused is in build/next/.")
        assert digests(report / "site") == before
        assert "Bad: " in (report / "build" / "next" / PAGE).read_text()


def test_a_refused_site_is_not_published(report: Path) -> None:
    """Neither it nor, under its name, the one before."""
    note(report, "Good.")
    run(report, "build", "--strict")
    note(report, "Bad: [x](gone.md)")
    run(report, "build", "--strict")
    done = run(report, "publish", "--to", str(report / "public"))
    assert done.returncode == 2
    assert "did not come to its end or was refused" in done.stderr
    assert not (report / "public").exists()
    note(report, "Good again.")
    assert run(report, "build", "--strict").returncode == 0
    assert not (report / "build" / "next").exists()
    assert run(report, "publish", "--to", str(report / "public")).returncode == 0
    assert "Good again." in (report / "public" / "v" / "main" / PAGE).read_text()


def test_without_an_old_site_there_is_none(report: Path) -> None:
    """What is refused at first is not shown; without --strict it is, and says what is wrong."""
    note(report, "Bad: [x](gone.md)")
    done = run(report, "build", "--strict")
    assert done.returncode == 2
    assert "No site is put there; what was refused is in build/next/." in done.stderr
    assert not (report / "site").exists()
    done = run(report, "build")
    assert done.returncode == 0
    assert "gone.md" in done.stderr
    assert "Bad: " in (report / "site" / PAGE).read_text()
