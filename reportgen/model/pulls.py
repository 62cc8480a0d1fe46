"""How old the data of a source are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PullStatus:
    """How the last pull of one source ended; days are ISO 8601, None where there was none."""

    tried: str | None = None
    """Day of the last pull."""
    ended: str | None = None
    """Day of the last pull that read the source to its end."""
    error: str | None = None
    """What kept the last pull from reading it to its end."""
