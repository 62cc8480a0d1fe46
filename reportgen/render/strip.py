"""Strips: the states of the last runs as a word-sized row of signs, as inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup

from reportgen.model.status import Status

STEP = 5
"""Distance of two runs, in pixels."""
HEIGHT = 14

_SHAPES = (
    ("f", Status.FAIL, "h4v14h-4z", 0),
    ("m", Status.NOT_MEASURED, "h4v2h-4z", 6),
    ("p", Status.PASS, "h4v4h-4z", 10),
)
"""Class, state, shape and top of a sign: tall where it fails, low where it passes, a dash in the
middle where nothing was measured; nothing where the run has no such row."""


def strip(states: Sequence[Status | None]) -> Markup:
    """Return the picture of some states, oldest first; its words stand around it."""
    return _strip(tuple(states))


@lru_cache(maxsize=4096)
def _strip(states: tuple[Status | None, ...]) -> Markup:
    paths = []
    for name, status, shape, top in _SHAPES:
        signs = [f"M{STEP * at} {top}{shape}" for at, one in enumerate(states) if one is status]
        if signs:
            paths.append(f'<path class="rg-{name}" d="{"".join(signs)}"/>')
    width = STEP * len(states) - 1
    return Markup(  # noqa: S704 - numbers
        f'<svg class="rg-strip" width="{width}" height="{HEIGHT}"'
        f' viewBox="0 0 {width} {HEIGHT}" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(paths)}</svg>"
    )
