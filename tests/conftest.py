"""Fixtures for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder with files that real pipelines wrote; it lies beside some checkouts only."""
    folder = ROOT.parent / "shared"
    if not (folder / "data" / "real").is_dir():
        pytest.skip("the folder of real pipeline files does not lie beside this checkout")
    return folder


@pytest.fixture(autouse=True)
def _no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Terminal output is the same everywhere."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TZ", "UTC")
