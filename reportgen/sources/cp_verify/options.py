"""Options of cp-verify."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, field_validator

from reportgen.sources.base import Options


class CpVerifyOptions(Options):
    """Options of ``cp-verify``."""

    stage: str | None = None
    """Kind of calibration, where the path does not say."""
    level: str | None = None
    """``detector``, ``exposure`` or ``run``, where the path does not say."""
    detectors: Mapping[str, str] = Field(default_factory=dict)
    """Numbers of detectors by name, such as ``{R22_S11 = 94}``."""
    unit: str | None = None
    """Unit of all statistics: the files do not say whether they are ADU or electrons."""
    units: Mapping[str, str] = Field(default_factory=dict)
    """Unit by statistic, such as ``MEAN`` or ``BIAS_MEAN``."""

    @field_validator("detectors", mode="before")
    @classmethod
    def _as_text(cls, detectors: Any) -> Any:
        if not isinstance(detectors, dict):
            return detectors
        return {name: str(number) for name, number in detectors.items()}

    def all_units(self) -> dict[str, str]:
        """Return the units by statistic; ``*`` for all others."""
        return {**({} if self.unit is None else {"*": self.unit}), **self.units}
