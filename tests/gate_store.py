"""A small report for tests of the gate: weeklies and calibrations, as files a source reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

MKDOCS = """\
site_name: Test
theme: {name: material, font: false}
plugins: [search]
extra_css: [assets/reportgen.css]
extra_javascript: [assets/reportgen.js]
docs_dir: build/docs
site_dir: site
markdown_extensions: [attr_list, tables]
"""

CONFIG = """\
[site]
url = "https://example.org/metrics/"
[definitions]
packages = ["definitions"]
triage = "triage.toml"
[[source]]
name = "jobs"
type = "verify-json"
location = "archive/**/*.json"
dataset = "HSC"
release = { meta = "ci_label" }
producer = "faro"
[[source]]
name = "calibrations"
type = "cp-verify"
location = "calib/*.yaml"
pattern = '(?P<stage>bias)Det_(?P<release>(?P<date>\\d{4}-\\d{2}-\\d{2}))'
dataset = "LATISS calibrations"
instrument = "LATISS"
detector = 0
"""

QUIET = [4.0, 4.1, 4.0, 4.2, 4.1, 4.0, 4.1, 4.2, 4.0, 4.1]

KNOWN = """\
[[issue]]
metric = "PA1"
band = "r"
owner = "Ada"
ticket = "DM-1"
reason = "The calibration of r is being redone."
expires = 2100-01-01
"""


def write_report(
    root: Path, values: Mapping[str, Sequence[float | None]], *, triage: str = "", extra: str = ""
) -> Path:
    """Write a report whose metric ``pkg.PA1`` has these values per band, one per weekly."""
    (root / "reportgen.toml").write_text(CONFIG + extra, encoding="utf-8")
    (root / "mkdocs.yml").write_text(MKDOCS, encoding="utf-8")
    (root / "triage.toml").write_text(triage, encoding="utf-8")
    specs = root / "definitions" / "specs" / "pkg"
    specs.mkdir(parents=True, exist_ok=True)
    (root / "definitions" / "metrics").mkdir(exist_ok=True)
    (root / "definitions" / "metrics" / "pkg.yaml").write_text(
        "PA1: {description: Scatter., unit: mmag, tags: [a]}\n"
    )
    (specs / "PA1.yaml").write_text(
        "name: PA1.design\nthreshold: {operator: '<=', unit: mmag, value: 5.0}\n"
    )
    for band, series in values.items():
        for number, value in enumerate(series, start=1):
            write_job(root, f"w_2026_{number:02}", band, value)
    return root


def write_job(root: Path, release: str, band: str, value: float | None) -> None:
    """Write a job as lsst.verify does; a value None becomes null."""
    measurement = {
        "metric": "pkg.PA1",
        "value": value,
        "unit": "mmag",
        "identifier": "0" * 32,
        "blob_refs": [],
    }
    meta = {"ci_label": release, "filter_name": band, "instrument": "HSC"}
    folder = root / "archive" / release
    folder.mkdir(parents=True, exist_ok=True)
    job = {"measurements": [measurement], "blobs": [], "meta": meta}
    (folder / f"{band}.verify.json").write_text(json.dumps(job))


def write_calibrations(root: Path, noise: Sequence[tuple[float, bool]]) -> None:
    """Write one bias verification per day, with the read noise of C00 and its verdict."""
    (root / "calib").mkdir(exist_ok=True)
    for day, (value, passed) in enumerate(noise, start=1):
        verdict = str(passed).lower()
        (root / "calib" / f"biasDet_2026-01-{day:02}.yaml").write_text(
            f"AMP:\n  C00: {{MEAN: 0.1, NOISE: {value}}}\nVERIFY:\n"
            f"  AMP:\n    C00: {{MEAN: true, NOISE: {verdict}, SUCCESS: {verdict}}}\n"
            f"SUCCESS: {verdict}\n"
        )
