"""Files that could not be read: listed as long as they lie there."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from reportgen import pipeline
from reportgen.building.unreadable import still_unreadable
from reportgen.config import Config, load_config
from reportgen.errors import SiteError
from reportgen.sources import SOURCES
from reportgen.store import Store
from tests.test_build import MKDOCS

CONFIG = """
[[source]]
name = "nightly"
type = "table"
location = "results/{location}"
columns = {{ metric = "metric", value = "value", unit = "unit", release = "release" }}
dataset = "Field"
"""
TODAY = date(2026, 11, 1)


@pytest.fixture(params=["**/*.csv", ""])
def report(tmp_path: Path, request: pytest.FixtureRequest) -> Config:
    """Return a report with a good table and a broken one, found by a glob or in a folder."""
    (tmp_path / "reportgen.toml").write_text(CONFIG.format(location=request.param))
    (tmp_path / "mkdocs.yml").write_text(MKDOCS)
    (tmp_path / "results" / "deep").mkdir(parents=True)
    good = "metric,value,unit,release\na.b,1,mag,w_2026_01\n"
    (tmp_path / "results" / "good.csv").write_text(good)
    (tmp_path / "results" / "deep" / "broken #1.csv").write_text("metric,release\na.b,w_2026_01\n")
    return load_config(tmp_path)


def listed(config: Config) -> list[str]:
    """Return the files that the store and the disk together call unreadable."""
    store = Store(config.path(config.store), pipeline.folders(config).cache)
    return [one["origin"] for one in still_unreadable(store, config)]


def test_a_broken_file_that_is_taken_away_is_settled(report: Config) -> None:
    """It is on the page and fails a strict build; without it the site is built again, and good."""
    pipeline.build(report, today=TODAY)
    page = report.root / "site" / "data" / "index.html"
    assert "broken %231.csv" in page.read_text()
    with pytest.raises(SiteError, match="broken"):
        pipeline.build(report, today=TODAY, strict=True)
    (report.root / "results" / "deep" / "broken #1.csv").unlink()
    assert listed(report) == []
    result = pipeline.build(report, today=TODAY, strict=True)
    assert (result.unchanged, result.unreadable) == (False, [])
    assert "broken" not in page.read_text()
    assert "w_2026_01" in (report.root / "site" / "runs" / "index.html").read_text()


def test_it_comes_back_with_its_file(report: Config) -> None:
    """What the store noted stays there: the same file in its place is listed as before."""
    broken = report.root / "results" / "deep" / "broken #1.csv"
    content = broken.read_bytes()
    pipeline.build(report, today=TODAY)
    broken.unlink()
    pipeline.build(report, today=TODAY)
    broken.write_bytes(content)
    assert len(pipeline.build(report, today=TODAY).unreadable) == 1


def test_where_the_files_never_were_the_list_stays(report: Config) -> None:
    """A store on another machine tells of what could not be read where it was filled."""
    pipeline.build(report, today=TODAY)
    shutil.rmtree(report.root / "results")
    assert listed(report) == ["results/deep/broken %231.csv"]


def test_a_source_that_is_the_file(report: Config) -> None:
    """Where the location names one file, its folder tells whether it is gone."""
    file = report.root / "reportgen.toml"
    location = report.source[0].location
    file.write_text(file.read_text().replace(location, "results/deep/broken #1.csv"))
    config = load_config(report.root)
    pipeline.build(config, today=TODAY)
    assert len(listed(config)) == 1
    (report.root / "results" / "deep" / "broken #1.csv").unlink()
    assert listed(config) == []


def test_origins_that_are_no_paths_stay_listed(report: Config) -> None:
    """The registration of a type says whether a file that is gone settles its line."""
    pipeline.pull(report)
    (report.root / "results" / "deep" / "broken #1.csv").unlink()
    assert listed(report) == []
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(SOURCES, "table", replace(SOURCES["table"], files=False))
        assert len(listed(report)) == 1


def test_a_file_that_is_mended_is_settled(report: Config) -> None:
    """A file that breaks after it was read is listed until its bytes are others again."""
    good = report.root / "results" / "good.csv"
    content = good.read_bytes()
    for text, broken in ((content, 1), (b"cut", 2), (content, 1)):
        good.write_bytes(text)
        pipeline.pull(report)
        assert len(listed(report)) == broken


def test_files_that_cannot_be_opened_are_listed(report: Config) -> None:
    """A broken link among results that are read is on the page, until it leads somewhere."""
    link = report.root / "results" / "deep" / "link.csv"
    link.symlink_to("nowhere.txt")
    pipeline.pull(report)
    assert sorted(listed(report)) == ["results/deep/broken %231.csv", "results/deep/link.csv"]
    (link.parent / "nowhere.txt").write_bytes((report.root / "results" / "good.csv").read_bytes())
    pipeline.pull(report)
    assert listed(report) == ["results/deep/broken %231.csv"]
