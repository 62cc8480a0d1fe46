"""The LATISS calibration statistics in ``data/calib``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data" / "calib" / "latiss"
TOOL = ROOT / "tools" / "make_latiss_history.py"


def load(name: str) -> dict[str, Any]:
    """Return the content of one file."""
    return yaml.safe_load((FOLDER / name).read_bytes())


def failing(name: str, test: str) -> int:
    """Count the amplifiers that fail a test."""
    return sum(verdicts[test] is False for verdicts in load(name)["VERIFY"]["AMP"].values())


def test_every_file_is_safe_yaml():
    """Every file can be read without running anything, and holds numbers and verdicts."""
    paths = sorted(FOLDER.rglob("*.yaml"))
    assert len(paths) == 31
    for path in paths:
        assert isinstance(yaml.safe_load(path.read_bytes()), dict)


def test_read_noise_is_flat_while_amplifiers_begin_to_fail():
    """The value stays where it is from 2024-12-06 to 2025-04-03, and nine amplifiers fail."""
    before, after = load("biasDet/2024-12-06_a836311.yaml"), load("biasDet/2025-04-03_e7b2d60.yaml")
    noise = [stats["AMP"]["C10"]["NOISE"] for stats in (before, after)]
    assert noise == pytest.approx([7.8314, 7.8314], abs=5e-5)
    assert failing("biasDet/2024-12-06_a836311.yaml", "NOISE") == 0
    assert failing("biasDet/2025-04-03_e7b2d60.yaml", "NOISE") == 9
    assert failing("darkDet/2024-10-31_6257a1b.yaml", "NOISE") == 0
    assert failing("darkDet/2025-04-03_e7b2d60.yaml", "NOISE") == 9


def test_a_failure_that_names_nothing_is_kept():
    """An exposure with SUCCESS false and no failures is there as it was written."""
    run = load("flatRun/2024-10-21_01ad6c7.yaml")
    assert run[2021052500098] == {"SUCCESS": False, "FAILURES": []}


@pytest.mark.parametrize("stage", ["bias", "dark", "flat", "ptc"])
def test_numbers_and_verdicts_are_upstreams(shared, stage):
    """Every number and verdict equals that of the file it was taken from, unrounded."""
    compared = 0
    for path in sorted((FOLDER / f"{stage}Det").glob("*.yaml")):
        origin = shared / "data" / "real" / "ci_cpp_gen3" / f"{stage}Det" / path.name
        if not origin.is_file():
            continue
        ours, theirs = load(f"{stage}Det/{path.name}"), yaml.safe_load(origin.read_bytes())
        assert ours["VERIFY"] == theirs["VERIFY"]
        assert ours["SUCCESS"] is theirs["SUCCESS"]
        assert ours["DET"] == theirs["DET"]
        for amplifier, statistics in ours["AMP"].items():
            for name, value in statistics.items():
                assert repr(value) == repr(theirs["AMP"][amplifier][name])
                compared += 1
    assert compared > 100


def test_the_tool_writes_what_is_here(shared, tmp_path):
    """The committed files are those that the tool makes of the reference files."""
    source = shared / "data" / "real" / "ci_cpp_gen3"
    subprocess.run([sys.executable, TOOL, source, "--to", tmp_path], check=True)
    made = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*.yaml")}
    assert made == {p.relative_to(FOLDER): p.read_bytes() for p in FOLDER.rglob("*.yaml")}
