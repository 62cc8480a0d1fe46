"""Bands of physical filters: only where the name of the filter says so without doubt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

BANDS = ("u", "g", "r", "i", "z", "y")

_FILTERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"HSC-([grizy])2?",  # Hyper Suprime-Cam
        r"([ugriz])\.MP\d+",  # MegaPrime
        r"([ugrizy]) DECam.*",
        r"(?:empty~)?SDSS([ugriz])(?:_65mm)?(?:~empty)?",  # LATISS
        r"([ugrizy])_\d{2}",  # LSSTCam, LSSTComCam
        r"(?:lsst_)?([ugrizy])_sim_\d\.\d",  # simulations such as DC2
        r"lsst_([ugrizy])(?:_smeared)?",
        r"SDSS-([ugriz])",
    )
)


@lru_cache(maxsize=1024)
def band_of(physical_filter: str) -> str | None:
    """Return the band of a physical filter (``HSC-R2``, ``r.MP9601``, ``SDSSr_65mm~empty``).

    A single letter is the band itself. None where the name does not tell, as for narrow bands.
    """
    if physical_filter in BANDS:
        return physical_filter
    for pattern in _FILTERS:
        if found := pattern.fullmatch(physical_filter):
            return found[1].lower()
    return None


@dataclass(frozen=True, slots=True)
class BandedName:
    """The name of a metric, taken apart."""

    name: str
    band: str | None


def split_band(name: str, bands: tuple[str, ...] = BANDS) -> BandedName:
    """Return the name without its band, and the band: ``g_AM1`` is AM1 in g."""
    first, _, rest = name.partition("_")
    return BandedName(rest, first) if rest and first in bands else BandedName(name, None)
