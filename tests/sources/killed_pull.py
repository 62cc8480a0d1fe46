"""Pull into the store of a folder, and die (SIGKILL) after so many records.

Run as a script with the folder of a configuration and the number of records; without a number it
comes to its end.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from reportgen import pipeline
from reportgen.building import pace
from reportgen.config import load_config

ROOT = Path(__file__).resolve().parents[2]


def pull(folder: Path, stop: int | None) -> None:
    """Pull, with commits as often as the source allows."""
    pace.ROWS = 1
    pace.SHARE = 0.0

    def die(_name: str, records: int, _of: int | None) -> None:
        if records == stop:
            os.kill(os.getpid(), signal.SIGKILL)

    for summary in pipeline.pull(load_config(folder), progress=die).sources:
        if summary.error:
            raise SystemExit(summary.error)


def start(folder: Path, stop: int | None = None) -> int:
    """Pull in a process of its own, and return how it ended."""
    command = [sys.executable, "-m", "tests.sources.killed_pull", str(folder)]
    command += [] if stop is None else [str(stop)]
    return subprocess.run(command, check=False, cwd=ROOT, timeout=300).returncode


if __name__ == "__main__":
    pull(Path(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else None)
