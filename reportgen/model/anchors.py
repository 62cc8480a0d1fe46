"""Ids of rows and sections, and parts of addresses: stable, so that links to them live."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

_UNSAFE = re.compile(r"[^A-Za-z0-9._~-]+")


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


def address_part(name: str) -> str:
    """Return a name as one part of an address and a folder's name.

    Names of metrics stay as they are. A name that holds anything but letters, digits and
    ``._~+-``, begins or ends with a dot, or is very long is cut to what is safe, with a hash at
    its end so that different names stay different.
    """
    if re.fullmatch(r"(?!\.)[A-Za-z0-9._~+-]{1,120}(?<!\.)", name):
        return name
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:8]
    return f"{_UNSAFE.sub('-', name).strip('-.')[:100]}-{digest}".lstrip("-")
