"""Compiled templates are shared by the reports of an installation, where that is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.building.compiled import template_cache


def test_a_second_report_finds_templates_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They lie beside the compiled modules, not in the report."""
    monkeypatch.setattr("reportgen.__file__", str(tmp_path / "package" / "__init__.py"))
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setattr("sys.pycache_prefix", None)
    found = template_cache(tmp_path / "one")
    assert found == template_cache(tmp_path / "two")
    assert found == tmp_path / "package" / "__pycache__" / "templates"
    assert found.is_dir()


@pytest.mark.parametrize("case", ["a file", "not wanted", "elsewhere"])
def test_where_python_keeps_nothing_the_report_keeps_them(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An installation that belongs to somebody else is left alone."""
    package = tmp_path / "package"
    package.mkdir()
    if case == "a file":
        (package / "__pycache__").write_text("")
    monkeypatch.setattr("reportgen.__file__", str(package / "__init__.py"))
    monkeypatch.setattr("sys.dont_write_bytecode", case == "not wanted")
    monkeypatch.setattr("sys.pycache_prefix", "/elsewhere" if case == "elsewhere" else None)
    assert template_cache(tmp_path / "own") == tmp_path / "own"
