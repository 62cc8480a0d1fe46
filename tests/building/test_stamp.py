"""A site is as old as what it was made from."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from reportgen import pipeline
from reportgen.building import stamp
from reportgen.config import load_config
from reportgen.serving import _watch_list
from tests.test_build import MKDOCS

DAY = date(2024, 2, 1)
OWN = MKDOCS.replace("font: false}", "font: false, custom_dir: mine}")


def write_job(folder: Path, value: float) -> None:
    """Write the only job."""
    job = {
        "measurements": [{"metric": "pkg.One", "value": value, "unit": "mmag"}],
        "meta": {"ci_label": "w_2024_01"},
    }
    (folder / "a.verify.json").write_text(json.dumps(job))


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """Return a small report whose frame is somebody's own."""
    (tmp_path / "reportgen.toml").write_text(
        '[site]\nname = "Anew"\n[[source]]\nname = "jobs"\ntype = "verify-json"\n'
        'location = "*.verify.json"\ndataset = "d"\nrelease = { meta = "ci_label" }\n'
    )
    (tmp_path / "mkdocs.yml").write_text("INHERIT: base.yml\ncopyright: us\n")
    (tmp_path / "base.yml").write_text(OWN)
    (tmp_path / "mine" / "assets").mkdir(parents=True)
    (tmp_path / "mine" / "assets" / "own.css").write_text("/* one */")
    write_job(tmp_path, 1.0)
    return tmp_path


def build(root: Path) -> bool:
    """Build it on a fixed day; whether anything was to be done."""
    return not pipeline.build(load_config(root), today=DAY).unchanged


def test_a_store_that_is_made_anew_is_seen(report: Path) -> None:
    """Its revisions have the names of the old ones, and other values."""
    assert build(report)
    assert not build(report)
    record = report / "data/store/d/w_2024_01/rev-0001/run.json"
    made = record.stat().st_mtime_ns
    shutil.rmtree(report / "data" / "store")
    write_job(report, 2.0)
    config = load_config(report)
    pipeline.pull(config, today=DAY)
    os.utime(record, ns=(made + 10**9, made + 10**9))  # clocks of some file systems are coarse
    assert not pipeline.build(config, today=DAY, do_pull=False).unchanged
    run = json.loads((report / "site/api/v1/runs/d/w_2024_01.json").read_text())
    assert [one["value"] for one in run["measurements"]] == [2.0]


def append(path: Path, text: str) -> None:
    """Add to a file."""
    path.write_text(path.read_text() + text)


CHANGES: dict[str, Callable[[Path], object]] = {
    "settings": lambda root: append(root / "mkdocs.yml", "site_author: us\n"),
    "inherited settings": lambda root: append(root / "base.yml", "site_author: us\n"),
    "own theme": lambda root: append(root / "mine/assets/own.css", "/* two */"),
    "new file in it": lambda root: (root / "mine/404.html").write_text("gone"),
    "damaged page": lambda root: append(root / "site/runs/index.html", "x"),
    "page gone": lambda root: (root / "site/runs/index.html").unlink(),
    "site gone": lambda root: shutil.rmtree(root / "site"),
    "lost stamp": lambda root: (root / "build/cache/stamp").write_text(""),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_the_frame_or_the_site_is_seen(report: Path, change: str) -> None:
    """Whatever a site is made from, and the site itself; nothing else makes a build."""
    build(report)
    before = (report / "site/runs/index.html").read_text()
    assert not build(report)
    CHANGES[change](report)
    assert build(report)
    assert not build(report)
    now = (report / "site/runs/index.html").read_text()
    assert (now == before) == ("settings" not in change)
    assert (report / "site/assets/own.css").read_text().endswith("two */") == (
        change == "own theme"
    )


def test_other_versions_make_another_site(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer MkDocs or Material writes other pages."""
    build(report)
    monkeypatch.setattr(stamp, "version", lambda name: f"{name} of tomorrow")
    assert build(report)
    assert not build(report)


@pytest.mark.parametrize(
    "addition",
    [
        "hooks: [hook.py]\n",
        "site_author: !ENV [AUTHOR, x]\n",
        "markdown_extensions: [{pymdownx.snippets: {base_path: [.]}}]\n",
    ],
)
@pytest.mark.parametrize("file", ["mkdocs.yml", "base.yml"])
def test_what_may_bring_in_anything_is_built_each_time(
    report: Path, addition: str, file: str
) -> None:
    """Nobody knows what a hook reads."""
    (report / "hook.py").write_text("")
    append(report / file, addition)
    build(report)
    assert build(report)


def test_serve_watches_the_same(report: Path) -> None:
    """Somebody who edits an override sees it in the browser."""
    names = {
        Path(path).relative_to(report).as_posix()
        for path in _watch_list(load_config(report))
        if report in Path(path).parents
    }
    assert {"mkdocs.yml", "base.yml", "mine", "reportgen.toml"} <= names
