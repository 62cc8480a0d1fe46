"""Notes on the pages they speak of, as a notebook, and what may be in them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from reportgen import pipeline
from reportgen.config import load_config
from tests.gate_store import QUIET, write_calibrations, write_report

NOTES = {
    "run.md": "---\ntitle: Why w_2026_11\ndate: 2026-03-13\nrun: hsc/w_2026_11\n---\nFor DM-1.\n",
    "out.md": (
        "---\ntitle: Left out\ndate: 2026-01-05\nauthor: Ada\ninstrument: LATISS\nstage: bias\n"
        "exposure: 2026010400001\n---\nThe shutter was open.\n"
    ),
    "old.md": "title: <script>alert('old')</script>\n\n# <script>alert('head')</script>\n\ntext\n",
    "active.html": "<script>alert(1)</script>",
    "bad.md": "---\ntitle: [a\n---\ntext\n",
    "hostile.md": (
        "---\ntitle: <script>alert('title')</script>\nmetric: pkg.PA1\n"
        "description: '\"><script>alert(1)</script>'\n---\n"
        "<script>alert('body')</script>\n\n[x](javascript:alert('link'))"
        "{: onclick=\"alert('attribute')\" }\n\n<img src=x onerror=\"alert('image')\">\n"
    ),
}


def test_notes_appear_where_they_belong(tmp_path: Path) -> None:
    """Run, metric, stage and notebook name their notes; a bad one is said; scripts stay text."""
    root = write_report(tmp_path, {"r": [*QUIET, 4.0]})
    write_calibrations(root, [(7.5, True), (7.5, True)])
    (root / "notes").mkdir()
    for name, text in NOTES.items():
        (root / "notes" / name).write_text(text)
    result = pipeline.build(load_config(root), today=date(2026, 11, 22))
    assert any(
        warning.startswith("notes/bad.md, line 3, column 1: not valid YAML")
        for warning in result.warnings
    )
    site = root / "site"

    def page(path: str) -> str:
        return (site / path / "index.html").read_text()

    assert '<a href="../../../notes/run/">Why w_2026_11</a>' in page("runs/hsc/w_2026_11")
    assert '<a href="../../../notes/out/">Left out</a>, 2026-01-05, Ada' in page(
        "calibrations/latiss/bias"
    )
    notebook = page("notes")
    assert notebook.index('<tr id="run"') < notebook.index('<tr id="out"')
    assert "2026010400001" in notebook
    assert "calibrations/latiss/bias/" in notebook
    for path in ("notes/hostile", "notes", "metrics/pkg.PA1", "notes/old"):
        html = page(path)
        assert "<script>alert" not in html, path
        assert not re.search(r"<[^>]*(\son(click|error)=|javascript:)", html), path
    assert "&lt;script&gt;alert" in page("notes/hostile")
    assert not (site / "notes" / "bad").exists()
    assert not (site / "notes" / "active.html").exists()
