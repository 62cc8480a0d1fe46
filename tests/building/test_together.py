"""Commands that run at the same time in one report."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from urllib.request import urlopen

import pytest

from reportgen import pipeline
from reportgen.config import load_config
from reportgen.store import Store
from reportgen.store.lock import locked
from tests.building.test_strict import note
from tests.test_stopping import AS_TYPED, digests, report, run

__all__ = ["report"]

MORE = "c.d,2,mag,w_2026_02\n"
PAGE = "runs/field/w_2026_02/index.html"
AT_RENAME = """
import fcntl, os, signal, sys
def hook(event, arguments):
    if event == "os.rename" and {condition}:
        {action}
sys.addaudithook(hook)
"""
"""Does something where a file or folder is about to be renamed."""


def run_hooked(
    report: Path, command: str, *, condition: str, action: str
) -> subprocess.CompletedProcess[str]:
    """Run a command that does something else at one of its renames."""
    script = AT_RENAME.format(condition=condition, action=action) + AS_TYPED
    arguments = [sys.executable, "-c", script, command, "--config", str(report)]
    return subprocess.run(arguments, capture_output=True, text=True, check=False)


def until(lines: Iterable[str], *beginnings: str) -> str:
    """Return the first line that begins so."""
    return next(line for line in lines if line.startswith(beginnings))


def serve(report: Path, port: int) -> subprocess.Popen[str]:
    """Start to serve a report."""
    command = [sys.executable, "-c", AS_TYPED, "serve", "--config", str(report)]
    return subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.PIPE, text=True)


def answers(port: int) -> bool:
    """Tell whether a page comes from there."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/") as page:
            return bool(page.read())
    except OSError:
        return False


def free_port() -> int:
    """Return a port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.mark.parametrize("command", ["pull", "build"])
def test_two_pulls_at_once(report: Path, command: str) -> None:
    """The second one ends with what to do, and takes nothing away from the first."""
    assert run(report, "pull").returncode == 0
    before = digests(report / "data")
    with Store(report / "data" / "store").writer():
        second = run(report, command)
    assert (second.returncode, second.stdout) == (2, "")
    assert second.stderr.splitlines()[-1] == (
        f"Error: Another pull is writing to {report}/data/store/: wait until it has ended."
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


def test_how_pulls_ended_is_noted_under_the_lock(report: Path) -> None:
    """Else one of two pulls would write over what the other has noted just now."""
    done = run_hooked(
        report,
        "pull",
        condition="str(arguments[1]).endswith('cache/pulls.json')",
        action=f"fcntl.flock(os.open({str(report / 'data' / 'store')!r}, os.O_RDONLY), 6)",
    )
    assert (done.returncode, "unavailable" in done.stderr) == (2, True)


@pytest.mark.parametrize("name", ["SIGINT", "SIGKILL"])
def test_a_build_that_ends_while_sites_are_exchanged(report: Path, name: str) -> None:
    """The old site stands there again: at once, or before the next build, even a refused one."""
    assert run(report, "build").returncode == 0
    before = digests(report / "site")
    with (report / "results.csv").open("a") as file:
        file.write(MORE)
    ended = run_hooked(
        report,
        "build",
        condition="str(arguments[0]).endswith('.site.new')",
        action=f"os.kill(os.getpid(), signal.{name})",
    )
    assert ended.returncode == (130 if name == "SIGINT" else -9)
    assert (report / "site").exists() == (name == "SIGINT")
    note(report, "Bad: [x](gone.md)")
    refused = run(report, "build", "--strict")
    assert (refused.returncode, "stays as it was" in refused.stderr) == (2, True)
    assert digests(report / "site") == before
    note(report, "Good.")
    assert run(report, "build").returncode == 0
    assert (report / "site" / PAGE).exists()
    assert list(report.glob(".*")) == []


def test_serve_waits_for_a_build(report: Path) -> None:
    """A build that began earlier does not know the newest change."""
    with locked(report / "build"):
        served = serve(report, free_port())
        said = until(served.stdout or (), "Waiting", "Serving")
    try:
        assert said.startswith("Waiting. Another build or publish is at work in ")
        until(served.stdout or (), "Serving")
        assert (report / "site" / "index.html").exists()
    finally:
        served.kill()
        served.communicate()


def test_ctrl_c_ends_serve(report: Path) -> None:
    """With all its threads."""
    port = free_port()
    served = serve(report, port)
    try:
        until(served.stdout or (), "Serving")
        while served.poll() is None and not answers(port):
            pass
        served.send_signal(signal.SIGINT)
        said, _ = served.communicate(timeout=120)
    finally:
        served.kill()
    assert (served.returncode, said) == (0, "Stopped.\n")


def test_a_publish_during_a_build(report: Path, tmp_path: Path) -> None:
    """It is told to wait: the build would exchange the site while it is read."""
    assert run(report, "build").returncode == 0
    place = tmp_path / "published"
    with locked(report / "build"):
        refused = run(report, "publish", "--to", str(place))
    assert (refused.returncode, place.exists()) == (2, False)
    assert "wait until it has ended" in refused.stderr
    assert run(report, "publish", "--to", str(place)).returncode == 0
