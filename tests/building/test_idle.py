from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HEAVY = (
    "astropy",
    "duckdb",
    "jinja2",
    "matplotlib",
    "mkdocs",
    "numpy",
    "pandas",
    "pyarrow",
    "scipy",
)

BUILD = f"""
import sys
from pathlib import Path
from reportgen.cli import app
try:
    app(["build", "--config", sys.argv[1]])
except SystemExit as end:
    assert not end.code, end.code
print(sorted(set({HEAVY}) & set(sys.modules)))
"""


def build(config: Path) -> list[str]:
    """Build in a process of its own; return the lines it printed."""
    command = [sys.executable, "-c", BUILD, str(config)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_build_without_news_loads_nothing_heavy(tmp_path: Path) -> None:
    """What nothing new needs, no time is spent on."""
    job = {
        "measurements": [{"metric": "pkg.One", "value": 1.0, "unit": "mmag"}],
        "meta": {"ci_label": "w_2024_01"},
    }
    (tmp_path / "a.verify.json").write_text(json.dumps(job))
    config = tmp_path / "reportgen.toml"
    config.write_text(
        '[site]\nname = "Idle"\n[[source]]\nname = "jobs"\ntype = "verify-json"\n'
        'location = "*.verify.json"\ndataset = "d"\nrelease = { meta = "ci_label" }\n'
    )
    assert "pandas" in build(config)[-1]
    *said, loaded = build(config)
    assert said[-1] == "Nothing has changed: site/ is up to date."
    assert loaded == "[]"
