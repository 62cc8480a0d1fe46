from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from reportgen.config import load_config
from reportgen.errors import ReportgenError
from reportgen.sources import read_jobs, validate
from reportgen.starter import start

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
    found = {one.type: one.files for one in start(tmp_path).found}
    assert found == {"verify-json": 2, "metricvalue": 1, "cp-verify": 1, "table": 1}
    config = load_config(tmp_path)
    assert len(config.source) == 5
    for source in config.source:
        validate(source)
    first = next(source for source in config.source if source.location.startswith("jobs"))
    assert [job.run.release for job in read_jobs(first)] == ["w_2021_01", "w_2021_02"]


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
