"""Folders of definitions for tests."""

from __future__ import annotations

import textwrap
from pathlib import Path


def write_files(folder: Path, files: dict[str, str]) -> Path:
    """Write files below a folder and return the folder; the indentation of texts is taken off."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return folder


def limit(name: str, more: str = "") -> str:
    """Return a document with a limit of 5 mmag."""
    return f"---\nname: {name}\nthreshold: {{value: 5, unit: mmag, operator: '<='}}\n{more}\n"
