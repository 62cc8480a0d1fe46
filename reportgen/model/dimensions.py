"""The dimensions of a data ID: what a measurement was made of."""

from __future__ import annotations

from typing import Any

DATA_ID = (
    "instrument",
    "skymap",
    "tract",
    "patch",
    "band",
    "physical_filter",
    "day_obs",
    "visit",
    "exposure",
    "group",
    "detector",
    "amplifier",
)
"""Names of the dimensions of a data ID, in the order in which they are shown."""

INTEGER_DIMENSIONS = frozenset({"tract", "visit", "exposure", "detector", "day_obs"})
"""Dimensions shown as numbers where their text is one (``patch`` may also be ``4,4``)."""

BANDS = "ugrizy"
"""In the order in which they are shown; others follow by name."""


def dimension_value(name: str, value: Any) -> Any:
    """Return a number for the dimensions that are numbered, the text otherwise."""
    if name in INTEGER_DIMENSIONS and isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    return value


def band_order(band: str) -> tuple[int, str]:
    """Return a sort key: u, g, r, i, z, y, then other bands by name."""
    place = BANDS.find(band)
    return (place if place >= 0 and len(band) == 1 else len(BANDS), band)
