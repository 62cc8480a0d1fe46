from __future__ import annotations

import importlib.util
import os
import shutil

import pytest


@pytest.mark.skipif(not os.environ.get("CI"), reason="only CI promises a browser")
def test_ci_has_the_browser_that_tests_drive() -> None:
    """Where CI runs, a missing browser is a failure, not a skipped test."""
    assert shutil.which("chromium")
    assert importlib.util.find_spec("playwright")
