"""Watch ranges of analysis_tools, from a bundle to the pages."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reportgen import pipeline
from reportgen.config import load_config
from tests.test_build import MKDOCS

CONFIG = """
[definitions]
watch = ["ranges.yaml"]
[[source]]
name = "bundles"
type = "analysis-tools"
location = "bundles/*.json"
dataset = "Field"
pattern = '(?P<release>w_\\d{4}_\\d{2})'
"""
RANGES = """
e1Diff_g_highSNStars_median: {lowThreshold: -0.01, highThreshold: 0.03, description: Of stars.}
e1Diff_i_highSNStars_median: {highThreshold: 0.02, description: Of stars.}
skyFlux_g_median: {highThreshold: 4, description: In g.}
skyFlux_r_median: {highThreshold: 5, description: In r.}
e1Diff_z_highSNStars_median: {highThreshold: 0.02}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of a report with two bundles, which have no z band."""
    root = tmp_path_factory.mktemp("watch")
    (root / "reportgen.toml").write_text(CONFIG)
    (root / "mkdocs.yml").write_text(MKDOCS)
    (root / "ranges.yaml").write_text(RANGES)
    (root / "bundles").mkdir()
    for release, value in (("w_2026_01", 0.02), ("w_2026_02", 0.05)):
        measurements = [
            {"metric": f"{band}_highSNStars_median", "value": value, "unit": ""} for band in "gri"
        ]
        sky = [{"metric": f"{band}_median", "value": 3, "unit": ""} for band in "gr"]
        text = json.dumps({"e1Diff": measurements, "skyFlux": sky})
        (root / "bundles" / f"{release}.json").write_text(text)
    pipeline.build(load_config(root), strict=True, today=date(2026, 11, 1))
    return root / "site"


def document(site: Path, address: str) -> Any:
    """Return a document of the site."""
    return json.loads((site / "api" / "v1" / f"{address}.json").read_text())


def test_the_history_has_the_limits_of_the_bands_that_they_judge(site: Path) -> None:
    """As the run was judged by them; a range of a band that nobody measured belongs nowhere."""
    found = document(site, "metrics/analysis_tools.highSNStars_median")["metric"]["specifications"]
    short = [
        (one["specification"].partition(".")[2], one["threshold"], one["bands"]) for one in found
    ]
    assert sorted(short) == [
        ("e1Diff_g_highSNStars_median.high", 0.03, ["g"]),
        ("e1Diff_g_highSNStars_median.low", -0.01, ["g"]),
        ("e1Diff_i_highSNStars_median.high", 0.02, ["i"]),
    ]


def test_the_metric_is_described_as_its_ranges_are(site: Path) -> None:
    """Where they say one thing of all bands."""
    stars = document(site, "metrics/analysis_tools.highSNStars_median")["metric"]
    sky = document(site, "metrics/analysis_tools.median")["metric"]
    assert (stars["description"], sky["description"]) == ("Of stars.", "")
    assert len(sky["specifications"]) == 2


def test_page_and_figure_name_them(site: Path) -> None:
    """With their bands."""
    folder = site / "metrics" / "analysis_tools.highSNStars_median"
    assert "Watch range" in (folder / "index.html").read_text()
    assert any("watch high (g) ≤ 0.03" in one.read_text() for one in site.glob("figures/*.svg"))


def test_the_run_says_what_is_outside(site: Path) -> None:
    """Outside of its range in g and i; r has none."""
    page = (site / "runs" / "field" / "w_2026_02" / "index.html").read_text()
    assert 'id="highSNStars_median-g"' in page
    measured = document(site, "runs/field/w_2026_02")["measurements"]
    checks = [check for one in measured for check in one["checks"]]
    outside = [check["specification"] for check in checks if check["status"] == "fail"]
    assert [name.partition(".")[2] for name in sorted(outside)] == [
        "e1Diff_g_highSNStars_median.high",
        "e1Diff_i_highSNStars_median.high",
    ]
