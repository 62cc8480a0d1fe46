"""The whole path, from files that pipelines wrote to a site."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reportgen import pipeline
from reportgen.config import load_config
from reportgen.errors import SiteError
from reportgen.pages import schemas

TODAY = date(2026, 11, 22)
Project = Callable[..., Path]

MKDOCS = """
site_name: Test
theme: {name: material, font: false}
plugins: [search]
extra_css: [assets/reportgen.css]
extra_javascript: [assets/reportgen.js]
docs_dir: build/docs
site_dir: site
validation: {links: {not_found: warn, anchors: warn}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Write a report repository with a configuration."""

    def write(config: str) -> Path:
        (tmp_path / "reportgen.toml").write_text(config, encoding="utf-8")
        (tmp_path / "mkdocs.yml").write_text(MKDOCS, encoding="utf-8")
        return tmp_path

    return write


def build(root: Path, **options: Any) -> pipeline.BuildResult:
    """Build a report at a fixed day."""
    return pipeline.build(load_config(root), today=TODAY, **options)


def read(root: Path, path: str) -> Any:
    """Return a JSON document of the built site; a NaN token is refused."""

    def refuse(token: str) -> None:
        raise AssertionError(token)

    return json.loads((root / "site" / path).read_text(), parse_constant=refuse)


def verdicts(document: Any) -> dict[str, tuple[str, float | None]]:
    """Return status and stored value of each specification in the JSON of a run."""
    return {
        check["specification"]: (check["status"], measurement["value"])
        for measurement in document["measurements"]
        for check in measurement["checks"]
    }


def oracle(path: Path) -> dict[str, tuple[str, float | None]]:
    """Return what upstream lsst.verify says."""
    words = {"pass": "pass", "fail": "fail"}
    with path.open() as file:
        return {
            row["specification"]: (
                words.get(row["status"], "not_measured"),
                None if row["value"] in ("", "nan") else float(row["value"]),
            )
            for row in csv.DictReader(file)
        }


CFHT = """
[[source]]
name = "squash"
type = "verify-json"
location = "archive/*.json"
dataset = "CFHT validation"
release = "v14"
"""


@pytest.mark.parametrize(
    ("definitions", "name", "number"),
    [
        ("", "own_specs", 45),
        ('[definitions]\npackages = ["verify_metrics"]\n', "current_specs", 190),
    ],
)
def test_verdicts_equal_upstream(
    project: Project, shared: Path, definitions: str, name: str, number: int
) -> None:
    """Every verdict on a real job equals that of upstream lsst.verify, one for one."""
    root = project(definitions + CFHT)
    (root / "archive").mkdir()
    real = shared / "data" / "real"
    shutil.copy(real / "squash-api" / "Cfht_output_r.json", root / "archive")
    if definitions:
        shutil.copytree(real / "verify_metrics", root / "verify_metrics")
    build(root)
    document = read(root, "api/v1/runs/cfht-validation/v14.json")
    expected = oracle(shared / "oracles" / f"squash-api_Cfht_output_r_{name}.csv")
    found = verdicts(document)
    assert len(expected) == number
    assert found == {
        key: (status, pytest.approx(value)) for key, (status, value) in expected.items()
    }


DEMO = """
[definitions]
packages = ["definitions"]
[[source]]
name = "jobs"
type = "verify-json"
location = "archive/**/*.json"
dataset = "HSC"
release = { meta = "ci_label" }
demonstration = true
[[source]]
name = "calibrations"
type = "cp-verify"
location = "calib/*.yaml"
pattern = '(?P<stage>bias)Det_(?P<date>\\d{4}-\\d{2}-\\d{2})'
dataset = "LATISS calibrations"
release = "daily"
instrument = "LATISS"
detector = 0
exposure = 2021052500015
"""


def write_job(root: Path, release: str, band: str, values: dict[str, float | None]) -> None:
    """Write a job as lsst.verify does; a value None becomes null."""
    job = {
        "measurements": [
            {
                "metric": name,
                "value": value,
                "unit": "mmag",
                "identifier": "0" * 32,
                "blob_refs": [],
            }
            for name, value in values.items()
        ],
        "blobs": [],
        "meta": {"ci_label": release, "filter_name": band, "instrument": "HSC"},
    }
    folder = root / "archive" / release
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{band}.verify.json").write_text(json.dumps(job))


@pytest.fixture
def demo(project: Project) -> Path:
    """Write a report with three weeklies, a file that is no job, and two calibrations."""
    return write_demo(project(DEMO))


def write_demo(root: Path) -> Path:
    """Write what the configuration of the demo names."""
    specs = root / "definitions" / "specs" / "pkg"
    specs.mkdir(parents=True)
    (root / "definitions" / "metrics").mkdir()
    (root / "definitions" / "metrics" / "pkg.yaml").write_text(
        "PA1: {description: Scatter., unit: mmag, tags: [a],"
        " reference: {doc: LPM-17, page: 21, url: 'http://ls.st/lpm-17'}}\n"
    )
    (specs / "PA1.yaml").write_text(
        "name: PA1.design\nthreshold: {operator: '<=', unit: mmag, value: 5.0}\n---\n"
        "name: PA1.stretch\nthreshold: {operator: '<=', unit: mmag, value: 3.0}\n"
    )
    for number, release in enumerate(("w_2021_01", "w_2021_02", "w_2021_04")):
        for band, value in (("g", 4.0 + number), ("r", None if number == 1 else 2.5)):
            write_job(root, release, band, {"pkg.PA1": value, "pkg.<b>x</b>": 1.0})
    (root / "archive" / "broken.json").write_text('{"measurements": [')
    (root / "calib").mkdir()
    for day, noise in (("2021-05-25", True), ("2021-05-26", False)):
        (root / "calib" / f"biasDet_{day}.yaml").write_text(
            "AMP:\n  C00: {MEAN: 0.1, NOISE: 7.5}\n  C01: {MEAN: .nan, NOISE: 7.7}\nVERIFY:\n"
            f"  AMP:\n    C00: {{MEAN: true, NOISE: {str(noise).lower()}, SUCCESS: true}}\n"
            "    C01: {MEAN: false, NOISE: true, SUCCESS: false}\nSUCCESS: false\n"
        )
    return root


def documents(root: Path) -> Iterator[tuple[str, Any]]:
    """Yield each JSON document of the API with the name of its schema."""
    api = root / "site" / "api" / "v1"
    kinds = {
        "index.json": "index",
        "runs": "run",
        "members": "members",
        "blobs": "blobs",
        "metrics": "metric",
        "calibrations": "calibrations",
        "compare": "compare",
        "events.json": "events",
        "baselines": "baselines",
    }
    for path in sorted(api.rglob("*.json")):
        first = path.relative_to(api).parts[0]
        if first != "schema":
            yield kinds[first], read(root, str(path.relative_to(root / "site")))


def test_every_document_meets_its_schema(demo: Path) -> None:
    """Each JSON document is strict and valid by the schema that is published with the site."""
    build(demo)
    seen = Counter()
    for kind, document in documents(demo):
        published = read(demo, f"api/v1/schema/{kind}.schema.json")
        assert published == schemas.load(f"{kind}.schema.json")
        jsonschema.Draft202012Validator(published).validate(document)
        seen[kind] += 1
    assert {"index", "run", "metric", "calibrations"} <= set(seen)


def test_values_reach_the_json_as_they_were_stored(demo: Path) -> None:
    """A value, a null and an absent one come out as value, null with reason, and absent."""
    build(demo)
    points = {
        series["data_id"]["band"]: [
            (p["release"], p["value"], p["reason"]) for p in series["points"]
        ]
        for series in read(demo, "api/v1/metrics/pkg.PA1.json")["series"]
    }
    assert points == {
        "g": [("w_2021_01", 4.0, None), ("w_2021_02", 5.0, None), ("w_2021_04", 6.0, None)],
        "r": [("w_2021_01", 2.5, None), ("w_2021_02", None, "null"), ("w_2021_04", 2.5, None)],
    }
    counts = {
        run["release"]: run["counts"]
        for run in read(demo, "api/v1/index.json")["runs"]
        if run["dataset"] == "HSC"
    }
    assert counts["w_2021_02"] == {"pass": 1, "fail": 0, "not_measured": 1, "no_specification": 2}
    assert counts["w_2021_04"] == {"pass": 1, "fail": 1, "not_measured": 0, "no_specification": 2}


def test_unreadable_file_is_listed_and_the_rest_goes_on(demo: Path) -> None:
    """A broken file is named on the overview and in the result; strict fails at the end."""
    result = build(demo)
    assert result.pulled is not None
    assert [one.origin for one in result.pulled.unreadable] == ["archive/broken.json"]
    overview = (demo / "site" / "index.html").read_text()
    assert "archive/broken.json" in overview
    with pytest.raises(SiteError, match=r"archive/broken\.json"):
        build(demo, strict=True)


def test_building_again_with_nothing_new_does_nothing(demo: Path) -> None:
    """A second build without news pulls nothing, draws nothing and leaves the site as it is."""
    build(demo)
    before = {p: p.stat().st_mtime_ns for p in (demo / "site").rglob("*") if p.is_file()}
    again = build(demo)
    assert again.unchanged
    assert {p: p.stat().st_mtime_ns for p in (demo / "site").rglob("*") if p.is_file()} == before


def test_one_new_run_draws_only_what_it_changes(demo: Path) -> None:
    """A new weekly is pulled alone, and figures that it does not touch are not drawn again."""
    first = build(demo)
    write_job(demo, "w_2021_05", "g", {"pkg.PA1": 4.2})
    second = build(demo)
    assert second.pulled is not None
    assert sum(one.new for one in second.pulled.sources) == 1
    assert 0 < second.drawn < first.drawn


def test_same_input_gives_the_same_bytes(demo: Path) -> None:
    """Two builds from the same files are equal byte for byte."""
    build(demo)
    first = {p.relative_to(demo): p.read_bytes() for p in (demo / "site").rglob("*") if p.is_file()}
    for folder in ("site", "build", "data"):
        shutil.rmtree(demo / folder)
    build(demo)
    second = {
        p.relative_to(demo): p.read_bytes() for p in (demo / "site").rglob("*") if p.is_file()
    }
    assert {p for p in first | second if first.get(p) != second.get(p)} == set()


def test_names_from_outside_are_escaped(demo: Path) -> None:
    """A metric name that is markup comes out as text on every page."""
    build(demo)
    pages = "".join(p.read_text() for p in (demo / "site").rglob("*.html"))
    assert "<b>x</b>" not in pages
    assert "&lt;b&gt;x&lt;/b&gt;" in pages


def test_demonstration_is_said_on_every_page_that_shows_it(demo: Path) -> None:
    """Pages of generated runs and metrics say that they are demonstration data."""
    build(demo)
    for page in ("index.html", "runs/hsc/w_2021_04/index.html", "metrics/pkg.PA1/index.html"):
        assert "generated, not measured" in (demo / "site" / page).read_text()


def test_calibration_verdicts_are_those_of_the_file(demo: Path) -> None:
    """The pass map is read from VERIFY: a NaN that fails there fails here."""
    build(demo)
    document = read(demo, "api/v1/calibrations/latiss/bias.json")
    failed = Counter(
        (one["test"], one["amplifier"])
        for one in document["tests"]
        if not one["passed"] and one["test"] != "SUCCESS"
    )
    assert failed == {("MEAN", "C01"): 2, ("NOISE", "C00"): 1}


def test_no_dead_link(demo: Path) -> None:
    """Every link, anchor and image of the site leads somewhere."""
    result = build(demo)
    assert [warning for warning in result.warnings if "broken.json" not in warning] == []


def test_every_row_can_be_linked_to(demo: Path) -> None:
    """Each row of each table has an id, and no page has an id twice."""
    build(demo)
    rows = 0
    for page in (demo / "site").rglob("index.html"):
        text = page.read_text(encoding="utf-8")
        for body in re.findall(r"<tbody[^>]*>(.*?)</tbody>", text, re.DOTALL):
            assert re.findall(r"<tr(?! id=)[^>]*>.{,80}", body, re.DOTALL) == [], page
            rows += body.count("<tr id=")
        ids = re.findall(r'<tr id="([^"]*)"', text) + re.findall(r'<h\d id="([^"]*)"', text)
        assert sorted(set(ids)) == sorted(ids), page
    assert rows > 50


def test_no_template_has_a_row_without_id() -> None:
    """Rows that the example does not have can be linked to as well."""
    for path in sorted((Path(__file__).parent.parent / "site_templates/pages").glob("*.jinja")):
        text = re.sub(r"<thead>.*?</thead>", "", path.read_text("utf-8"), flags=re.DOTALL)
        assert re.findall(r"<tr(?! id=)[^>]*>.{,60}", text) == [], path


def test_a_unit_that_does_not_fit_makes_no_dead_link(demo: Path) -> None:
    """A value that cannot be judged is counted, and the link on the count leads somewhere."""
    job = demo / "archive" / "w_2021_04" / "g.verify.json"
    job.write_text(job.read_text().replace("mmag", "s"))
    warnings = [warning for warning in build(demo).warnings if "broken.json" not in warning]
    assert [one.partition(":")[0] for one in warnings] == ["pkg.PA1"]


def test_edition_of_a_release_holds_that_release_alone(demo: Path) -> None:
    """An edition shows the runs of its release, with what came before as history."""
    build(demo, edition="w_2021_02")
    index = read(demo, "api/v1/index.json")
    assert index["edition"] == "w_2021_02"
    shown = [run["release"] for run in index["runs"] if run["url"]]
    assert shown == ["w_2021_02"]
    assert not (demo / "site" / "runs" / "hsc" / "w_2021_04").exists()
