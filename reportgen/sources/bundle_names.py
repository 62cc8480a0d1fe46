"""Names of metrics in bundles of analysis_tools: unqualified, with the band in front."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

PACKAGE = "analysis_tools"


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleName:
    """The name of one measurement of a bundle, taken apart."""

    action: str | None
    name: str
    """Without the band."""
    band: str | None


def shared_names(names: Sequence[BundleName]) -> frozenset[str]:
    """Return the names that several actions use for the same band, such as ``ct``."""
    counts = Counter((one.name, one.band) for one in names)
    return frozenset(name for (name, _), count in counts.items() if count > 1)


def metric_name(name: BundleName, shared: frozenset[str], *, qualify: bool = False) -> str:
    """Return what the metric is called: with its action in front where it would not be unique."""
    if name.action and (qualify or name.name in shared):
        return f"{name.action}_{name.name}"
    return name.name
