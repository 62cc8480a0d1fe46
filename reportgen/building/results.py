"""What a pull and a build tell whoever asked for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportgen.building.intake import SourceSummary
from reportgen.model.bundle import Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class PullResult:
    """What a pull found."""

    sources: Sequence[SourceSummary]
    runs: Sequence[str]
    """Runs that grew."""
    unreadable: Sequence[Unreadable]

    @property
    def failed(self) -> Sequence[str]:
        """Sources that could not be read to their end, and why."""
        return [f"{one.source}: {one.error}" for one in self.sources if one.error]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """What a build made."""

    site: Path
    pulled: PullResult | None
    pages: int = 0
    figures: int = 0
    drawn: int = 0
    warnings: Sequence[str] = ()
    unreadable: Sequence[Unreadable] = ()
    """What could not be read, in this pull or an earlier one, and still lies there."""
    unchanged: bool = False
    """Nothing had changed since the last build, so the site stayed as it was."""

    @property
    def wrong(self) -> list[str]:
        """Everything that a strict build does not accept."""
        return [*map(str, self.unreadable), *self.warnings]
