"""The same mkdocs.yml and docs folder build with Zensical, the successor of Material."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.site import sample
from tests.site.conftest import build

BESIDE_PYTHON = shutil.which("zensical", path=str(Path(sys.executable).parent))
ZENSICAL = BESIDE_PYTHON or shutil.which("zensical")

pytestmark = pytest.mark.skipif(not ZENSICAL, reason="zensical is not installed")


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """Return a project built into ``site`` by MkDocs and into ``theirs`` by Zensical."""
    folder = sample.write_project(tmp_path_factory.mktemp("zensical"))
    build(folder)
    settings = (folder / "mkdocs.yml").read_text()
    (folder / "mkdocs.yml").write_text(settings.replace("site_dir: site", "site_dir: theirs"))
    run = subprocess.run(
        [ZENSICAL, "build", "--strict"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return folder


def article(site: Path, page: str) -> str:
    """Return what a page shows between header and footer, with white space folded."""
    html = (site / page / "index.html").read_text()
    found = re.search(r"<article[^>]*>(.*)</article>", html, re.DOTALL)[1]
    # The target of Zensical's own link for skipping to the content.
    return " ".join(found.replace('<a id="__skip" tabindex="-1"></a>', "").split())


@pytest.mark.parametrize("page", ["", sample.RUN, "runs", "notes"])
def test_same_articles(project, page) -> None:
    """Both builders make the same article of a page, reports and notes alike."""
    assert article(project / "theirs", page) == article(project / "site", page)


def test_same_frame(project) -> None:
    """Table of contents, title and assets are there too."""
    html = (project / "theirs" / sample.RUN / "index.html").read_text()
    assert re.search(r'<a href="#requirements" class="md-nav__link">', html)
    assert "<title>w_2026_46 &quot;&lt;b&gt;&amp; - Science metrics</title>" in html
    for name in ("reportgen.css", "reportgen.js"):
        assert (project / "theirs/assets" / name).is_file()
