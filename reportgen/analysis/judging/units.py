"""Conversion of units, by astropy; refused where units do not convert, never guessed."""

from __future__ import annotations

import math
from functools import cache

from reportgen.errors import UnitConversionError


@cache
def conversion_factor(value_unit: str | None, limit_unit: str) -> float:
    """Return the factor that expresses a value in ``value_unit`` in ``limit_unit``.

    Units are astropy unit strings; ``""`` is dimensionless, so that a fraction becomes a
    percentage by the factor 100, as upstream lsst.verify has it.

    Raises
    ------
    UnitConversionError
        If a unit is unknown (None, or no astropy unit), or the two do not convert.
    """
    if value_unit == limit_unit:
        return 1.0
    if value_unit is None:
        raise UnitConversionError(value_unit, limit_unit)
    # Imported here: most comparisons need no conversion, and astropy takes a while to load.
    from astropy import units  # noqa: PLC0415

    try:
        factor = float(units.Unit(value_unit).to(units.Unit(limit_unit)))
    except (ValueError, TypeError, ArithmeticError) as error:  # astropy's own is the first two
        raise UnitConversionError(value_unit, limit_unit) from error
    if not 0 < factor < math.inf:  # such as from ``1e400 m``
        raise UnitConversionError(value_unit, limit_unit)
    return factor


@cache
def factor_or_none(unit: str | None, target: str | None) -> float | None:
    """Return the factor from one unit to another; None where they do not convert.

    Two values whose unit nobody stated are taken as they are.
    """
    if unit == target or target is None:
        return 1.0 if unit == target else None
    try:
        return conversion_factor(unit, target)
    except UnitConversionError:
        return None


def converts(first: str | None, second: str | None) -> bool:
    """Tell whether values in two units can be shown on one axis."""
    return factor_or_none(first, second) is not None
