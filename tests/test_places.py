"""Files and folders that cannot be written."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.places import HALF, replacing, sentence
from reportgen.store.layout import write_json
from tests.test_stopping import report, run

__all__ = ["report"]

LIMITED = """
import resource, signal, sys
from reportgen.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))
sys.argv[1:] = ["pull", "--config", {1!r}]
main()
"""


def test_a_full_disk_names_the_file_and_the_remedy(tmp_path: Path) -> None:
    """A stream that meets a full disk does not know its name; what people read does."""
    target = tmp_path / "page.html"
    (tmp_path / f".page.html.{os.getpid()}.tmp").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as caught, replacing(target) as file:
        file.write_bytes(b"content")
    assert sentence(caught.value).startswith(f"{target}: No space left on device. Make room")


def test_half_a_file_is_never_seen(tmp_path: Path) -> None:
    """Until it is whole the old one stands there; what fails leaves nothing."""
    target = tmp_path / "page.html"
    target.write_text("old")
    with pytest.raises(UnicodeEncodeError), replacing(target) as file:
        file.write_text("half \ud800", encoding="utf-8")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("page.html", "old")]
    with replacing(target) as file:
        file.write_text("new")
        assert HALF.fullmatch(file.name)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("page.html", "new")]


def test_a_copy_that_finds_no_room_names_its_end() -> None:
    """What cannot be written is named, not what was read."""
    error = OSError(errno.ENOSPC, "No space left on device", "from.js", None, "site/to.js")
    assert sentence(error).startswith("site/to.js: No space left on device. Make room")


def test_the_journal_names_its_file_too(tmp_path: Path) -> None:
    """So does a record of the store."""
    target = tmp_path / "run.json"
    (tmp_path / f".run.json.{os.getpid()}.tmp").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as caught:
        write_json(target, {"a": 1})
    assert str(target) in sentence(caught.value)
    assert not target.exists()


def test_a_store_that_takes_no_more_is_one_line(report: Path) -> None:
    """A pull that cannot write ends with one line, leaves nothing half, and can be run again."""
    rows = "".join(f"a.b,{n / 7},mag,w_2026_01,{n}\n" for n in range(20_000))
    (report / "results.csv").write_text("metric,value,unit,release,tract\n" + rows)
    code = LIMITED.format(60_000, str(report))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(f"Error: {report / 'data' / 'store'}")
    assert "Traceback" not in done.stderr
    assert list((report / "data" / "store").rglob("*.parquet")) == []
    assert run(report, "pull").stdout.startswith("nightly: 1 new")


def test_a_file_in_the_way_is_one_line(report: Path) -> None:
    """What cannot be a folder is named."""
    (report / "build").write_text("")
    done = run(report, "build")
    assert done.returncode == 2
    assert (
        done.stderr
        == f"Error: {report / 'build'}: there is a file where a folder has to be. Move it away.\n"
    )


def test_a_port_that_is_taken_is_one_line(report: Path) -> None:
    """Who serves two reports at once is told to choose another port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(report, "serve", "--port", str(port))
    assert done.returncode == 2
    assert done.stderr.startswith(f"Error: Port {port} cannot be used: Address already in use.")
    assert "--port" in done.stderr


def test_a_damaged_file_of_the_store_is_one_line_with_a_way_back(report: Path) -> None:
    """A file that was cut off is named, and what is said to be done brings the data back."""
    assert run(report, "pull").returncode == 0
    before = run(report, "metrics", "--json").stdout
    (file,) = (report / "data" / "store").rglob("measurements.parquet")
    file.write_bytes(file.read_bytes()[:200])
    done = run(report, "build", "--no-pull")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("Error: The store cannot be read: ")
    assert str(file) in done.stderr
    assert "Traceback" not in done.stderr
    file.parent.rename(report / "aside")
    assert run(report, "pull").stdout.startswith("nightly: 1 new")
    assert run(report, "metrics", "--json").stdout == before
