"""The folder of figures: what is missing is drawn, what nobody uses is removed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from pathlib import Path

from reportgen.figures.names import figure_name
from reportgen.model.figures import FigureRequest
from reportgen.workers import share

SUFFIXES = (".svg", ".png")
SHARE = 40
"""Figures that a further process has to draw before its start (half a CPU second) pays."""
BATCH = 20
_NAMED = re.compile(r"[0-9a-f]{20}\.(svg|png)")


def draw_figures(requests: Iterable[FigureRequest], folder: Path, *, jobs: int = 1) -> int:
    """Draw the figures that are not in ``folder`` yet as SVG and PNG, and return how many.

    With ``jobs`` above 1, processes share the work if there is enough of it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    there = {entry.name for entry in os.scandir(folder)}
    wanted: dict[str, FigureRequest] = {}
    for request in requests:
        name = figure_name(request)
        if not all(name + suffix in there for suffix in SUFFIXES):
            wanted[name] = request
    _draw(wanted, folder, jobs)
    return len(wanted)


def prune_figures(folder: Path, keep: Iterable[str]) -> int:
    """Remove the figures whose names are not in ``keep``, and return how many files went.

    Files that are not named like a figure stay.
    """
    kept = set(keep)
    found = [entry for entry in folder.glob("*.*") if _NAMED.fullmatch(entry.name)]
    unused = [file for file in found if file.stem not in kept]
    for file in unused:
        file.unlink(missing_ok=True)
    return len(unused)


def _draw(wanted: Mapping[str, FigureRequest], folder: Path, jobs: int) -> None:
    """Draw in this process or in several."""
    workers = min(jobs, len(wanted) // SHARE)
    if workers > 1:
        for _ in share(partial(_draw_batch, folder), list(_batches(wanted)), workers):
            pass  # files are there; nothing comes back
        return
    for batch in _batches(wanted):
        _draw_batch(folder, batch)


def _batches(wanted: Mapping[str, FigureRequest]) -> Iterator[dict[str, FigureRequest]]:
    left = iter(wanted.items())
    while batch := dict(islice(left, BATCH)):
        yield batch


def _draw_batch(folder: Path, batch: Mapping[str, FigureRequest]) -> None:
    from reportgen.figures.studio import draw_batch  # noqa: PLC0415 - it loads matplotlib

    draw_batch(batch, folder)
