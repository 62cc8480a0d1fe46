"""Options of influxdb."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from reportgen.sources.bands import BANDS
from reportgen.sources.base import Options

Zero = Literal["missing", "value"]

NEVER_ZERO = (
    "PA[12]*", "AM[123]*", "AD[123]*", "AA1*", "AB[12]*", "TE[1234]*",
    "*Stdev*", "*stdev*", "*Std", "*RMS*", "*Rms*", "*rms*", "*Sigma*", "*sigma*", "*Scatter*",
    "*scatter*", "*AstroErr*", "*Noise*", "*NOISE*", "*Fwhm*", "*FWHM*", "*Width*", "*width*",
)  # fmt: skip
"""Metrics that are widths, scatters and errors: exactly zero is no result. Fractions, counts and
differences are not among them."""


class InfluxOptions(Options):
    """Options of ``influxdb``."""

    database: Annotated[str, Field(min_length=1)]
    retention_policy: str = ""
    """Empty for the default one of the database."""
    measurements: Annotated[tuple[str, ...], Field(min_length=1)] = ("*",)
    """Names or globs of measurements."""
    match: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """Values that tags or texts of a point must have."""
    layout: Literal["auto", "squash", "sasquatch"] = "auto"
    """Who wrote the points; ``auto`` tells by the names of columns."""
    start: date | None = None
    """Day (UTC) before which nothing is read."""
    window: Annotated[int, Field(ge=1, le=366)] = 7
    """Days of one query, and of one job."""
    overlap: Annotated[int, Field(ge=0)] = 35
    """Days before the newest point known from which the next pull reads again."""
    zero: Zero | Mapping[str, Zero] = Field(default_factory=dict)
    """What an exact zero means: of all metrics, or by globs of metrics or measurements."""
    ignore: tuple[str, ...] = ()
    """Globs of fields that are no metrics."""
    bands: tuple[str, ...] = BANDS
    qualify_actions: bool = False
    unit: str | None = None
    units: Mapping[str, str] = Field(default_factory=dict)
    """Units by globs of metrics: the database holds none."""
    user_env: str | None = None
    password_env: str | None = None
    token_env: str | None = None
    """Names of the environment variables that hold credentials."""
    timeout: Annotated[float, Field(gt=0)] = 60
    """Seconds in which the server has to go on with its answer."""

    @field_validator("match", mode="before")
    @classmethod
    def _as_lists(cls, match: Any) -> Any:
        if not isinstance(match, dict):
            return match
        return {key: [one] if isinstance(one, str) else one for key, one in match.items()}

    def zero_is_missing(self, metric: str, measurement: str, layout: str) -> bool:
        """Whether an exact zero of a metric stands for a null.

        Parameters
        ----------
        metric
            Fully qualified.
        """
        if isinstance(self.zero, str):
            return self.zero == "missing"
        bare = metric.partition(".")[2]
        for glob, rule in self.zero.items():
            if any(fnmatchcase(name, glob) for name in (metric, bare, measurement)):
                return rule == "missing"
        # The SQuaSH API left nulls out; only Sasquatch stores them as 0.0.
        return layout == "sasquatch" and any(fnmatchcase(bare, glob) for glob in NEVER_ZERO)

    def unit_of(self, metric: str) -> str | None:
        """Return the unit of a metric; None if the configuration does not say."""
        bare = metric.partition(".")[2]
        for glob, unit in self.units.items():
            if fnmatchcase(metric, glob) or fnmatchcase(bare, glob):
                return unit
        return self.unit
