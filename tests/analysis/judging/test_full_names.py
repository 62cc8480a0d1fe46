"""Watch ranges call metrics by full names: action, band and name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reportgen.config import SourceConfig
from reportgen.definitions.watch import read_watch
from reportgen.model.definitions import Specification
from reportgen.model.report import RunReport
from reportgen.sources.analysis_tools import BundleOptions, BundleParser
from reportgen.sources.fields import FieldReader
from reportgen.store import Store
from tests.judged import report_of

RANGES = """
e1Diff_g_highSNStars_median: {lowThreshold: -0.01, highThreshold: 0.03}
wPerpPSFP_wPerp_psfFlux_median: {highThreshold: 4}
g_ref_photom_offset_coadd: {lowThreshold: -20}
sciencePsfSize: {highThreshold: 3}
"""

BUNDLE = {
    "e1Diff": [("g_highSNStars_median", 0.02), ("r_highSNStars_median", 9)],
    "e2Diff": [("g_highSNStars_median", 9)],
    "wPerpPSFP": [("wPerp_psfFlux_median", 5)],
    "wPerpCModel": [("wPerp_cmodelFlux_median", 5)],
    "refCat": [("g_ref_photom_offset_coadd", None), ("i_ref_photom_offset_coadd", 5)],
    "science": [("sciencePsfSize", 2)],
}


def ranges(folder: Path) -> list[Specification]:
    """Return the watch ranges."""
    (folder / "w.yaml").write_text(RANGES)
    return [*read_watch(folder / "w.yaml", "w.yaml").specifications.values()]


def judged(folder: Path, bundle: Any, specifications: list[Specification], **more: Any) -> Any:
    """Return the report of a run with one bundle."""
    config = SourceConfig(
        name="s", type="analysis-tools", location="*", dataset="D", release="R", root=folder
    )
    options = BundleOptions(**more)
    content = {
        action: [{"metric": name, "value": value, "unit": "mmag"} for name, value in found]
        for action, found in bundle.items()
    }
    parser = BundleParser(fields=FieldReader(config), options=options)
    with Store(folder / "store").writer() as writer:
        for one in parser.parse(json.dumps(content).encode(), "b.json", "1"):
            writer.add("s", one)
        writer.commit()
    return report_of(Store(folder / "store"), *specifications)


def verdicts(report: RunReport) -> set[tuple[Any, ...]]:
    """Return band, specification and status of each check."""
    bands = report.measurements["band"]
    checks = report.checks
    short = checks["specification"].str.removeprefix("analysis_tools.")
    band = [bands.fillna("").loc[row] for row in checks["row"]]
    return {*zip(band, short, checks["status"], strict=True)}


EXPECTED = {
    ("g", "e1Diff_g_highSNStars_median.low", "pass"),
    ("g", "e1Diff_g_highSNStars_median.high", "pass"),
    ("", "wPerpPSFP_wPerp_psfFlux_median.high", "fail"),
    ("g", "g_ref_photom_offset_coadd.low", "not_measured"),
    ("", "sciencePsfSize.high", "pass"),
}


@pytest.mark.parametrize("qualify", [False, True])
def test_ranges_find_what_a_bundle_measures(tmp_path: Path, qualify: bool) -> None:  # noqa: FBT001
    """Each range judges the one measurement of its action and band, whatever that is called."""
    report = judged(tmp_path, BUNDLE, ranges(tmp_path), qualify_actions=qualify)
    assert verdicts(report) == EXPECTED
    assert len(report.checks) == len(verdicts(report))
    assert (report.counts.no_specification, report.counts.total) == (8, 8)


def test_a_range_judges_once(tmp_path: Path) -> None:
    """A measurement whose name is the full one is not judged by its action once more."""
    bundle = {"e1Diff": [("g_highSNStars_median", 1)], "e1": [("e1Diff_g_highSNStars_median", 1)]}
    report = judged(tmp_path, bundle, ranges(tmp_path))
    assert len(report.checks) == 4
    assert {*report.checks["metric"]} == {
        "analysis_tools.highSNStars_median", "analysis_tools.e1Diff_g_highSNStars_median",
    }  # fmt: skip
