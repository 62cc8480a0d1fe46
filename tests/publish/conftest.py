"""A fresh repository for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.publish.sample import Repository, make_repository


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Make a report's repository with a bare remote, out of reach of this machine's settings."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    return make_repository(tmp_path)
