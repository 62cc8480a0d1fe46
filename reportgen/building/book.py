"""Figures that pages ask for, collected so that each is drawn once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from reportgen.figures import plan_figure
from reportgen.model.figures import FigureFile, FigureRequest
from reportgen.places import at


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


def _link(source: Path, target: Path) -> None:
    """Share the bytes where the file system can, else copy them."""
    try:
        os.link(source, target)
    except OSError:
        with at(target):
            shutil.copyfile(source, target)
