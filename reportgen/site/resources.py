"""Where the templates and the theme lie: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import reportgen
from reportgen.errors import SiteError
from reportgen.site.fingerprint import read_settings

_PACKAGE = Path(reportgen.__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Overrides of Material: the folder of reportgen, and all that are in use."""

    ours: Path
    folders: Sequence[Path]


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


def theme_dir() -> Path:
    """Return the folder that MkDocs takes as ``custom_dir``: overrides and assets."""
    return templates_dir() / "theme"


def place_theme(mkdocs_yml: Path, docs_dir: Path) -> Theme:
    """Return the theme of a site, after putting ours where ``mkdocs.yml`` expects it.

    A ``custom_dir`` beside the docs folder, such as ``build/theme``, is a copy of ours: so the
    folder builds with plain ``mkdocs build`` or ``zensical build`` too. Any other belongs to the
    user and may replace single files of ours; without one, ours is used from where it lies.
    """
    ours = theme_dir()
    settings = read_settings(mkdocs_yml).get("theme")
    name = settings.get("custom_dir") if isinstance(settings, dict) else None
    if not isinstance(name, str):
        return Theme(ours=ours, folders=[ours])
    custom = (mkdocs_yml.parent / name).resolve()
    if custom == ours.resolve():
        return Theme(ours=ours, folders=[ours])
    if custom.parent == docs_dir.resolve().parent:
        _copy(ours, custom)
    return Theme(ours=ours, folders=[custom, ours])


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
