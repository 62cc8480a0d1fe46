"""The kinds of entries of ``overrides.toml``."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from reportgen.definitions.fields import OPERATORS
from reportgen.definitions.patterns import names
from reportgen.definitions.toml_file import Entry, Patterns, Text, listed
from reportgen.definitions.units import spell_unit

MetricName = Annotated[str, StringConstraints(pattern=r"^[^.\s]+\.[^.\s]+$")]
StatedUnits = Annotated[tuple[str, ...], BeforeValidator(listed)]
Number = Annotated[float, Field(allow_inf_nan=False, strict=True)]
_strict = ConfigDict(extra="forbid", frozen=True)


def _known_unit(unit: str | None) -> str | None:
    if unit is None:
        return None
    spelled = spell_unit(unit)
    if spelled is None:
        raise ValueError("astropy knows no such unit")
    return spelled


class Alias(Entry):
    """Another name of a metric: its values join the history of the canonical one."""

    metric: Patterns
    canonical: MetricName
    package: Text | None = None
    """Only metrics of this package."""

    def covers(self, metric: str) -> bool:
        """Tell whether the metric is meant."""
        return self.package in (None, metric.partition(".")[0]) and names(metric, self.metric)


class Limit(Entry):
    """A corrected limit."""

    specification: Patterns
    threshold: Number | None = None
    operator: Literal[OPERATORS] | None = None  # type: ignore[valid-type]
    unit: str | None = None
    reference: str = ""
    """Document, section, table that has the right limit."""

    _unit = field_validator("unit")(_known_unit)

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.threshold is None and self.operator is None and self.unit is None:
            raise ValueError("it changes nothing; give threshold, operator or unit")
        return self


class Bands(Entry):
    """The bands a limit applies to; in others there is no check."""

    specification: Patterns
    bands: Annotated[tuple[Text, ...], Field(min_length=1)]


class EpochRule(Entry):
    """From here on, values cannot be compared with those before."""

    metric: Patterns
    dataset: Patterns | None = None
    producer: Patterns | None = None
    from_release: Text | None = None
    from_date: date | None = None

    @model_validator(mode="after")
    def _begins(self) -> Self:
        if self.from_release is None and self.from_date is None:
            raise ValueError("give from_release or from_date")
        return self


class Tolerance(BaseModel):
    """A change up to this size does not matter."""

    model_config = _strict

    value: Annotated[float, Field(ge=0, allow_inf_nan=False, strict=True)]
    unit: str

    _unit = field_validator("unit")(_known_unit)


class MetricRule(Entry):
    """What the definitions do not say of a metric, or say wrong."""

    metric: Patterns
    improves: Literal["down", "up", "none"] | None = None
    tolerance: Tolerance | None = None
    unit: str | None = None
    stated: StatedUnits = ("",)
    """Units in the files that ``unit`` replaces; by default only where a file states none."""
    owner: Text | None = None
    zero: Literal["missing"] | None = None
    """An exact zero is a null that the transport lost (Sasquatch writes 0.0 for null)."""

    _unit = field_validator("unit")(_known_unit)


class Rename(Entry):
    """Another name for a dataset, or for one release of it."""

    dataset: Text
    release: Text | None = None
    to_dataset: Text | None = None
    to_release: Text | None = None

    @model_validator(mode="after")
    def _renames_something(self) -> Self:
        if self.to_dataset is None and self.to_release is None:
            raise ValueError("give to_dataset or to_release")
        if self.to_release is not None and self.release is None:
            raise ValueError("to_release needs the release it replaces")
        return self
