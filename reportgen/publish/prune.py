"""Which editions go when room is needed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from reportgen.errors import PublishError
from reportgen.model.editions import MAIN
from reportgen.model.runs import is_release, release_order
from reportgen.publish.manifest import Manifest
from reportgen.publish.names import newest_first
from reportgen.publish.versions import Version

_LINKED = re.compile(r"/v/([A-Za-z0-9][A-Za-z0-9._-]*)/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """What stays. Never dropped: ``main``, editions with an alias, those of tickets."""

    newest: int = 24
    """So many of the newest editions of weeklies and dailies."""
    releases: bool = True
    """All editions of releases (``v23.0.0``); else they count among the newest."""
    pinned: Collection[str] = ()
    """Editions by name, for example because a note links to them."""


def choose(manifest: Manifest, versions: Mapping[str, Version], keep: Keep) -> list[str]:
    """Return the editions to drop, newest first.

    Raises
    ------
    PublishError
        If a negative number of editions is to stay.
    """
    if keep.newest < 0:
        raise PublishError(f"{keep.newest} editions cannot be kept. Give 0 or more.")
    candidates = [name for name in manifest.editions if _may_go(name, keep)]
    aliased = {name for name, one in versions.items() if one.aliases}
    old = newest_first(candidates)[keep.newest :]
    return [name for name in old if name not in aliased and name not in keep.pinned]


def linked_editions(texts: Iterable[str]) -> set[str]:
    """Return the editions whose pages are linked in texts, to pin what notes refer to."""
    return {name for text in texts for name in _LINKED.findall(text)}


def _may_go(name: str, keep: Keep) -> bool:
    if name == MAIN:
        return False
    is_version = release_order(name)[0] == 0
    return is_release(name) and not (is_version and keep.releases)
