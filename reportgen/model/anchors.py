"""Ids of table rows and sections: stable, so that links to them live."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_UNSAFE = re.compile(r"[^A-Za-z0-9._~-]+")


@lru_cache(maxsize=16384, typed=True)
def anchor(*parts: object) -> str:
    """Return the id for a row or section, for example ``anchor("PA1", "g")`` is ``PA1-g``.

    Needs no quoting in a link or a CSS-free lookup; parts that are None or empty are left out.
    Distinct parts can share an id: make those of one page unique with `unique_anchors`.
    """
    words = (_UNSAFE.sub("-", str(part)).strip("-") for part in parts if part is not None)
    return "-".join(word for word in words if word) or "row"


def unique_anchors(anchors: Iterable[str]) -> list[str]:
    """Return the anchors in order, later ones of a kind with ``-2``, ``-3`` … at their end.

    An anchor that is unique stays as it is, whatever stands around it.
    """
    wanted = list(anchors)
    taken = set(wanted)
    seen: dict[str, int] = {}
    result = []
    for name in wanted:
        count = seen.get(name, 0) + 1
        if count > 1:
            while f"{name}-{count}" in taken:
                count += 1
            taken.add(f"{name}-{count}")
        seen[name] = count
        result.append(name if count == 1 else f"{name}-{count}")
    return result
