"""What a pull costs, measured in a process of its own.

    python -m benchmarks.meter FOLDER

pulls the sources of a folder and prints what it cost as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one way costs."""

    cpu: float
    """CPU seconds, user and system, of all processes."""
    passed: float
    """Seconds."""
    memory: float = 0.0
    """Peak (MB) of the process."""


def pull_command(root: Path) -> list[str]:
    """Return the command that pulls the sources of a folder."""
    return [sys.executable, "-m", "benchmarks.meter", str(root)]


def measure(what: str, root: Path) -> Cost:
    """Pull in a process of its own, and print one line."""
    done = subprocess.run(pull_command(root), check=True, capture_output=True, text=True)
    said = json.loads(done.stdout)
    cost = report(f"{what}: {said['found']}", Cost(**said["cost"]))
    if said["error"]:
        print(f"  ended by: {said['error']}")
    return cost


def run_code(what: str, code: str, *arguments: str) -> Cost:
    """Run code in a process of its own, and print one line."""
    code += "\nimport json\nfrom benchmarks import meter\nprint(json.dumps(meter.own_cost()))\n"
    command = [sys.executable, "-c", code, *arguments]
    begin = time.monotonic()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    cost = json.loads(done.stdout) | {"passed": time.monotonic() - begin}
    return report(what, Cost(**cost))


def own_cost() -> dict[str, float]:
    """Return CPU seconds and peak of memory of this process; children count once they ended."""
    status = Path("/proc/self/status").read_text()
    times = os.times()
    return {
        "cpu": times.user + times.system + times.children_user + times.children_system,
        # Not ru_maxrss: that is at least what the parent had when it started this process.
        "memory": int(status.partition("VmHWM:")[2].split()[0]) / 1024,
    }


def report(what: str, cost: Cost) -> Cost:
    """Print one line."""
    peak = f", peak {cost.memory:,.0f} MB" if cost.memory else ""
    print(f"{what}: {cost.cpu:,.1f} CPU s, {cost.passed:,.1f} s{peak}", flush=True)
    return cost


def compare(one: str, cost: Cost, other: str, by: Cost) -> None:
    """Print how much dearer or cheaper one way is than another."""
    print(f"  {one} / {other}: {cost.cpu / by.cpu:.2f} in CPU s, ", end="")
    print(f"{cost.passed / by.passed:.2f} in s that pass", flush=True)


def _pull(root: Path) -> None:
    from reportgen import pipeline  # noqa: PLC0415 - what it takes to import belongs to the cost
    from reportgen.config import load_config  # noqa: PLC0415

    begin = time.monotonic()
    (summary,) = pipeline.pull(load_config(root)).sources
    said = {
        "found": f"{summary.new:,} jobs, {summary.measurements:,} values",
        "error": summary.error,
        "cost": own_cost() | {"passed": time.monotonic() - begin},
    }
    print(json.dumps(said))


if __name__ == "__main__":
    _pull(Path(sys.argv[1]))
