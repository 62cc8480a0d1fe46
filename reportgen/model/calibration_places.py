"""Where a value or a verdict of a calibration stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a value or a verdict stands; both None: the exposure or the run as a whole."""

    detector: str | None = None
    amplifier: str | None = None

    @property
    def level(self) -> str:
        """``amplifier``, ``detector`` or ``exposure``."""
        if self.amplifier is not None:
            return "amplifier"
        return "exposure" if self.detector is None else "detector"

    @property
    def name(self) -> str:
        """Detector and amplifier, ``R22_S12 C13``: how known issues name it."""
        return " ".join(part for part in (self.detector, self.amplifier) if part)
