"""Corrected limits and bands, put into the specifications with what they replace."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from reportgen.definitions.overrides import Overrides
from reportgen.definitions.patterns import names
from reportgen.definitions.rules import Limit
from reportgen.model.definitions import Specification


def apply_limits(
    specifications: Mapping[str, Specification], overrides: Overrides
) -> dict[str, Specification]:
    """Return the specifications with corrected limits, and with the bands they apply to.

    ``correction`` says what changed and why, such as ``5e-05 → 1e-07: wrong upstream``. An
    entry that would change nothing leaves none.
    """
    return {name: _applied(spec, overrides) for name, spec in specifications.items()}


def unused_limits(known: Collection[str], overrides: Overrides) -> list[tuple[int, Limit]]:
    """Return the entries, counted from 1, that fit no specification: most likely misspelt."""
    return [
        (number, limit)
        for number, limit in enumerate(overrides.limit, start=1)
        if not any(names(name, limit.specification) for name in known)
    ]


def _applied(specification: Specification, overrides: Overrides) -> Specification:
    result = specification
    for limit in overrides.limit:
        if names(specification.name, limit.specification):
            result = _corrected(specification, limit)
    for entry in overrides.bands:
        if names(specification.name, entry.specification):
            result = replace(result, bands=entry.bands)
    return result


def _corrected(old: Specification, limit: Limit) -> Specification:
    new = replace(
        old,
        threshold=old.threshold if limit.threshold is None else limit.threshold,
        operator=limit.operator or old.operator,
        unit=old.unit if limit.unit is None else limit.unit,
    )
    pairs = (
        (f"{old.threshold:g}", f"{new.threshold:g}"),
        (old.operator, new.operator),
        (old.unit or "dimensionless", new.unit or "dimensionless"),
    )
    changes = ", ".join(f"{before} → {after}" for before, after in pairs if before != after)
    if not changes:
        return old
    source = f" ({limit.reference})" if limit.reference else ""
    return replace(new, correction=f"{changes}: {limit.reason}{source}")
