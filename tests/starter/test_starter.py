from __future__ import annotations

import gzip
import json
import os
import shutil
from pathlib import Path

import pytest

from reportgen import pipeline
from reportgen.config import load_config
from reportgen.errors import ReportgenError
from reportgen.sources import read_jobs, validate
from reportgen.starter import start
from reportgen.starter.detect import find_results
from reportgen.store import Store

JOB = {
    "measurements": [{"metric": "a.B", "value": 1.0, "unit": "", "identifier": None}],
    "blobs": [],
    "meta": {"filter_name": "r", "instrument": "HSC"},
}


def write(path: Path, content: object) -> None:
    """Write a file, JSON for anything that is no text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content)
    data = text.encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


def test_kinds_of_results_are_found_by_content(tmp_path: Path) -> None:
    """Each kind of file becomes a source whose configuration loads and reads all of its files."""
    for week in ("w_2021_01", "w_2021_02"):
        write(tmp_path / "jobs" / f"{week}.json", JOB)
        write(tmp_path / "packed" / f"{week}.json.gz", JOB)
    write(tmp_path / "settings" / "other.json", {"other": 1})
    write(
        tmp_path / "butler" / "w_2021_01" / "PA1.yaml",
        "!<lsst.verify.Measurement>\nblobs: []\nidentifier: a\nmetric: PA1\nnotes: {}\n"
        "unit: mmag\nvalue: 5.0\n",
    )
    write(tmp_path / "calib" / "biasRun_1.yaml", "2021052500015:\n  SUCCESS: true\nSUCCESS: true\n")
    write(tmp_path / "tables" / "a.csv", "metric,band,value,unit,release\nPA1,r,5,mmag,v23\n")
    write(tmp_path / "maps" / "w_2021_01" / "astrom-AA1-g-RA.json", {"9813": 0.5, "9615": None})
    started = start(tmp_path)
    found = {one.type: one.files for one in started.found}
    kinds = ("verify-json", "metricvalue", "cp-verify", "table", "json-map")
    assert found == dict(zip(kinds, (2, 1, 1, 1, 1), strict=True))
    assert "Found 1 file of type table: tables/*.csv" in list(started.lines())
    config = load_config(tmp_path)
    assert len(config.source) == 6
    for source in config.source:
        validate(source)
    first = next(source for source in config.source if source.location.startswith("jobs"))
    assert [job.run.release for job in read_jobs(first)] == ["w_2021_01", "w_2021_02"]
    (job,) = read_jobs(next(source for source in config.source if source.type == "json-map"))
    assert job.run.release == "w_2021_01"
    assert {(row["metric"], row["band"], row["tract"]) for row in job.measurements} == {
        ("data_quality.astrom-AA1-RA", "g", tract) for tract in ("9813", "9615")
    }


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("verify", {"sources": 1, "jobs": 15, "runs": 1}),
        ("faro", {"sources": 1, "jobs": 8, "runs": 1}),
        ("squash-api", {"sources": 1, "jobs": 2, "runs": 1}),
        ("dmtr", {"sources": 10, "jobs": 15, "runs": 11}),
        ("ci_cpp_gen3", {"sources": 1, "jobs": 46, "runs": 14}),
        ("dp2_data_quality", {"sources": 1, "jobs": 74, "runs": 1}),
    ],
)
def test_folders_as_they_are_found_in_the_wild(
    tmp_path: Path, shared: Path, folder: str, expected: dict[str, int]
) -> None:
    """All files of real folders are read as `init` describes them, and no others."""
    work = shutil.copytree(shared / "data" / "real" / folder, tmp_path / folder)
    start(work)
    config = load_config(work)
    pulled = pipeline.pull(config)
    assert list(pulled.unreadable) == []
    assert expected == {
        "sources": len(config.source),
        "jobs": sum(one.new for one in pulled.sources),
        "runs": len(pulled.runs),
    }
    again = start(work)
    assert sum(one.files for one in again.found) == sum(
        one.files for one in find_results(shared / "data" / "real" / folder)
    )


def test_a_table_without_a_release_is_a_dataset_of_its_own(tmp_path: Path) -> None:
    """Beside tables of releases that are known it would be taken for the newest of them."""
    write(tmp_path / "tables" / "a.csv", "metric,band,value,unit,release\nPA1,r,5,mmag,v23.0\n")
    write(tmp_path / "tables" / "old.b.csv", "metric,band,value,unit\nPA1,r,6,mmag\n")
    start(tmp_path)
    pipeline.pull(load_config(tmp_path))
    runs = {(run.dataset, run.release) for run in Store(tmp_path / "data" / "store").runs}
    assert runs == {("tables", "v23.0"), ("old", "unnamed")}


def test_what_is_not_known_is_asked_for(tmp_path: Path) -> None:
    """Where neither files nor paths tell release or instrument, the configuration says so."""
    write(tmp_path / "a" / "jobs.json", JOB)
    write(tmp_path / "b" / "x.json", JOB | {"meta": {"ci_label": "w_2021_01", "ci_dataset": "RC2"}})
    write(tmp_path / "biasDet" / "2021-05-25.yaml", "AMP:\n  C00:\n    MEAN: 1.0\n")
    write(tmp_path / "LATISS" / "biasDet" / "2021-05-25.yaml", "AMP:\n  C00:\n    MEAN: 1.0\n")
    started = start(tmp_path)
    asked = {one.location: one.guess.open_questions for one in started.found}
    assert asked == {
        "a/*.json": ("release",),
        "b/*.json": (),
        "biasDet/*.yaml": ("instrument",),
        "LATISS/biasDet/*.yaml": (),
    }
    text = (tmp_path / "reportgen.toml").read_text()
    assert 'release = { meta = "ci_label" }\n' in text
    assert 'dataset = { meta = "ci_dataset" }\n' in text
    assert text.count("What they belong to, they do not say") == 2
    assert any("say there which instrument and release" in line for line in started.lines())
    assert {source.name for source in load_config(tmp_path).source} == {
        f"{one.location} ({one.type} {number})" for number, one in enumerate(started.found, 1)
    }


def test_folders_with_names_like_globs(tmp_path: Path) -> None:
    """A folder whose name has a meaning in globs is found nevertheless."""
    write(tmp_path / "runs [v2] *" / "a.json", JOB)
    start(tmp_path)
    pulled = pipeline.pull(load_config(tmp_path))
    assert [one.new for one in pulled.sources] == [1]


def test_nothing_that_exists_is_changed(tmp_path: Path) -> None:
    """A file of the user stays as it is and is named."""
    (tmp_path / "reportgen.toml").write_text("# mine\n")
    started = start(tmp_path)
    assert (tmp_path / "reportgen.toml").read_text() == "# mine\n"
    assert "reportgen.toml" in started.kept


def test_name_of_the_folder_cannot_break_the_files(tmp_path: Path) -> None:
    """A folder named like markup or code gives files that still parse."""
    folder = tmp_path / '"; x = [1] #{}'
    start(folder)
    assert load_config(folder).site.name == folder.name


def test_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """A file in place of the folder is an error that says what to do."""
    (tmp_path / "a").write_text("")
    with pytest.raises(ReportgenError, match="Name a folder"):
        start(tmp_path / "a")


def test_a_folder_whose_name_is_no_unicode(tmp_path: Path) -> None:
    """Its report has a name that can be read, and is there in whole."""
    folder = tmp_path / os.fsdecode(b"N\xe4chte")
    start(folder)
    assert load_config(folder).site.name == "N\ufffdchte"
    assert (folder / "mkdocs.yml").is_file()
