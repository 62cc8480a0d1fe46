"""A site of 500 metrics in five bands, as large as reports become, of two runs."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path

from tests.site.once import built_once

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
    """Return the folder of the built site below a folder that workers share."""
    return built_once(base, "large", write_report, date(2021, 2, 1))


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
