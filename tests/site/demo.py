"""The report of this repository, built once: real releases, generated weeklies, two cameras."""

from __future__ import annotations

import fcntl
import os
from datetime import date
from pathlib import Path

from reportgen import pipeline
from reportgen.config import load_config

ROOT = Path(__file__).resolve().parents[2]
RUNS = 2
"""Newest runs of each dataset that have a page: the numbers of the first one need no more."""


def built(base: Path) -> Path:
    """Return the folder of the built site below a folder that workers share; made once."""
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    root = shared / "demo"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not root.exists():
            write_report(root)
            pipeline.build(load_config(root), today=date(2026, 11, 22), jobs=2)
    return root / "site"


def write_report(root: Path) -> None:
    """Lay out the report as it is here, with few runs in full and a store of its own."""
    (root / "data").mkdir(parents=True)
    for path in (ROOT / "data").iterdir():
        if path.name != "store":
            (root / "data" / path.name).symlink_to(path)
    (root / "notes").symlink_to(ROOT / "notes")
    text = (ROOT / "reportgen.toml").read_text(encoding="utf-8")
    assert "recent_runs = 12" in text
    few = text.replace("recent_runs = 12", f"recent_runs = {RUNS}")
    (root / "reportgen.toml").write_text(few, encoding="utf-8")
