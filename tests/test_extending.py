"""The steps of docs/extending.md, followed to the letter in a copy of the program."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.test_build import DEMO, write_demo

ROOT = Path(__file__).parent.parent
STEP = re.compile(
    r"(?:In|new file,)\s+`(?P<file>[^`]+)`(?:,\s+before\s+`(?P<line>[^`]+)`)?:\n\n"
    r"```\w+\n(?P<text>.*?)^```",
    re.MULTILINE | re.DOTALL,
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site that the extended program builds."""
    program = tmp_path_factory.mktemp("program")
    for name in ("reportgen", "site_templates"):
        shutil.copytree(ROOT / name, program / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "mkdocs.yml", program)
    steps = list(STEP.finditer((ROOT / "docs" / "extending.md").read_text(encoding="utf-8")))
    assert len(steps) == 13
    for step in steps:
        follow(program / step["file"], step["line"], step["text"])
    root = tmp_path_factory.mktemp("report")
    (root / "reportgen.toml").write_text(DEMO, encoding="utf-8")
    write_demo(root)
    (root / "archive" / "broken.json").unlink()
    done = subprocess.run(
        [sys.executable, "-m", "reportgen", "build", "--strict"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(program)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return root / "site"


def follow(file: Path, line: str | None, text: str) -> None:
    """Write a new file, or put lines before the one line that begins so."""
    if line is None:
        assert not file.exists()
        file.write_text(text, encoding="utf-8")
        return
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    (at,) = [n for n, one in enumerate(lines) if one.strip().startswith(line)]
    gap = "\n\n" if "\n\n" in text else ""
    file.write_text("".join([*lines[:at], text, gap, *lines[at:]]), encoding="utf-8")


def test_the_page_is_there(site: Path) -> None:
    """The page has a row for each run, and the figure of the new kind was drawn."""
    page = (site / "counts" / "index.html").read_text(encoding="utf-8")
    found = json.loads((site / "api/v1/counts.json").read_text(encoding="utf-8"))["runs"]
    assert found
    for row in found:
        assert f'<a href="../runs/{row["run"]}/">' in page
    (figure,) = re.findall(r'data-inline src="\.\./(figures/\w+\.svg)"', page)
    assert "Measurements of each run" in (site / figure).read_text(encoding="utf-8")


def test_the_document_fits_its_schema(site: Path) -> None:
    """The JSON is published beside a schema that it fits."""
    schema = json.loads((site / "api/v1/schema/counts.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads((site / "api/v1/counts.json").read_text("utf-8")), schema)
