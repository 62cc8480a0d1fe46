"""Finish a built site: leave out what no reader needs, add what reading it from a disk needs."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

_SOURCE_MAP = re.compile(
    rb"\s*(?://[#@] sourceMappingURL=\S+|/\*[#@] sourceMappingURL=\S+ \*/)\s*$"
)
_EXTRA_SEGMENTERS = {"ja": "tinyseg.js", "hi": "wordcut.js", "th": "wordcut.js"}


def trim_assets(site_dir: Path, languages: Iterable[str]) -> None:
    """Remove source maps, and what the search needs for other languages than those given.

    Two thirds of what Material puts into each site, and so into each published edition.
    """
    assets = site_dir / "assets"
    for source_map in assets.rglob("*.map"):
        source_map.unlink()
    for folder, pattern in (("javascripts", "*.js"), ("stylesheets", "*.css")):
        for file in (assets / folder).rglob(pattern):
            content = file.read_bytes()
            # Else a browser's tools ask for the map that is gone.
            shorter = _SOURCE_MAP.sub(b"\n", content[-300:])
            if len(shorter) < len(content[-300:]) - 1:
                file.write_bytes(content[:-300] + shorter)
    _trim_languages(assets / "javascripts" / "lunr", set(languages))


def trim_scripts(site_dir: Path, theme: Path) -> None:
    """Take white space and comments out of the scripts of reportgen's own ``theme``.

    What people put in their place stays as it is.
    """
    for source in (theme / "assets").rglob("*.js"):
        file = site_dir / source.relative_to(theme)
        content = source.read_bytes()
        if file.is_file() and file.read_bytes() == content:
            file.write_bytes(short_script(content))


def short_script(script: bytes) -> bytes:
    """Return a script without comments and white space; its names stay as they are."""
    # Only a build has a use for it.
    from rjsmin import jsmin  # noqa: PLC0415

    short: bytes = jsmin(script)
    return short


def add_local_search(site_dir: Path) -> None:
    """Give the search index a form that a page opened from a disk can load too."""
    index = site_dir / "search" / "search_index.json"
    if index.is_file():
        script = b"var __index = " + index.read_bytes() + b";\n"
        index.with_suffix(".js").write_bytes(script)


def _trim_languages(lunr: Path, languages: set[str]) -> None:
    # English is built into the search itself.
    others = languages - {"en"}
    if not others:
        shutil.rmtree(lunr, ignore_errors=True)
        return
    needed = {f"lunr.{language}.min.js" for language in others}
    needed |= {"lunr.stemmer.support.min.js", "lunr.multi.min.js"}
    needed |= {_EXTRA_SEGMENTERS[language] for language in others & _EXTRA_SEGMENTERS.keys()}
    for file in lunr.rglob("*.js"):
        if file.name not in needed:
            file.unlink()
