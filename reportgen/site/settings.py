"""``mkdocs.yml``, read without MkDocs: what a site is made from besides its pages."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from reportgen.safe_yaml import SafeLoader

_PURE_PLUGINS = frozenset({"search", "material/search", "tags", "material/tags"})
_READERS = frozenset({"markdown_include.include", "pymdownx.b64", "pymdownx.snippets"})
"""Extensions of Markdown that bring in other files."""


class _Loader(SafeLoader):
    """Reads ``mkdocs.yml`` without running its tags."""


_Loader.add_multi_constructor("", lambda _loader, _suffix, _node: None)


def read_settings(mkdocs_yml: Path) -> dict[str, Any]:
    """Return what ``mkdocs.yml`` says, empty where it is no YAML: MkDocs will say why."""
    return _settings(mkdocs_yml.read_bytes())


@lru_cache(maxsize=8)
def _settings(text: bytes) -> dict[str, Any]:
    try:
        settings = yaml.load(text, _Loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError:
        return {}
    return settings if isinstance(settings, dict) else {}


def inherited(mkdocs_yml: Path) -> list[Path]:
    """Return ``mkdocs.yml`` and the files that it inherits from, as far as they are there."""
    found: list[Path] = []
    file = mkdocs_yml
    while file.is_file() and file not in found:
        found.append(file)
        file = file.parent / str(read_settings(file).get("INHERIT", ""))
    return found


def frame_files(mkdocs_yml: Path) -> Iterator[Path]:
    """Yield the files and folders of people's frame: settings, their own theme, hooks."""
    for file in inherited(mkdocs_yml):
        yield file
        settings = read_settings(file)
        theme = settings.get("theme")
        custom = theme.get("custom_dir") if isinstance(theme, dict) else None
        hooks = settings.get("hooks")
        for name in [custom, *(hooks if isinstance(hooks, list) else ())]:
            if isinstance(name, str):  # from the folder of the first file, as MkDocs takes them
                yield mkdocs_yml.parent / name


def depends_on_files_only(mkdocs_yml: Path) -> bool:
    """Tell whether nothing but known files goes into the site.

    Hooks, environment variables and other plugins may bring in anything.
    """
    return all(map(_is_pure, inherited(mkdocs_yml)))


def _is_pure(file: Path) -> bool:
    settings = read_settings(file)
    return (
        bool(settings)
        and not settings.get("hooks")
        and _names(settings.get("plugins")) <= _PURE_PLUGINS
        and not _names(settings.get("markdown_extensions")) & _READERS
        and b"!ENV" not in file.read_bytes()
    )


def _names(entries: object) -> set[str]:
    """Return what a list names, whose entries may have options of their own."""
    listed = entries if isinstance(entries, list | dict) else []
    both = (one if isinstance(one, dict) else [one] for one in listed)
    return {str(name) for one in both for name in one}
