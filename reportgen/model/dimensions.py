"""The dimensions of a data ID: what a measurement was made of."""

from __future__ import annotations

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
