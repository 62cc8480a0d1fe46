"""Kind and level of a specification, from its name, its tags and the name of its metric."""

from __future__ import annotations

import re
from typing import NamedTuple

from reportgen.model.status import LEVELS, Kind

_TARGET = re.compile(r"FY\d\d|ORR")


class Classification(NamedTuple):
    """What a specification is."""

    kind: Kind
    level: str | None


def classify(name: str, tags: tuple[str, ...]) -> Classification:
    """Return kind and level of the specification ``package.metric.spec``.

    Release targets (LDM-240) have ``FYnn`` or ``ORR`` in their name, or the tag ``release``; a
    target that names no year is its own level. An SRD level (LPM-17) stands in the name of the
    specification (``design_gri``), among its tags, or in the name of its metric, where the
    quantity itself depends on the level (``PF1_design_gri.srd``).
    """
    _, metric, spec = name.split(".")
    targets = [part for part in spec.split("_") if _TARGET.fullmatch(part)]
    if targets or "release" in tags:
        return Classification(Kind.RELEASE_TARGET, targets[0] if targets else spec)
    for words in (spec.split("_"), tags, metric.split("_")):
        levels = [level for level in LEVELS if level in words]
        if len(levels) == 1:
            return Classification(Kind.REQUIREMENT, levels[0])
    return Classification(Kind.REQUIREMENT, None)
