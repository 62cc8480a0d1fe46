"""What docs/addresses.md promises is there, and what is there is promised."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from reportgen import pipeline
from reportgen.config import load_config
from tests.test_build import DEMO, TODAY, write_demo

PAGE = (Path(__file__).parent.parent / "docs" / "addresses.md").read_text(encoding="utf-8")
PATTERNS = [
    re.sub(r"<\w+>", "*", address)
    for address in re.findall(r"^\| `([^`]+)` \|", PAGE, re.MULTILINE)
]
OURS = ("api/", "badges/", "data/", "feeds/")
"""Below these everything is for readers; the rest of a site are pages and what they need."""
INSIDE = {"api/v1/names.js"}
"""What scripts of the pages ask for: nobody else needs it."""
CAMERA = """
[[source]]
name = "camera"
type = "cp-verify"
location = "camera/*.yaml"
pattern = 'biasDet_(?P<date>\\d{4}-\\d{2}-\\d{2})_(?P<detector>\\d)'
dataset = "Camera"
release = "daily"
stage = "bias"
level = "Det"
instrument = "LSSTComCam"
exposure = 2021052500016
"""
BLOB = {
    "identifier": "b" * 32,
    "name": "curve",
    "data": {
        name: {"value": [1.0, 2.0], "unit": "arcmin", "label": name, "description": name}
        for name in ("radius", "scatter")
    },
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site that has something of every kind."""
    root = tmp_path_factory.mktemp("addresses")
    url = '[site]\nurl = "https://example.org/metrics/"\n'
    (root / "reportgen.toml").write_text(url + DEMO + CAMERA, encoding="utf-8")
    write_demo(root)
    for tract in ("9615", "9697"):
        measured = {"metric": "pkg.PA1", "value": 4.0, "unit": "mmag", "identifier": tract}
        meta = {"ci_label": "w_2021_04", "filter_name": "i", "instrument": "HSC", "tract": tract}
        refs = [BLOB["identifier"]] if tract == "9615" else []
        job = {"measurements": [measured | {"blob_refs": refs}], "blobs": [BLOB], "meta": meta}
        path = root / "archive" / "w_2021_04" / f"i-{tract}.verify.json"
        path.write_text(json.dumps(job))
    (root / "camera").mkdir()
    for detector in range(2):
        path = root / "camera" / f"biasDet_2021-05-25_{detector}.yaml"
        path.write_text("AMP:\n  C00: {MEAN: 0.1}\nVERIFY:\n  AMP:\n    C00: {MEAN: true}\n")
    (root / "notes").mkdir()
    (root / "notes" / "why.md").write_text("---\ntitle: Why\ndate: 2021-05-01\n---\n\nSo.\n")
    pipeline.build(load_config(root), today=TODAY)
    return root / "site"


@pytest.mark.parametrize("pattern", PATTERNS)
def test_what_is_promised_is_there(site: Path, pattern: str) -> None:
    """Each address of the page is one of the site."""
    file = f"{pattern}index.html" if pattern.endswith("/") else pattern
    assert list(site.glob(file.lstrip("/")))


def test_what_is_there_is_promised(site: Path) -> None:
    """Each page, and each file for readers, has an address that the page tells."""
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    pages = {one.removesuffix("index.html") or "/" for one in files if one.endswith("index.html")}
    ours = {one for one in files - INSIDE if one.startswith(OURS) and "index.html" not in one}
    feeds = {one.replace(".atom", ".json") for one in PATTERNS if one.startswith("feeds/")}
    known = [one.split("/") for one in (*PATTERNS, *feeds)]
    assert sorted(one for one in pages | ours if not fits(one.split("/"), known)) == []


def fits(parts: list[str], known: list[list[str]]) -> bool:
    """Tell whether an address has the shape of a known one, folder by folder."""
    return any(len(parts) == len(one) and all(map(fnmatchcase, parts, one)) for one in known)
