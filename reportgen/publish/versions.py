"""``v/versions.json``, which Material's selector and mike read, and ``v/switcher.json``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reportgen.errors import PublishError
from reportgen.model.editions import MAIN
from reportgen.publish.names import check_case, check_name, newest_first

VERSIONS = "v/versions.json"
SWITCHER = "v/switcher.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One entry of the selector."""

    name: str
    title: str
    aliases: tuple[str, ...] = ()
    properties: Any = None
    """What mike's ``props`` has set; Material hides an entry with ``hidden``."""


def read_versions(content: bytes | None) -> dict[str, Version]:
    """Return the versions by name; those of mike too.

    Raises
    ------
    PublishError
        If the file is damaged.
    """
    if content is None:
        return {}
    try:
        entries = [
            Version(
                name=check_name(entry["version"]),
                title=str(entry.get("title") or entry["version"]),
                aliases=tuple(check_name(alias, "alias") for alias in entry.get("aliases", ())),
                properties=entry.get("properties"),
            )
            for entry in json.loads(content)
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PublishError(
            f"{VERSIONS} of the published site cannot be read ({error!r}). Bring back the one of"
            " the commit before."
        ) from error
    return {entry.name: entry for entry in entries}


def ordered(versions: Mapping[str, Version]) -> list[Version]:
    """Return the versions in the order of the selector."""
    return [versions[name] for name in newest_first(versions)]


def add_version(
    versions: Mapping[str, Version], name: str, aliases: Iterable[str]
) -> dict[str, Version]:
    """Return the versions with one more, or with new aliases of one; an alias has one owner.

    Raises
    ------
    PublishError
        If an alias is the name of an edition, or differs from one in capitals only.
    """
    given = [check_name(alias, "alias") for alias in aliases]
    taken = {alias: one.name for one in versions.values() for alias in one.aliases}
    for alias in given:
        if alias == name or alias in versions:
            raise PublishError(f"{alias!r} is an edition, so it cannot be an alias of {name!r}.")
        check_case(alias, [*versions, *taken, name, *given])
    if name in taken:
        raise PublishError(
            f"{name!r} is an alias of {taken[name]!r}, so no edition can have that name."
        )
    check_case(name, [*versions, *taken])
    old = versions.get(name, Version(name=name, title=name))
    others = {
        other.name: replace(other, aliases=tuple(a for a in other.aliases if a not in given))
        for other in versions.values()
    }
    mine = tuple(sorted({*old.aliases, *given}))
    return {**others, name: replace(old, aliases=mine)}


def write_versions(versions: Mapping[str, Version]) -> bytes:
    """Return ``versions.json``."""
    entries: list[dict[str, Any]] = []
    for one in ordered(versions):
        entry = {"version": one.name, "title": one.title, "aliases": list(one.aliases)}
        entries.append(entry | ({"properties": one.properties} if one.properties else {}))
    return _lines(entries)


def write_switcher(versions: Mapping[str, Version], *, default: str, url: str) -> bytes:
    """Return ``switcher.json`` in the form of LSST the Docs and the PyData theme.

    ``url`` is the address of the whole site; without one, addresses begin at the file itself.
    """
    base = f"{url.rstrip('/')}/v/" if url else ""
    return _lines(
        [
            {
                "name": one.title,
                "version": one.name,
                "url": f"{base}{one.name}/",
                "preferred": one.name == default,
            }
            for one in ordered(versions)
        ]
    )


def default_edition(versions: Mapping[str, Version]) -> str:
    """Return the edition that the root leads to: ``main``, by name or alias, or the newest."""
    for one in versions.values():
        if MAIN in {one.name, *one.aliases}:
            return one.name
    return newest_first(versions)[0] if versions else MAIN


def _lines(entries: Sequence[Mapping[str, Any]]) -> bytes:
    return (json.dumps(entries, indent=2, ensure_ascii=False) + "\n").encode()
