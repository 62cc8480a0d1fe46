"""Columns by name: in other capitals, and with a unit behind the name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from reportgen.deferred import Deferred
from reportgen.sources.bands import BANDS

units = Deferred("astropy.units")

_UNIT = re.compile(r"(?P<name>.*\S)\s*(?:\[(?P<square>[^\[\]]+)\]|\((?P<round>[^()]+)\))")
_NO_UNITS = frozenset({*BANDS, "min"})
"""What astropy takes for a gram or a minute, and tables write for a band or a minimum."""


class ColumnName(NamedTuple):
    """The name of a column, and the unit that stands behind it."""

    name: str
    unit: str | None = None


@lru_cache(maxsize=4096)
def split_unit(column: str) -> ColumnName:
    """Return ``AM1 [mas]`` and ``AM1 (mas)`` as name and unit, if astropy knows the unit."""
    found = _UNIT.fullmatch(column)
    unit = (found["square"] or found["round"]).strip() if found else ""
    if found is None or unit in _NO_UNITS or not re.search("[A-Za-z%]", unit):
        return ColumnName(column)
    try:
        units.Unit(unit)
    except (ValueError, TypeError):
        return ColumnName(column)
    return ColumnName(found["name"], unit)


def find_column(name: str, header: Sequence[str]) -> str:
    """Return how a table spells a column: exactly so, or with a unit behind it."""
    if name in header:
        return name
    return next((one for one in header if split_unit(one).name == name), name)


def same_letters(name: str, header: Sequence[str]) -> str | None:
    """Return the column with these letters, exactly so rather than in other capitals."""
    if name in header:
        return name
    return next((one for one in header if one.lower() == name), None)


def known_columns(names: Iterable[str], header: Sequence[str]) -> Mapping[str, str]:
    """Return the columns of a table that are called as these names, in whatever capitals."""
    found = {name: same_letters(name, header) for name in names}
    return {name: column for name, column in found.items() if column is not None}
