"""Where templates, theme and frame lie: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import reportgen
from reportgen.errors import SiteError
from reportgen.site.settings import read_settings

_PACKAGE = Path(reportgen.__file__).resolve().parent


def templates_dir() -> Path:
    """Return the folder with ``pages/`` and ``theme/``.

    Raises
    ------
    SiteError
        If the installation has lost it.
    """
    # The wheel first: a folder of that name beside site-packages would be somebody else's.
    for folder in (_PACKAGE / "site_templates", _PACKAGE.parent / "site_templates"):
        if (folder / "theme" / "report.html").is_file():
            return folder
    raise SiteError("The templates of reportgen are missing. Install the package again.")


def starter_dir() -> Path:
    """Return the folder with what a new report begins with: ``mkdocs.yml``, ``data/``."""
    packed = _PACKAGE / "starter_data"
    return packed if packed.is_dir() else _PACKAGE.parent


def default_settings(name: str) -> str:
    """Return a ``mkdocs.yml`` for a site of this name: the one of reportgen, with its own theme."""
    lines = (starter_dir() / "mkdocs.yml").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.strip().startswith("custom_dir:")]
    title = f"site_name: {json.dumps(name, ensure_ascii=False)}"
    return "\n".join(title if x.startswith("site_name:") else x for x in kept) + "\n"


def find_settings(root: Path, work: Path, name: str) -> Path:
    """Return the ``mkdocs.yml`` of a report; a folder without one gets the default in ``work``."""
    own = root / "mkdocs.yml"
    if own.is_file():
        return own
    default, text = work / "mkdocs.yml", default_settings(name)
    if not default.is_file() or default.read_text(encoding="utf-8") != text:
        default.parent.mkdir(parents=True, exist_ok=True)
        default.write_text(text, encoding="utf-8")
    return default


def theme_dir() -> Path:
    """Return the folder that MkDocs takes as ``custom_dir``: overrides and assets."""
    return templates_dir() / "theme"


def place_theme(mkdocs_yml: Path, docs_dir: Path) -> Path:
    """Return our overrides of Material, after putting them where ``mkdocs.yml`` expects them.

    A ``custom_dir`` beside the docs folder, such as ``build/theme``, is a copy of ours: so the
    folder builds with plain ``mkdocs build`` or ``zensical build`` too. Any other belongs to the
    user and may replace single files of ours; without one, ours is used from where it lies.
    """
    ours = theme_dir()
    settings = read_settings(mkdocs_yml).get("theme")
    name = settings.get("custom_dir") if isinstance(settings, dict) else None
    custom = (mkdocs_yml.parent / name).resolve() if isinstance(name, str) else ours
    if custom != ours.resolve() and custom.parent == docs_dir.resolve().parent:
        _copy(ours, custom)
    return ours


def without_lost_theme(mkdocs_yml: Path) -> dict[str, Any]:
    """Return settings to put over ``mkdocs.yml`` where it names a copy of ours that is not there.

    Whoever copies the ``mkdocs.yml`` of reportgen to an installed reportgen has no such folder.
    """
    theme = read_settings(mkdocs_yml).get("theme")
    name = theme.get("custom_dir") if isinstance(theme, dict) else None
    if isinstance(theme, dict) and isinstance(name, str) and _is_lost(mkdocs_yml.parent / name):
        return {"theme": {key: value for key, value in theme.items() if key != "custom_dir"}}
    return {}


def _is_lost(custom: Path) -> bool:
    return custom.parts[-2:] == ("site_templates", "theme") and not custom.is_dir()


def _copy(source: Path, target: Path) -> None:
    wanted = {file.relative_to(source) for file in source.rglob("*") if file.is_file()}
    for inside in wanted:
        file, copy = source / inside, target / inside
        if not copy.is_file() or copy.read_bytes() != file.read_bytes():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
    for copy in target.rglob("*"):
        if copy.is_file() and copy.relative_to(target) not in wanted:
            copy.unlink()
