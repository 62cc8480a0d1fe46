"""Templates are found in a checkout and in an installed package."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import reportgen
from reportgen.site.resources import templates_dir

FIND = "from reportgen.site.resources import templates_dir; print(templates_dir())"


def test_checkout() -> None:
    """In a checkout they lie beside the package."""
    assert templates_dir() == Path(reportgen.__file__).resolve().parents[1] / "site_templates"


def test_installed(tmp_path) -> None:
    """In a wheel they lie inside the package, and a folder beside it is somebody else's."""
    package = tmp_path / "reportgen"
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(reportgen.__file__).parent, package, ignore=ignore)
    shutil.copytree(templates_dir(), package / "site_templates")
    shutil.copytree(templates_dir(), tmp_path / "site_templates")
    found = subprocess.run(
        [sys.executable, "-c", FIND], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert Path(found.stdout.strip()) == package / "site_templates"
