"""Where figures are drawn: from requests to files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl

from reportgen.figures.document import svg_document
from reportgen.figures.kinds import DRAW
from reportgen.figures.png import png_bytes
from reportgen.figures.sheet import Sheet
from reportgen.figures.twin import draw_twins
from reportgen.model.figures import FigureRequest
from reportgen.places import at


def draw_batch(batch: Mapping[str, FigureRequest], folder: Path) -> list[str]:
    """Draw figures, given by name, on one sheet, write them to ``folder``, return their names."""
    with mpl.rc_context():
        mpl.rcdefaults()  # the user's own matplotlibrc must not change a report
        sheet = Sheet()
        for name, request in batch.items():
            _draw(sheet, name, request, folder)
    return list(batch)


def _draw(sheet: Sheet, name: str, request: FigureRequest, folder: Path) -> None:
    DRAW[type(request)](request, sheet)
    twins = draw_twins(sheet, f"rg-{name}")
    document = svg_document(
        sheet, twins.svg, title=request.title, description=request.alt or request.title
    )
    _write(folder / f"{name}.png", png_bytes(twins.png, in_full=sheet.extra_colours))
    _write(folder / f"{name}.svg", document.encode())


def _write(file: Path, content: bytes) -> None:
    """Write under a temporary name first, so that no half file is ever taken for a figure."""
    part = file.with_name(f"{file.stem}.part{os.getpid()}{file.suffix}")
    with at(file):
        part.write_bytes(content)
    part.replace(file)
