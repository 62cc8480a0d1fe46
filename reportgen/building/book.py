"""Figures that pages ask for, collected so that each is drawn once."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from reportgen.figures import plan_figure, prune_figures
from reportgen.model.editions import MAIN
from reportgen.model.figures import FigureFile, FigureRequest
from reportgen.places import at, replacing

USED = "used.json"
"""File in the folder of drawn figures: edition → figures of its last build, the newest first."""
EDITIONS = 4
"""Editions whose figures stay: main, and the newest others that were built."""


class FigureBook:
    """Gives each figure its file at once; the drawing comes later."""

    def __init__(self) -> None:
        self.requests: dict[str, FigureRequest] = {}

    def add(self, request: FigureRequest) -> FigureFile:
        """Return the file that this figure will be in."""
        file = plan_figure(request)
        self.requests.setdefault(file.name, request)
        return file

    def place(self, drawn: Path, folder: Path) -> None:
        """Put the files of these figures into a folder, and remove all others from it."""
        folder.mkdir(parents=True, exist_ok=True)
        wanted = {f"{name}.{kind}" for name in self.requests for kind in ("svg", "png")}
        here = {path.name for path in folder.iterdir()}
        for name in here - wanted:
            (folder / name).unlink()
        for name in wanted - here:
            _link(drawn / name, folder / name)

    def prune(self, drawn: Path, edition: str) -> None:
        """Note the drawn figures that this edition uses, and remove those of no recent build."""
        used = {edition: sorted(self.requests)}
        used |= {name: names for name, names in _used(drawn).items() if name != edition}
        stay = sorted(used, key=lambda name: name not in (MAIN, edition))[:EDITIONS]
        with replacing(drawn / USED) as file:
            recent = {name: used[name] for name in used if name in stay}
            file.write_text(json.dumps(recent), encoding="utf-8")
        prune_figures(drawn, {name for one in stay for name in used[one]})


def _used(drawn: Path) -> dict[str, list[str]]:
    """Return what the last builds noted; nothing where that is damaged: it costs time only."""
    try:
        found = json.loads((drawn / USED).read_text(encoding="utf-8"))
        return {name: [str(one) for one in names] for name, names in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _link(source: Path, target: Path) -> None:
    """Share the bytes where the file system can, else copy them."""
    try:
        os.link(source, target)
    except OSError:
        with at(target):
            shutil.copyfile(source, target)
