"""A metric that analysis_tools continues under a name of its own, from stored files to the site.

In one dataset analysis_tools follows faro, in another both measured the same releases.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reportgen import pipeline
from reportgen.config import load_config
from tests.test_build import MKDOCS, TODAY

CONFIG = """
[site]
name = "Test"
[definitions]
packages = ["definitions"]
overrides = "overrides.toml"
[[source]]
name = "faro"
type = "metricvalue"
location = "faro/**/*.yaml"
pattern = 'faro/(?P<dataset>\\w+)/(?P<release>w_\\d{4}_\\d{2})/.*_(?P<tract>\\d+)_(?P<band>[ugrizy])\\.yaml'
producer = "faro"
[[source]]
name = "bundles"
type = "analysis-tools"
location = "tools/**/*.json"
pattern = 'tools/(?P<dataset>\\w+)/(?P<release>w_\\d{4}_\\d{2})/.*_(?P<tract>\\d+)\\.json'
producer = "analysis_tools"
"""  # noqa: E501 - as people write it
OVERRIDES = """
[[alias]]
metric = "analysis_tools.stellarPhotRepeatStdev"
canonical = "validate_drp.PA1"
reason = "the same quantity"
[[epoch]]
metric = "validate_drp.PA1"
dataset = "follows"
from_release = "w_2026_39"
reason = "DM-1: analysis_tools takes brighter stars"
"""
MEASUREMENT = """!<lsst.verify.Measurement>
blobs: []
identifier: 0123456789abcdef0123456789abcdef
metric: PA1
notes: {{}}
unit: mmag
value: {value}
"""
WEEKS = (36, 37, 38, 39, 40)
FARO, TOOLS = 4.0, 6.0
"""Values in band g (mmag): with a limit of 5 one passes and one fails."""


def write_faro(root: Path, dataset: str, week: int) -> None:
    """Write what faro stores: one file for each band, metric names bare."""
    for band, add in (("g", 0.0), ("r", 0.25)):
        name = f"metricvalue_validate_drp_PA1_HSC_9615_{band}.yaml"
        path = root / "faro" / dataset / f"w_2026_{week}" / "metricvalue_validate_drp_PA1" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(MEASUREMENT.format(value=FARO + add + week / 1000))


def write_tools(root: Path, dataset: str, week: int) -> None:
    """Write what analysis_tools stores: one bundle, the band in front of the name."""
    measurements = [
        {
            "metric": f"{band}_stellarPhotRepeatStdev",
            "identifier": f"{at:032x}",
            "value": TOOLS + add + week / 1000,
            "unit": "mmag",
            "blob_refs": [],
        }
        for at, (band, add) in enumerate((("g", 0.0), ("r", 0.25)))
    ]
    path = root / "tools" / dataset / f"w_2026_{week}" / "matchedVisitCore_metrics_9615.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"stellarPhotometricRepeatability": measurements}))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a built site of both datasets."""
    root = tmp_path_factory.mktemp("continued")
    (root / "reportgen.toml").write_text(CONFIG, encoding="utf-8")
    (root / "overrides.toml").write_text(OVERRIDES, encoding="utf-8")
    (root / "mkdocs.yml").write_text(MKDOCS, encoding="utf-8")
    metrics, specs = root / "definitions/metrics", root / "definitions/specs/validate_drp"
    metrics.mkdir(parents=True)
    specs.mkdir(parents=True)
    (metrics / "validate_drp.yaml").write_text("PA1: {unit: mmag, description: Scatter.}\n")
    (specs / "PA1.yaml").write_text(
        "name: design_gri\nmetric: PA1\ntags: [design]\n"
        "threshold: {operator: '<=', value: 5.0, unit: mmag}\n"
    )
    for week in WEEKS:
        write_faro(root, "both", week)
        write_tools(root, "both", week)
        (write_faro if week < 39 else write_tools)(root, "follows", week)
    built = pipeline.build(load_config(root), today=TODAY, strict=True)
    assert not built.warnings
    return built.site


def document(site: Path, path: str) -> Any:
    """Return a JSON document of the site."""
    return json.loads((site / "api/v1" / path).read_text(encoding="utf-8"))


