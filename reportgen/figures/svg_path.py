"""Paths in SVG's words, in CSS pixels."""

from __future__ import annotations

import numpy as np
from matplotlib.path import Path
from matplotlib.transforms import Transform
from numpy.typing import NDArray

_LETTERS = {Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C"}


def path_data(path: Path, transform: Transform, *, digits: int = 1) -> str:
    """Write a path in SVG's words, in CSS pixels; vertices that are not finite part it."""
    if path.codes is None:
        return _polyline(transform.transform(path.vertices), digits)
    words = []
    for vertices, code in path.iter_segments(transform, simplify=False, curves=True):
        if code == Path.CLOSEPOLY:
            words.append("Z")
        else:
            words.append(_LETTERS.get(code, "M") + numbers(vertices, digits))
    return "".join(words)


def _polyline(vertices: NDArray[np.float64], digits: int) -> str:
    known = np.isfinite(vertices).all(axis=1)
    if known.all():
        return "M" + numbers(vertices, digits) if len(vertices) else ""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], known, [False])).astype(np.int8)))
    return "".join(
        "M" + numbers(vertices[start:end], digits)
        for start, end in edges.reshape(-1, 2).tolist()
        if end - start > 1  # a line of one point shows nothing; its marker is drawn apart
    )


def numbers(values: NDArray[np.float64], digits: int = 1) -> str:
    """Write coordinates as short as they are exact to ``digits``."""
    words = " ".join(map(str, np.round(values, digits).ravel().tolist())) + " "
    return words.replace(".0 ", " ").rstrip()
