"""Where figures are drawn: from requests to files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl

from reportgen.figures.document import svg_document
from reportgen.figures.kinds import DRAW
from reportgen.figures.png import png_bytes
from reportgen.figures.sheet import Sheet
from reportgen.figures.twin import draw_twins
from reportgen.model.figures import FigureRequest
from reportgen.places import replacing


def draw_batch(batch: Mapping[str, FigureRequest], folder: Path) -> None:
    """Draw figures, given by name, on one sheet, and write them to ``folder``."""
    with mpl.rc_context():
        mpl.rcdefaults()  # the user's own matplotlibrc must not change a report
        sheet = Sheet()
        for name, request in batch.items():
            _draw(sheet, name, request, folder)


def _draw(sheet: Sheet, name: str, request: FigureRequest, folder: Path) -> None:
    DRAW[type(request)](request, sheet)
    twins = draw_twins(sheet, f"rg-{name}")
    document = svg_document(
        sheet, twins.svg, title=request.title, description=request.alt or request.title
    )
    with replacing(folder / f"{name}.png") as file:
        file.write_bytes(png_bytes(twins.png, in_full=sheet.extra_colours))
    with replacing(folder / f"{name}.svg") as file:
        file.write_bytes(document.encode())
