"""Where a build works."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reportgen.config import Config

WORK = "build"
"""Folder of everything that a build makes on its way, below that of the configuration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Folders of one build. Everything but the site can be deleted at any time."""

    work: Path
    """Holds all others but the site; builds of editions aside have it in common."""
    docs: Path
    cache: Path
    figures: Path
    next: Path
    """The site until it is put in place; one that ``--strict`` refused stays there."""
    site: Path


def folders(config: Config, *, aside: bool = False) -> Folders:
    """Return the folders of a build, below the folder of the configuration.

    ``aside``: those for editions that are built one after another, beside the site in ``site/``.
    """
    work = config.root / WORK
    own = work / "edition" if aside else work
    return Folders(
        work=work,
        docs=own / "docs",
        cache=own / "cache",
        figures=work / "figures",
        next=own / "next",
        site=own / "site" if aside else config.root / "site",
    )
