"""Fixtures for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

# How fast an example runs says something about the machine only: on a busy one a deadline, and the
# check that examples are made fast enough, fail tests of code that is right.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


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
