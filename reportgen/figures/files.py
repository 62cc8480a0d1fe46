"""The folder of figures: what is missing is drawn, what nobody uses is removed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
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


def draw_figures(
    requests: Iterable[FigureRequest],
    folder: Path,
    *,
    jobs: int = 1,
    on_done: Callable[[str], None] | None = None,
) -> int:
    """Draw the figures that are not in ``folder`` yet as SVG and PNG, and return how many.

    ``on_done`` is called with the name of each figure whose files are there. With ``jobs``
    above 1, processes share the work if there is enough of it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    there = {entry.name for entry in os.scandir(folder)}
    wanted: dict[str, FigureRequest] = {}
    for request in requests:
        name = figure_name(request)
        if all(name + suffix in there for suffix in SUFFIXES):
            _tell(on_done, (name,))
        else:
            wanted[name] = request
    for names in _draw(wanted, folder, jobs):
        _tell(on_done, names)
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


def _tell(on_done: Callable[[str], None] | None, names: Iterable[str]) -> None:
    if on_done is not None:
        for name in names:
            on_done(name)


def _draw(wanted: Mapping[str, FigureRequest], folder: Path, jobs: int) -> Iterator[list[str]]:
    """Draw in this process or in several, and yield the names that are done."""
    if not wanted:
        return
    batches = list(_batches(wanted))
    workers = min(jobs, len(wanted) // SHARE)
    if workers <= 1:
        from reportgen.figures.studio import draw_batch  # noqa: PLC0415 - it loads matplotlib

        for batch in batches:
            yield draw_batch(batch, folder)
        return
    yield from share(partial(_draw_elsewhere, folder), batches, workers)


def _batches(wanted: Mapping[str, FigureRequest]) -> Iterator[dict[str, FigureRequest]]:
    left = iter(wanted.items())
    while batch := dict(islice(left, BATCH)):
        yield batch


def _draw_elsewhere(folder: Path, batch: Mapping[str, FigureRequest]) -> list[str]:
    from reportgen.figures.studio import draw_batch  # noqa: PLC0415 - it loads matplotlib

    return draw_batch(batch, folder)
