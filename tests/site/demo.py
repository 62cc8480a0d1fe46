"""The report of this repository, built once: real releases, generated weeklies, two cameras."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.site.once import built_once

ROOT = Path(__file__).resolve().parents[2]
RUNS = 2
"""Newest runs of each dataset that have a page: the numbers of the first one need no more."""


def built(base: Path) -> Path:
    """Return the folder of the built site below a folder that workers share."""
    return built_once(base, "demo", write_report, date(2026, 11, 22))


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
