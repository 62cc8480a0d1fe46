"""Whether a site has to be built at all: everything it is made from, as one number."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import yaml

_BUILDERS = ("reportgen", "mkdocs", "mkdocs-material", "markdown", "pymdown-extensions", "jinja2")
_PURE_PLUGINS = frozenset({"search", "material/search", "tags", "material/tags"})
_FOREIGN_KEYS = frozenset({"INHERIT", "hooks", "watch"})


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
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


def depends_on_files_only(mkdocs_yml: Path) -> bool:
    """Tell whether nothing but known files goes into the site.

    Hooks, inherited files, environment variables and other plugins may bring in anything.
    """
    settings = read_settings(mkdocs_yml)
    plugins = settings.get("plugins") or []
    names = {
        name for plugin in plugins for name in ([plugin] if isinstance(plugin, str) else plugin)
    }
    return (
        bool(settings)
        and not _FOREIGN_KEYS & settings.keys()
        and names <= _PURE_PLUGINS
        and b"!ENV" not in mkdocs_yml.read_bytes()
    )


def fingerprint(files: Iterable[Path], folders: Iterable[Path], options: object) -> str:
    """Return a hash over the content of files, the state of folders, options and versions.

    Of a file in a folder its name, size and time of change count, as `render` leaves files alone
    whose bytes stay the same.
    """
    digest = hashlib.sha256()
    for name in _BUILDERS:
        digest.update(f"{name} {_version(name)}\n".encode())
    digest.update(json.dumps(options, sort_keys=True, default=str).encode())
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    for folder in folders:
        for entry in sorted(_entries(folder)):
            digest.update(f"{entry}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _entries(folder: Path) -> list[str]:
    entries = []
    pending = [str(folder)]
    while pending:
        try:
            with os.scandir(pending.pop()) as found:
                for entry in found:
                    if entry.is_dir():
                        pending.append(entry.path)
                    else:
                        state = entry.stat()
                        entries.append(f"{entry.path} {state.st_size} {state.st_mtime_ns}")
        except FileNotFoundError:
            continue
    return entries


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
