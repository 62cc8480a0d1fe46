from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from tests.sources.reading import write

ROOT = Path(__file__).resolve().parents[2]
PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "nightly-seeing"
version = "1.0"

[tool.hatch.build.targets.wheel]
only-include = ["nightly_seeing.py"]
"""
CONFIG = """
[[source]]
name = "summit"
type = "seeing"
location = "nights"
dataset = "Summit"
release = "2026"
"""


def test_a_package_with_a_source_of_its_own_is_installed_and_pulled(tmp_path):
    """The documented example, built and installed by pip, is read by `reportgen pull`."""
    text = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (entry,) = re.findall(r"```toml\n(\[project\.entry-points.*?)```", text, re.DOTALL)
    write(tmp_path / "package/nightly_seeing.py", code)
    write(tmp_path / "package/pyproject.toml", PROJECT + entry)
    installed = tmp_path / "installed"
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--target"]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, str(installed), "./package"],
        check=True,
        cwd=tmp_path,
        timeout=300,
    )
    write(tmp_path / "reportgen.toml", CONFIG)
    write(tmp_path / "nights/1.txt", "2026-10-05 0.71\n")
    write(tmp_path / "nights/2.txt", "2026-10-06 nan\n")
    places = os.pathsep.join([str(ROOT), str(installed)])
    done = subprocess.run(
        [sys.executable, "-m", "reportgen", "pull", "--json"],
        check=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": places},
        timeout=300,
    )
    (found,) = json.loads(done.stdout)["sources"]
    assert (found["new"], found["measurements"], found["error"]) == (2, 2, None)
