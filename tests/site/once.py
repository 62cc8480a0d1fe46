"""Sites that take long to build: built once, whatever process of a test run asks first."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

from reportgen import pipeline
from reportgen.config import load_config


def built_once(base: Path, name: str, write: Callable[[Path], None], today: date) -> Path:
    """Return the folder of a site whose report ``write`` lays out below ``base``."""
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    root = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not root.exists():
            write(root)
            pipeline.build(load_config(root), today=today, jobs=2)
    return root / "site"
