"""Patterns of names in overrides and triage: ``*``, ``?`` and ``[34]``, as in a shell."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase


def fits(name: str, patterns: Sequence[str]) -> bool:
    """Tell whether a name fits one of the patterns."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def names(fqn: str, patterns: Sequence[str]) -> bool:
    """Tell whether a metric or specification fits one of the patterns, package left out or not.

    ``TE2.*`` and ``validate_drp.TE2.*`` both name ``validate_drp.TE2.design``.
    """
    return fits(fqn, patterns) or fits(fqn.partition(".")[2], patterns)
