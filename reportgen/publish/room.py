"""Whether the published site has room where it goes."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.errors import PublishError
from reportgen.publish.manifest import Weight

_MB = 1_000_000
_PRUNE = "reportgen prune --keep 24 --keep-releases"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a host takes, in bytes. Defaults: GitHub Pages' limits, and git's on GitHub."""

    site: int = 1_000 * _MB
    file: int = 100 * _MB
    warn: float = 0.8
    """Share of the room from which on there are warnings."""


PAGES = Limits()


def room_warnings(weight: Weight, limits: Limits) -> list[str]:
    """Return what is close to a limit, and what to do."""
    if weight.size < limits.warn * limits.site:
        return []
    room = f"{_mb(weight.size)} of {_mb(limits.site)}"
    return [f"The published site has {room}. Drop old editions with `{_PRUNE}`."]


def refuse_too_large(weight: Weight, limits: Limits) -> None:
    """Refuse what the host would refuse later, after the upload.

    Raises
    ------
    PublishError
        Says what is too large and what to do.
    """
    if weight.largest_size > limits.file:
        raise PublishError(
            f"{weight.largest} has {_mb(weight.largest_size)}, and no file may have more than"
            f" {_mb(limits.file)}. Leave it out of the site, or split it."
        )
    if weight.size > limits.site:
        raise PublishError(
            f"The published site would have {_mb(weight.size)}, and {_mb(limits.site)} are allowed."
            f" Drop old editions first with `{_PRUNE}`; if one edition alone is"
            " too large, lower `recent_runs` in reportgen.toml. Nothing was changed."
        )


def _mb(size: int) -> str:
    return f"{size / _MB:,.1f} MB"