def series(site: Path, dataset: str, producer: str) -> dict[str, Any]:
    """Return the series of one producer in band g."""
    (found,) = [
        one
        for one in document(site, "metrics/validate_drp.PA1.json")["series"]
        if (one["dataset"], one["producer"]) == (dataset, producer)
        and one["data_id"]["band"] == "g"
    ]
    return found


def points(site: Path, dataset: str, producer: str) -> dict[str, float | None]:
    """Return the values of one series by release."""
    return {one["release"]: one["value"] for one in series(site, dataset, producer)["points"]}


def measured(first: float, weeks: tuple[int, ...]) -> dict[str, float | None]:
    """Return what a series has to hold: null where its producer measured nothing."""
    return {
        f"w_2026_{week}": pytest.approx(first + week / 1000) if week in weeks else None
        for week in WEEKS
    }


def test_the_new_name_is_the_old_metric(site: Path) -> None:
    """One metric, which says what else it is called; the other name has no page."""
    names = [one["name"] for one in document(site, "index.json")["metrics"]]
    assert names == ["validate_drp.PA1"]
    metric = document(site, "metrics/validate_drp.PA1.json")["metric"]
    assert metric["stored_names"] == ["analysis_tools.stellarPhotRepeatStdev"]
    assert not list((site / "metrics").glob("*stellarPhot*"))
    page = (site / "metrics/validate_drp.PA1/index.html").read_text(encoding="utf-8")
    assert "analysis_tools.stellarPhotRepeatStdev" in page


def test_a_follower_continues_with_a_break(site: Path) -> None:
    """Values before and after stand in series of their own; JSON and page name the break."""
    assert points(site, "follows", "faro") == measured(FARO, (36, 37, 38))
    assert points(site, "follows", "analysis_tools") == measured(TOOLS, (39, 40))
    reason = "DM-1: analysis_tools takes brighter stars"
    epochs = [{"from_run": "follows/w_2026_39", "reason": reason}]
    assert series(site, "follows", "analysis_tools")["epochs"] == epochs
    page = (site / "metrics/validate_drp.PA1/index.html").read_text(encoding="utf-8")
    assert f"<li>w_2026_39: {reason}</li>" in page
    assert "Values before and after these runs cannot be compared" in page


def test_no_step_crosses_the_break(site: Path) -> None:
    """Half as much again is no step and no change: it is another quantity."""
    for producer in ("faro", "analysis_tools"):
        assert series(site, "follows", producer)["steps"] == []
    compared = document(site, "compare/follows/w_2026_38...w_2026_39.json")
    assert compared["summary"]["regressed"] == 0
    assert {row["verdict"] for row in compared["rows"]} <= {"added", "removed", "not_comparable"}


def test_two_producers_of_one_release_stay_two_series(site: Path) -> None:
    """Nothing is merged, and nothing taken for a break."""
    assert points(site, "both", "faro") == measured(FARO, WEEKS)
    assert points(site, "both", "analysis_tools") == measured(TOOLS, WEEKS)
    assert series(site, "both", "faro")["epochs"] == []
    page = (site / "metrics/validate_drp.PA1/index.html").read_text(encoding="utf-8")
    assert "g (faro)" in page
    assert "g (analysis_tools)" in page


def test_verdicts_apply_to_both(site: Path) -> None:
    """Each producer is judged by the limit of the metric: one passes, one fails."""
    run = document(site, "runs/both/w_2026_40.json")
    judged = {
        (one["producer"], one["data_id"]["band"]): (
            one["metric"],
            round(one["value"], 3),
            [(check["specification"], check["status"]) for check in one["checks"]],
        )
        for one in run["measurements"]
    }
    passed = [("validate_drp.PA1.design_gri", "pass")]
    failed = [("validate_drp.PA1.design_gri", "fail")]
    assert judged == {
        ("faro", "g"): ("validate_drp.PA1", 4.04, passed),
        ("faro", "r"): ("validate_drp.PA1", 4.29, passed),
        ("analysis_tools", "g"): ("validate_drp.PA1", 6.04, failed),
        ("analysis_tools", "r"): ("validate_drp.PA1", 6.29, failed),
    }
    assert run["run"]["counts"]["fail"] == run["run"]["counts"]["pass"] == 2
    page = (site / "runs/both/w_2026_40/index.html").read_text(encoding="utf-8")
    assert "faro" in page
    assert "analysis_tools" in page
