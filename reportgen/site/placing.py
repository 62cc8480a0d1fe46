"""A finished site in place of the old one: one of the two stands there, whole, or comes back."""

from __future__ import annotations

import shutil
from pathlib import Path


def put_in_place(built: Path, site_dir: Path) -> None:
    """Put a site that was built in place of the old one, which is never half there."""
    new, old = _new(site_dir), _old(site_dir)
    for left in (new, old):  # by a build that was killed here
        shutil.rmtree(left, ignore_errors=True)
    shutil.move(built, new)  # perhaps from another disk
    try:
        if site_dir.exists():
            site_dir.rename(old)
        new.rename(site_dir)
    except BaseException:  # also Ctrl-C
        bring_back(site_dir)
        raise
    shutil.rmtree(old, ignore_errors=True)


def bring_back(site_dir: Path) -> None:
    """Let the old site stand again where its exchange was cut off between the two renames."""
    if _new(site_dir).exists() and _old(site_dir).exists() and not site_dir.exists():
        _old(site_dir).rename(site_dir)


def _new(site_dir: Path) -> Path:
    return site_dir.with_name(f".{site_dir.name}.new")


def _old(site_dir: Path) -> Path:
    return site_dir.with_name(f".{site_dir.name}.old")
