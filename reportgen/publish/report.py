"""What became of publishing."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.publish.manifest import Weight
from reportgen.publish.plan import Plan
from reportgen.publish.room import Limits, room_warnings


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport:
    """What a call has changed on the published site, and how large that is."""

    place: str
    """The branch, or the folder."""
    changed: bool
    """False where the same content was published already."""
    pushed: bool = False
    commit: str | None = None
    attempts: int = 1
    """Times that it was tried, since others published at the same moment."""
    weight: Weight = Weight()
    """Of the whole site."""
    permalinks: int = 0
    tombstones: int = 0
    """Permalinks to pages that no edition holds any more."""
    dropped: tuple[str, ...] = ()
    """Editions."""
    collected: Weight = Weight()
    """Figures and assets that nothing used any more."""
    kept: tuple[str, ...] = ()
    """Files that reportgen would write, had not somebody else written them."""
    warnings: tuple[str, ...] = ()


def report_plan(plan: Plan, limits: Limits, *, place: str, changed: bool) -> PublishReport:
    """Return what a plan that was carried out, or was found done, says of the published site."""
    return PublishReport(
        place=place,
        changed=changed,
        weight=plan.weight,
        permalinks=plan.permalinks,
        tombstones=plan.tombstones,
        dropped=plan.dropped,
        collected=plan.collected,
        kept=plan.kept,
        warnings=(*plan.warnings, *room_warnings(plan.weight, limits)),
    )
