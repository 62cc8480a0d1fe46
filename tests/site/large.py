"""A site of 500 metrics in five bands, as large as reports become, of two runs."""

from __future__ import annotations

import fcntl
import json
import os
import random
from datetime import date
from pathlib import Path

from reportgen import pipeline
from reportgen.config import load_config

METRICS = 500
BANDS = "grizy"
ROWS = METRICS * len(BANDS)
RUNS = ("w_2021_03", "w_2021_04")
PAGE = f"runs/large/{RUNS[-1]}/"
LIMITS = {"minimum": 1.3, "design": 1.1, "stretch": 0.95}

CONFIG = """
[definitions]
packages = ["definitions"]
[[source]]
name = "jobs"
type = "verify-json"
location = "archive/*.json"
dataset = "large"
release = { meta = "ci_label" }
"""


def built(base: Path) -> Path:
    """Return the folder of the built site below a folder that workers share; made once."""
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    root = shared / "large"
    with (shared / "large.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not root.exists():
            write_report(root)
            pipeline.build(load_config(root), today=date(2021, 2, 1), jobs=2)
    return root / "site"


def write_report(root: Path) -> None:
    """Write definitions and jobs: some 10 % fail, some 2 % are missing."""
    chance = random.Random(5)
    names = [f"M{number:04}" for number in range(METRICS)]
    levels = {(name, band): chance.uniform(1, 100) for name in names for band in BANDS}
    (root / "archive").mkdir(parents=True)
    (root / "definitions" / "metrics").mkdir(parents=True)
    (root / "definitions" / "specs" / "large").mkdir(parents=True)
    (root / "reportgen.toml").write_text(CONFIG, encoding="utf-8")
    (root / "definitions" / "metrics" / "large.yaml").write_text(
        json.dumps({name: {"description": "Made up.", "unit": "mmag"} for name in names})
    )
    specs = [
        {
            "name": f"{name}.{level}",
            "threshold": {
                "operator": "<=",
                "unit": "mmag",
                "value": factor * max(levels[name, band] for band in BANDS),
            },
        }
        for name in names
        for level, factor in LIMITS.items()
    ]
    (root / "definitions" / "specs" / "large" / "all.yaml").write_text(
        "\n---\n".join(map(json.dumps, specs))
    )
    for run in RUNS:
        for band in BANDS:
            measured = [
                {
                    "metric": f"large.{name}",
                    "value": None
                    if chance.random() < 0.02
                    else levels[name, band] * chance.uniform(0.7, 1.2),
                    "unit": "mmag",
                    "identifier": f"{number:032x}",
                    "blob_refs": [],
                }
                for number, name in enumerate(names)
            ]
            job = {
                "measurements": measured,
                "blobs": [],
                "meta": {"filter_name": band, "instrument": "HSC", "ci_label": run},
            }
            (root / "archive" / f"{run}-{band}.json").write_text(json.dumps(job))
