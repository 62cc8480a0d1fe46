"""Options of tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from reportgen.sources.base import Options


class TableOptions(Options):
    """Options of ``table``."""

    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    """Between the cells of a text table; by default a tab in ``.tsv``, else a comma, or a
    semicolon where that stands before decimals."""
    decimal: Literal[".", ","] = "."
    """Sign before the decimals of numbers that are texts."""
    metric: str | None = None
    """Name of the metric where no column holds it; ``{column}`` and groups of ``pattern``."""
    band_in_metric: bool = False
    """Names such as ``g_AM1`` begin with the band."""
    unit: str | None = None
    """Unit of all values."""
    units: Mapping[str, str] = Field(default_factory=dict)
    """Unit by metric or value column."""
    notes: tuple[str, ...] = ()
    """Columns kept as notes of each measurement."""
    value_columns: tuple[str, ...] = ()
    """Wide form: columns that each hold one statistic."""
    test_columns: tuple[str, ...] | None = None
    """Columns of verdicts; by default ``VERIFY_*`` and ``SUCCESS`` where ``stage`` is given."""
    stage: str | None = None
    """Calibration stage of a wide table, such as ``bias``."""

    def without(self, columns: Collection[str]) -> Self:
        """Return the options with these columns taken out of values and notes."""
        if not columns:
            return self
        values = tuple(name for name in self.value_columns if name not in columns)
        notes = tuple(name for name in self.notes if name not in columns)
        return self.model_copy(update={"value_columns": values, "notes": notes})

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        if self.delimiter == self.decimal:
            raise ValueError(f"`delimiter` and `decimal` are both {self.decimal!r}")
        return self
