"""The package as it is installed: a new report builds without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
TABLE = "metric,band,value,unit,release\nPA1,r,5.0,mmag,w_2021_30\n"


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Install the wheel of this checkout into a folder of its own."""
    wheels, folder = tmp_path / "wheels", tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels)]
    subprocess.run([*build, str(CHECKOUT)], check=True, cwd=tmp_path)
    (wheel,) = wheels.glob("reportgen-*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--target", str(folder), str(wheel)], check=True)
    return folder


def test_a_new_report_builds_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    """Templates, theme, definitions, example and workflow come along in the wheel."""

    def run(*arguments: str, folder: Path) -> str:
        # Not from the working folder or a checkout: only what the wheel brought.
        done = subprocess.run(
            [sys.executable, "-P", *arguments],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(installed)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    demo = tmp_path / "demo"
    demo.mkdir()
    (demo / "weekly.csv").write_text(TABLE)
    code = "import reportgen; print(reportgen.__file__)"
    assert Path(run("-c", code, folder=demo)).is_relative_to(installed)
    run("-m", "reportgen", "init", "demo", folder=tmp_path)
    assert (demo / ".github" / "workflows" / "publish.yml").is_file()
    run("-m", "reportgen", "build", folder=demo)
    page = demo / "site" / "runs" / "demo" / "w_2021_30" / "index.html"
    assert "design" in page.read_text()
    assert (demo / "site" / "assets" / "reportgen.css").is_file()
    run("-m", "reportgen", "publish", "--to", "public", folder=demo)
    assert (demo / "public" / "v" / "main" / "index.html").is_file()
    run("-m", "reportgen", "init", "empty", folder=tmp_path)
    assert (tmp_path / "empty" / "data" / "example" / "history.parquet").is_file()
