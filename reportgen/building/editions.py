"""Editions: the site of everything, and that of one release."""

from __future__ import annotations

from reportgen.errors import UnknownNameError
from reportgen.model.editions import MAIN
from reportgen.store import Store


def check_edition(store: Store, edition: str) -> None:
    """Refuse an edition that would show no run.

    Raises
    ------
    UnknownNameError
        If it is not ``main`` and no run has this release.
    """
    releases = {run.release for run in store.runs}
    if edition != MAIN and edition not in releases:
        raise UnknownNameError("release", edition, releases)
