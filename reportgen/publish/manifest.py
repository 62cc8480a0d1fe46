"""What the published site remembers of itself, in ``.reportgen/``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, NamedTuple, Self

from reportgen.errors import PublishError
from reportgen.publish.names import is_page_path

MANIFEST = ".reportgen/manifest.json"
SCHEMA = 1
_MAPS = frozenset({"editions", "shared", "gone", "redirects", "aliases", "owned"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNote:
    """What is said of a page once no edition holds it any more."""

    title: str
    date: str | None = None
    """Of the run, ISO 8601."""
    verdict: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """Room that files take; sizes in bytes."""

    files: int = 0
    size: int = 0
    largest: str = ""
    """Path of the largest file."""
    largest_size: int = 0
    unmeasured: int = 0
    """Files whose size is not known; they are among ``files``, not in ``size``."""

    def __add__(self, other: Weight) -> Weight:
        first, second = sorted((self, other), key=lambda w: w.largest_size, reverse=True)
        return Weight(
            files=self.files + other.files,
            size=self.size + other.size,
            largest=first.largest or second.largest,
            largest_size=first.largest_size,
            unmeasured=self.unmeasured + other.unmeasured,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One published edition."""

    digest: str
    """Of all its files."""
    generated: str | None
    """Day of the newest result that it shows."""
    revision: int
    """Grows when other content is published under the same name."""
    runs: int
    weight: Weight
    """Of its own folder and its record, without what editions share."""


class Shared(NamedTuple):
    """A file that editions have in common."""

    size: int
    uses: int
    """How many editions refer to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one edition holds, in a file of its own, so that a publish touches few of them."""

    pages: Mapping[str, PageNote] = field(default_factory=dict)
    """Pages with a permalink, by their path in the edition."""
    shared: tuple[str, ...] = ()
    """Files at the root of the published site that its pages refer to."""

    def dump(self) -> bytes:
        """Return the file."""
        pages = {path: asdict(note) for path, note in self.pages.items()}
        return to_json({"pages": pages, "shared": sorted(self.shared)})

    @classmethod
    def load(cls, content: bytes | None, path: str) -> Self:
        """Read the file; without one, nothing is known of the edition."""
        if content is None:
            return cls()
        data = from_json(content, path)
        try:
            pages = {page: PageNote(**note) for page, note in data["pages"].items()}
            return cls(pages=pages, shared=tuple(data["shared"]))
        except (KeyError, TypeError, AttributeError) as error:
            raise _unreadable(path, error) from error


@dataclass(slots=True, kw_only=True)
class Manifest:
    """What all editions together hold."""

    editions: dict[str, Edition] = field(default_factory=dict)
    shared: dict[str, Shared] = field(default_factory=dict)
    pages: dict[str, list[str]] = field(default_factory=dict)
    """Editions that hold a page, by its permalink."""
    gone: dict[str, PageNote] = field(default_factory=dict)
    """Pages that no edition holds any more."""
    dropped: list[str] = field(default_factory=list)
    """Editions that were there once."""
    redirects: dict[str, str] = field(default_factory=dict)
    """New permalinks of renamed pages, by the old one."""
    aliases: dict[str, Weight] = field(default_factory=dict)
    owned: dict[str, str] = field(default_factory=dict)
    """Single files that reportgen wrote, with their git id: changed by others, they are theirs."""

    def dump(self) -> bytes:
        """Return the file; the same for the same editions, in whatever order they came."""
        return to_json(
            {
                "schema": SCHEMA,
                "editions": {name: asdict(one) for name, one in self.editions.items()},
                "shared": self.shared,
                "pages": {path: sorted(names) for path, names in self.pages.items()},
                "gone": {path: asdict(note) for path, note in self.gone.items()},
                "dropped": sorted(self.dropped),
                "redirects": self.redirects,
                "aliases": {name: asdict(one) for name, one in self.aliases.items()},
                "owned": self.owned,
            }
        )

    def copy(self) -> Self:
        """Return one that can be changed without changing this one."""
        pages = {path: list(names) for path, names in self.pages.items()}
        own = {one.name: dict(getattr(self, one.name)) for one in fields(self) if one.name in _MAPS}
        return replace(self, **own, pages=pages, dropped=list(self.dropped))

    @classmethod
    def load(cls, content: bytes | None) -> Self:
        """Read the file; without one, nothing was published by reportgen yet.

        Raises
        ------
        PublishError
            If it is damaged, or was written by a newer reportgen.
        """
        if content is None:
            return cls()
        data = from_json(content, MANIFEST)
        if data.get("schema") != SCHEMA:
            raise PublishError(
                f"{MANIFEST} of the published site has schema {data.get('schema')!r}, and this"
                f" reportgen knows {SCHEMA}. Publish with the newer reportgen."
            )
        try:
            manifest = cls(
                editions={name: _edition(one) for name, one in data["editions"].items()},
                shared={path: Shared(*one) for path, one in data["shared"].items()},
                pages={path: list(names) for path, names in data["pages"].items()},
                gone={path: PageNote(**one) for path, one in data["gone"].items()},
                dropped=list(data["dropped"]),
                redirects=dict(data["redirects"]),
                aliases={name: Weight(**one) for name, one in data["aliases"].items()},
                owned=dict(data["owned"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _unreadable(MANIFEST, error) from error
        # These become files: what somebody wrote into the manifest must not lead elsewhere.
        for page in (*manifest.pages, *manifest.gone, *manifest.redirects):
            if not is_page_path(page):
                raise _unreadable(MANIFEST, ValueError(f"{page!r} is no path of a page"))
        return manifest


def record_path(edition: str) -> str:
    """Return where the record of an edition is kept."""
    return f".reportgen/editions/{edition}.json"


def to_json(data: Mapping[str, Any]) -> bytes:
    """Return one entry per line, sorted, so that git stores what changed."""
    parts = [f"{_compact(key)}: {_entries(value)}" for key, value in data.items()]
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def from_json(content: bytes, path: str) -> dict[str, Any]:
    """Return the object in a file of the published site."""
    try:
        data = json.loads(content)
    except ValueError as error:
        raise _unreadable(path, error) from error
    if not isinstance(data, dict):
        raise _unreadable(path, TypeError("it holds no object"))
    return data


def _entries(value: Any) -> str:
    if isinstance(value, Mapping) and value:
        lines = [f"{_compact(key)}: {_compact(value[key])}" for key in sorted(value)]
        return "{\n" + ",\n".join(lines) + "\n}"
    return _compact(value)


_compact = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def _edition(data: dict[str, Any]) -> Edition:
    return Edition(**{**data, "weight": Weight(**data["weight"])})


def _unreadable(path: str, error: Exception) -> PublishError:
    return PublishError(
        f"{path} of the published site cannot be read ({error}). Bring back the one of the commit"
        " before, or remove .reportgen/ there and publish every edition again."
    )
