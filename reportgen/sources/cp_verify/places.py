"""Instrument, exposure and detector, as far as the path of a file says them."""

from __future__ import annotations

import re
from collections.abc import Mapping

_INSTRUMENT = re.compile(
    r"(?<![A-Za-z0-9])(LATISS|LSSTComCamSim|LSSTComCam|LSSTCam-imSim|LSSTCam|HSC|DECam)(?![A-Za-z-])"
)
_OBSERVATION = re.compile(r"(?<![A-Za-z])[A-Z]{2}_O_(\d{8})_0?(\d{5})(?!\d)")
"""Identifier of an observation by the observatory's own controller, ``AT_O_20210525_000015``."""
_EXPOSURE = re.compile(r"(?<!\d)(20\d{11})(?!\d)")
"""Day and sequence number: exposures of the Rubin cameras."""
DETECTOR = re.compile(r"(?<![A-Za-z0-9])R(?:\d\d|XX)_S(?:\d\d|[GW]\d)(?!\d)")
"""Full name of a detector of a Rubin camera."""

RUBIN = frozenset({"LATISS", "LSSTComCam", "LSSTComCamSim", "LSSTCam", "LSSTCam-imSim"})
"""Cameras whose exposures begin with the day of observation."""

SINGLE = {"LATISS": {"RXX_S00": "0"}}
"""Numbers of detectors in cameras that have one only."""


def from_path(path: str) -> dict[str, str]:
    """Return the dimensions that a path names."""
    found: dict[str, str] = {}
    if instrument := _INSTRUMENT.search(path):
        found["instrument"] = instrument[1]
    if observation := _OBSERVATION.search(path):
        found["exposure"] = observation[1] + observation[2]
    elif exposure := _EXPOSURE.search(path):
        found["exposure"] = exposure[1]
    if detector := DETECTOR.search(path):
        found["detector"] = detector[0]
    return found


def day_obs(instrument: str, exposure: str | None) -> str | None:
    """Return the day of observation of an exposure, where its number holds it."""
    if exposure and instrument in RUBIN and _EXPOSURE.fullmatch(exposure):
        return exposure[:8]
    return None


def detector_number(name: str, instrument: str, numbers: Mapping[str, str]) -> str:
    """Return the number of a detector given by name, by number, or as ``Detector 0``.

    A name without a known number stays as it is.
    """
    bare = name.removeprefix("Detector ").strip()
    return numbers.get(bare) or SINGLE.get(instrument, {}).get(bare, bare)
