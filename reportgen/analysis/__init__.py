"""What the numbers say: statistics that know no jobs, and the verdicts built on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reportgen.analysis.steps.find import find_steps

__all__ = ["find_steps"]


def __getattr__(name: str) -> Any:
    # Public: people find steps in numbers of their own. The numerics are imported at first use,
    # so that listing runs needs none of them.
    if name == "find_steps":
        from reportgen.analysis.steps.find import find_steps  # noqa: PLC0415

        return find_steps
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
