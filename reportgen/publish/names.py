"""Names of editions and aliases, their order, and which pages have a lasting address."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from reportgen.errors import PublishError
from reportgen.model.editions import LASTING, MAIN
from reportgen.model.runs import release_order

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_TAKEN = frozenset({"index.html", "versions.json", "switcher.json"})
_PART = re.compile(r"[A-Za-z0-9_~+-][A-Za-z0-9._~+-]*")


def check_name(name: str, kind: str = "edition") -> str:
    """Return the name of an edition or alias, which is a folder below ``v/``.

    Raises
    ------
    PublishError
        If no folder can have that name everywhere.
    """
    if not _NAME.fullmatch(name) or name in _TAKEN or name.endswith("."):
        raise PublishError(
            f"{name!r} cannot be the name of an {kind}: use letters, digits, '.', '_' and '-', and"
            " begin with a letter or digit."
        )
    return name


def check_case(name: str, others: Collection[str]) -> None:
    """Refuse a name that only capitals tell from another: some file systems cannot."""
    for other in others:
        if name != other and name.lower() == other.lower():
            raise PublishError(
                f"{name!r} and the published {other!r} differ in capitals only. Choose one of them."
            )


def newest_first(names: Iterable[str]) -> list[str]:
    """Return names of editions in the order of the selector: ``main``, then the newest release."""
    ordered = sorted(names, key=lambda name: (release_order(name), name), reverse=True)
    return sorted(ordered, key=lambda name: name != MAIN)


def is_page_path(path: str) -> bool:
    """Tell whether this is the address of a page: parts of plain characters, each with a slash."""
    return path.endswith("/") and all(_PART.fullmatch(part) for part in path[:-1].split("/"))


def is_lasting(path: str) -> bool:
    """Tell whether a page, given from the root of its edition, gets a permalink; lists do too."""
    return is_page_path(path) and path.startswith(LASTING)


def climb(path: str) -> str:
    """Return the way from a file up to the root: ``../../`` from ``a/b/index.html``."""
    return "../" * path.count("/")
