"""The journal of a store: one small file for each commit, and the commit is its rename.

``<store>/pulls/000007.json`` names the revisions that its commit added, and says of each source
how far it was read (`Mark`): all sources in each entry, so that the newest one tells everything.
While a commit is made its entry is called ``000007.pending``: what it names does not count yet.
Whoever reads passes over it, and the next writer removes what a killed one left. So data and
watermark agree, whenever a pull dies.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from reportgen.errors import StoreDamagedError
from reportgen.store import layout
from reportgen.store.damage import damaged

PULLS = "pulls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far one source was read, and under which configuration."""

    watermark: Any = None
    """As the source gave it (`model.bundle.Watermark`)."""
    under: str = ""
    """Digest of the configuration under which the watermark was reached."""
    reading: str = ""
    """Digest of the configuration under which all that is stored was read; empty: not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What one commit moves into the store: path in the store → where it lies until then."""

    revisions: Mapping[str, Path] = field(default_factory=dict)
    unreadable: Mapping[str, Path] = field(default_factory=dict)

    def paths(self) -> dict[str, Path]:
        """Return everything that is to be moved."""
        return {**self.revisions, **self.unreadable}

    def places(self, store: Path) -> set[Path]:
        """Return each file of it in a store, with the folders above."""
        moved = [store / name for name in self.paths()]
        files = [file for path in moved for file in (path, *path.glob("*"))]
        above = {one for path in moved for one in path.parents if one.is_relative_to(store)}
        return above.union(files)


class Journal:
    """The commits of one store."""

    def __init__(self, store: Path) -> None:
        self.store = store
        self.folder = store / PULLS

    def marks(self) -> dict[str, Mark]:
        """Return how far each source was read."""
        entries = sorted(self.folder.glob("*.json"))
        if not entries:
            return {}
        data = layout.read_json(entries[-1])
        with damaged(entries[-1]):
            return {name: Mark(**one) for name, one in data["sources"].items()}

    def commit(self, number: int, addition: Addition, marks: Mapping[str, Mark]) -> None:
        """Move an addition into the store; it counts from the last rename on.

        Everything it holds is on disk before that, and the rename before this returns.

        Raises
        ------
        StoreDamagedError
            If something lies there already: `recover` would take it for a part of this.
        """
        for name in addition.paths():
            if (self.store / name).exists():
                raise StoreDamagedError(f"{self.store / name} lies where a new one has to go")
        self.folder.mkdir(parents=True, exist_ok=True)
        pending = self.folder / f"{number:06d}.pending"
        layout.write_json(
            pending,
            {
                "revisions": sorted(addition.revisions),
                "unreadable": sorted(addition.unreadable),
                "sources": {name: asdict(mark) for name, mark in sorted(marks.items())},
            },
        )
        layout.sync([pending, self.folder])  # so that nothing counts that was only begun
        for name, path in sorted(addition.paths().items()):
            target = self.store / name
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
        layout.sync(addition.places(self.store))
        pending.rename(pending.with_suffix(".json"))
        layout.sync([self.folder])

    def recover(self) -> None:
        """Remove what a commit that was killed has left. Only the holder of the lock may."""
        for pending in self.folder.glob("*.pending"):
            for name in _named(pending):
                path = self.store / name
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)
                _remove_empty(path.parent, self.store)
            pending.unlink()
        for unwritten in self.folder.glob(".*"):
            unwritten.unlink()

    def uncounted(self) -> frozenset[str]:
        """Return the paths in the store that a commit has not made count yet."""
        return frozenset(
            name for pending in self.folder.glob("*.pending") for name in _named(pending)
        )

    def state(self) -> Sequence[str]:
        """Return what changes whenever a commit begins or ends."""
        return sorted(path.name for path in self.folder.glob("[0-9]*"))

    def number(self, after: int = 0) -> int:
        """Return the number of the next commit; ``after`` one whose entry may be lost."""
        numbers = [int(path.stem) for path in self.folder.glob("*.json") if path.stem.isdigit()]
        return max([*numbers, after]) + 1


def _named(pending: Path) -> list[str]:
    try:
        data = layout.read_json(pending)
        return [*data["revisions"], *data["unreadable"]]
    except FileNotFoundError:  # its commit has ended meanwhile
        return []
    except (StoreDamagedError, LookupError, TypeError):  # cut off before anything was moved
        return []


def _remove_empty(folder: Path, store: Path) -> None:
    """Remove the folders of a run that has no revision any more."""
    while folder != store and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
