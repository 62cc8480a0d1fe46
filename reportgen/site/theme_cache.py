"""Compiled templates of the theme, shared by the reports of an installation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import FileSystemBytecodeCache


class ThemeCache(FileSystemBytecodeCache):
    """Knows a template by its name alone: each report has its own copy of the theme.

    Jinja compares the text as well, so a template that people have replaced is compiled anew.
    """

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002
        """Return the same key for the same template of any report."""
        return super().get_cache_key(f"theme/{name}")


def keep_templates(theme: Any, folder: Path) -> None:
    """Let a theme compile its templates once and for all: that takes longer than most pages."""
    folder.mkdir(parents=True, exist_ok=True)
    make_environment = theme.get_env

    def get_env() -> Any:
        environment = make_environment()
        environment.bytecode_cache = ThemeCache(str(folder))
        return environment

    theme.get_env = get_env
