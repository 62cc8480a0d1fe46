"""Fully qualified names for metrics that are stored bare."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reportgen.errors import UnreadableError

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def qualify(name: str, package: str | None, origin: str) -> str:
    """Return ``package.metric``; a name that has a package keeps it.

    Raises
    ------
    UnreadableError
        If the name is bare and no package is known.
    """
    if "." in name:
        return name
    if not package:
        raise UnreadableError(
            origin, f"the metric {name!r} has no package: add `package = …` to its source."
        )
    return f"{package}.{name}"


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return the template with ``{name}`` replaced; names that are not known stay as they are.

    Nothing but names is replaced: the values come from paths and headers.
    """
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), template)
