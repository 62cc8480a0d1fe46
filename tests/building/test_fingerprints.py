from __future__ import annotations

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
    """It costs time, nothing else, whether it was cut off or is something else."""
    with Fingerprints.of_source(tmp_path, "faro") as kept:
        kept.update({f"{n}": seen("1") for n in range(BATCH)})
        kept.keep()
    (file,) = tmp_path.rglob("*.sqlite")
    for content in (file.read_bytes()[:9000], b"[]", b""):
        file.write_bytes(content)
        with Fingerprints.of_source(tmp_path, "faro") as kept:
            assert len(kept) == 0
            kept["a"] = seen("1")
