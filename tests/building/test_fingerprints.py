from __future__ import annotations

import sqlite3
from pathlib import Path

from reportgen.building.fingerprints import BATCH, Fingerprints
from reportgen.sources import Fingerprint


def seen(stamp: str, *jobs: str) -> Fingerprint:
    """Return what a file looked like."""
    return Fingerprint(stamp=stamp, sha256="ab" * 32, jobs=jobs)


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    """Files of one job, of several and of none, more than are written at once."""
    files = {f"{n}.yaml": seen(f"{n}", f"{n}.yaml") for n in range(BATCH + 10)}
    files |= {"many.csv": seen("2", "many.csv#a", "many.csv#b"), "none.csv": seen("3")}
    with Fingerprints.of_source(tmp_path, "faro / w_2026") as kept:
        kept.update(files)
        assert kept["5.yaml"] == files["5.yaml"]
        kept.keep()
    with Fingerprints.of_source(tmp_path, "faro / w_2026") as kept:
        assert dict(kept) == files
        assert kept.get("other") is None
    with Fingerprints.of_source(tmp_path, "other") as kept:
        assert len(kept) == 0


def test_what_was_not_kept_is_forgotten(tmp_path: Path) -> None:
    """A pull that dies leaves the fingerprints of the one before."""
    with Fingerprints.of_source(tmp_path, "faro") as kept:
        kept["a"] = seen("1", "a")
        kept.keep()
        kept["a"] = seen("2", "a")
        kept.update({f"{n}": seen("1") for n in range(BATCH)})
    with Fingerprints.of_source(tmp_path, "faro") as kept:
        assert dict(kept) == {"a": seen("1", "a")}


def test_a_damaged_file_is_begun_anew(tmp_path: Path) -> None:
    """It costs time, nothing else, whether it was cut off or is something else; a line says so."""
    with Fingerprints.of_source(tmp_path, "faro") as kept:
        kept.update({f"{n}": seen("1") for n in range(BATCH)})
        kept.keep()
    (file,) = tmp_path.rglob("*.sqlite")
    (tmp_path / "other.sqlite").touch()
    with sqlite3.connect(tmp_path / "other.sqlite") as other:
        other.execute("create table files (origin text, jobs text)")
    other.close()
    foreign = (tmp_path / "other.sqlite").read_bytes()
    (tmp_path / "other.sqlite").unlink()
    for content in (file.read_bytes()[:9000], b"[]" * 2000, b"", foreign):
        file.write_bytes(content)
        said: list[str] = []
        with Fingerprints.of_source(tmp_path, "faro", said.append) as kept:
            assert len(kept) == 0
            kept["a"] = seen("1")
            kept.keep()
        assert [line.startswith(f"{file}: ") and "begun anew" in line for line in said] == [True]
        said.clear()
        with Fingerprints.of_source(tmp_path, "faro", said.append) as kept:
            assert dict(kept) == {"a": seen("1")}
        assert said == []


def test_a_file_that_cannot_be_used_is_left(tmp_path: Path) -> None:
    """A folder in its place, or somebody who holds it, costs the next pull its short way only."""
    with Fingerprints.of_source(tmp_path, "faro") as kept:
        kept["a"] = seen("1")
        kept.keep()
    (file,) = tmp_path.rglob("*.sqlite")
    said: list[str] = []
    with sqlite3.connect(file, isolation_level=None) as holder:
        holder.execute("begin exclusive")
        with Fingerprints.of_source(tmp_path, "faro", said.append) as kept:
            kept["b"] = seen("1")
            kept.keep()
            assert dict(kept) == {"b": seen("1")}
    holder.close()
    with Fingerprints.of_source(tmp_path, "faro") as kept:
        assert dict(kept) == {"a": seen("1")}
    file.unlink()
    file.mkdir()
    with Fingerprints.of_source(tmp_path, "faro", said.append) as kept:
        kept["b"] = seen("1")
        assert dict(kept) == {"b": seen("1")}
    assert [line.endswith("The next pull opens every file again.") for line in said] == [True] * 2


def test_a_disk_that_is_full_in_between(tmp_path: Path) -> None:
    """The pull goes on without what it cannot keep; what was kept before may stay."""
    said: list[str] = []
    with Fingerprints(tmp_path / "kept.sqlite", said.append) as kept:
        kept._do("pragma max_page_count = 4")
        for number in range(2 * BATCH):
            kept[f"{number}"] = seen("1")
        assert kept.get("0") is None or kept["0"] == seen("1")
        kept.keep()
    assert [line.count("disk is full") for line in said] == [1]
    with Fingerprints(tmp_path / "kept.sqlite") as kept:
        assert len(kept) == 0
