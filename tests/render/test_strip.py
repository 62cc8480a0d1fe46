"""Strips of states: each state has a shape of its own."""

from __future__ import annotations

from reportgen.model.status import Status
from reportgen.render.strip import strip


def test_strip() -> None:
    """A failing run is tall, a passing one low, a missing one a dash, an absent one nothing."""
    states = [Status.PASS, None, Status.NOT_MEASURED, Status.FAIL]
    assert strip(states) == (
        '<svg class="rg-strip" width="19" height="14" viewBox="0 0 19 14"'
        ' preserveAspectRatio="none" aria-hidden="true">'
        '<path class="rg-f" d="M15 0h4v14h-4z"/><path class="rg-m" d="M10 6h4v2h-4z"/>'
        '<path class="rg-p" d="M0 10h4v4h-4z"/></svg>'
    )


def test_one_state() -> None:
    """One path per state that occurs."""
    assert strip([Status.PASS] * 12).count("<path") == 1
