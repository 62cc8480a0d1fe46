"""A command that is stopped, and the one that comes after it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.stopping import PATIENCE, Stop
from tests.test_build import MKDOCS

CONFIG = """
[[source]]
name = "nightly"
type = "table"
location = "results.csv"
columns = { metric = "metric", value = "value", unit = "unit", release = "release" }
dataset = "Field"
"""
HOOK = "import os, signal\n\ndef on_files(files, config):\n    os.kill(os.getpid(), signal.{})\n"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """Return a small report."""
    (tmp_path / "reportgen.toml").write_text(CONFIG)
    (tmp_path / "mkdocs.yml").write_text(MKDOCS)
    (tmp_path / "results.csv").write_text("metric,value,unit,release\na.b,1,mag,w_2026_01\n")
    return tmp_path


AS_TYPED = """
import runpy, signal
for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(one, signal.SIG_DFL)
runpy.run_module("reportgen", run_name="__main__")
"""
"""Signals that whoever started the tests ignores, such as nohup, would stay ignored."""
WHILE_LOADING = """
import os, runpy, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
def interrupt(event, arguments):
    if event == "import" and arguments[0] == {!r}:
        os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(interrupt)
runpy.run_module("reportgen", run_name="__main__")
"""


def run(report: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command there, as people do."""
    command = [sys.executable, "-c", AS_TYPED, *arguments, "--config", str(report)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def digests(folder: Path) -> dict[str, str]:
    """Return a hash of each file."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("signal", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_stopped_build_is_one_line_and_the_next_is_whole(report: Path, signal: str) -> None:
    """Whatever stops a build, it ends tidily; the next one equals one that nobody disturbed."""
    hook = report / "hook.py"
    hook.write_text(HOOK.format(signal))
    (report / "mkdocs.yml").write_text(MKDOCS + "hooks: [hook.py]\n")
    stopped = run(report, "build")
    assert stopped.returncode == 130
    assert stopped.stderr.splitlines()[-1].startswith("Stopped.")
    assert "Traceback" not in stopped.stderr
    assert sorted(path.name for path in report.glob(".*")) == []
    assert not (report / "site").exists()
    hook.write_text("")
    assert run(report, "build").returncode == 0
    resumed = digests(report / "site")
    for name in ("build", "site"):
        (report / name).rename(report / f"first-{name}")
    assert run(report, "build").returncode == 0
    assert digests(report / "site") == resumed


@pytest.mark.parametrize("module", ["typer", "reportgen.cli.making", "reportgen.pipeline"])
def test_ctrl_c_while_it_is_loaded(report: Path, module: str) -> None:
    """It is one line then too."""
    command = [sys.executable, "-c", WHILE_LOADING.format(module), "pull", "--config", str(report)]
    stopped = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (stopped.returncode, stopped.stdout) == (130, "")
    assert stopped.stderr.startswith("Stopped. ")
    assert len(stopped.stderr.splitlines()) == 1


def test_only_a_later_second_signal_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one lets a command tidy up; its echo is nothing new, a second wish is."""
    now, ended = [0.0], []
    monkeypatch.setattr("os._exit", ended.append)
    stop = Stop(clock=lambda: now[0])
    with pytest.raises(KeyboardInterrupt):
        stop(2, None)
    stop(2, None)
    assert ended == []
    now[0] = 2 * PATIENCE
    stop(2, None)
    assert ended == [130]
