"""The gate of this report on its own data."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from reportgen import gating, pipeline
from reportgen.config import load_config

ROOT = Path(__file__).resolve().parents[2]


def test_the_report_fails_only_for_what_is_new(tmp_path: Path) -> None:
    """What is wrong in the stored data is known, so the workflow is red for news alone."""
    (tmp_path / "data").mkdir()
    for path in (ROOT / "data").iterdir():
        if path.name != "store":
            (tmp_path / "data" / path.name).symlink_to(path)
    for name in ("reportgen.toml", "notes"):
        (tmp_path / name).symlink_to(ROOT / name)
    config = load_config(tmp_path)
    pipeline.pull(config, today=date(2026, 11, 22))
    gate = gating.check(config, None, None, today=date(2026, 11, 22))
    assert gate.exit_code == 0
    known = [one.metric for run in gate.runs for one in run.findings if one.issues]
    assert known == [
        "cp_verify.BIAS_CR_NOISE",
        "validate_drp.TE1",
        "validate_drp.TE1",
        "cp_verify.PTC_PTC_GAIN",
    ]
