"""A site is as old as what it was made from."""

from __future__ import annotations

import json
import os
import shutil
from datetime import date
from pathlib import Path

from reportgen import pipeline
from reportgen.config import load_config

DAY = date(2024, 2, 1)


def write_job(folder: Path, value: float) -> None:
    """Write the only job."""
    job = {
        "measurements": [{"metric": "pkg.One", "value": value, "unit": "mmag"}],
        "meta": {"ci_label": "w_2024_01"},
    }
    (folder / "a.verify.json").write_text(json.dumps(job))


def test_a_store_that_is_made_anew_is_seen(tmp_path: Path) -> None:
    """Its revisions have the names of the old ones, and other values."""
    (tmp_path / "reportgen.toml").write_text(
        '[site]\nname = "Anew"\n[[source]]\nname = "jobs"\ntype = "verify-json"\n'
        'location = "*.verify.json"\ndataset = "d"\nrelease = { meta = "ci_label" }\n'
    )
    config = load_config(tmp_path / "reportgen.toml")
    write_job(tmp_path, 1.0)
    assert not pipeline.build(config, today=DAY).unchanged
    assert pipeline.build(config, today=DAY).unchanged
    record = tmp_path / "data/store/d/w_2024_01/rev-0001/run.json"
    made = record.stat().st_mtime_ns
    shutil.rmtree(tmp_path / "data" / "store")
    write_job(tmp_path, 2.0)
    pipeline.pull(config, today=DAY)
    os.utime(record, ns=(made + 10**9, made + 10**9))  # clocks of some file systems are coarse
    assert not pipeline.build(config, today=DAY, do_pull=False).unchanged
    run = json.loads((tmp_path / "site/api/v1/runs/d/w_2024_01.json").read_text())
    assert [one["value"] for one in run["measurements"]] == [2.0]
