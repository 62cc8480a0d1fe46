"""Badges: a state as icon, word and colour, never by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import escape

from markupsafe import Markup

from reportgen.model.issues import Issue

_STYLES = {
    "pass": "pass",
    "fixed": "pass",
    "improved": "better",
    "fail": "fail",
    "newly_failing": "fail",
    "error": "fail",
    "regressed": "worse",
    "watch": "watch",
    "warning": "watch",
    "stale": "watch",
    "drift": "watch",
    "drifting": "watch",
    "step": "watch",
    "not_measured": "missing",
    "removed": "missing",
    "no_specification": "plain",
    "added": "plain",
    "unchanged": "same",
    "negligible": "same",
    "not_comparable": "unsure",
    "stable": "same",
    "inconclusive": "unsure",
    "cannot_tell": "unsure",
    "known": "known",
    "active": "known",
    "expired": "watch",
    "settled": "watch",
    "fits_nothing": "watch",
}
"""Class of each state; the stylesheet gives the class its icon and colour."""

_REASONS = {
    "nan": ("NaN", "the pipeline computed NaN or an infinity"),
    "null": ("null", "the stored file says null, or its cell is empty"),
    "absent": ("absent", "the reference run has it, this run does not"),
    "unreadable": ("unreadable", "what is stored there is not a number"),
    "zero_for_null": ("zero for null", "stored as an exact zero where a null was meant"),
}


@lru_cache(maxsize=1024)
def style_of(value: str | None) -> str:
    """Return the class that gives a status its icon and colour."""
    return f"rg-{_STYLES.get(str(value or 'no_specification'), 'plain')}"


def reason(value: str | None) -> str:
    """Return in words why a value is missing; an unknown reason as it stands."""
    if not value:
        return "reason not stated"
    return _REASONS[value][1] if value in _REASONS else str(value)


def short_reason(why: str) -> str:
    """Return a reason in one or two words; an unknown one as it stands."""
    return _REASONS[why][0] if why in _REASONS else str(why)


@lru_cache(maxsize=1024)
def status(value: str | None, why: str | None = None) -> Markup:
    """Return the badge of a status, and for one that is not measured the reason beside it.

    None means that no specification applies.
    """
    word = str(value or "no_specification")
    style = _STYLES.get(word, "plain")
    text = escape(word.replace("_", " "))
    if not why:
        return Markup(f'<span class="rg-badge rg-{style}">{text}</span>')  # noqa: S704 - escaped
    return Markup(  # noqa: S704 - escaped
        f'<span class="rg-badge rg-{style}" title="{escape(reason(why))}">'
        f"{text}<small>{escape(short_reason(why))}</small></span>"
    )


def known(issues: Sequence[Issue] | None) -> Markup:
    """Return the marks of known issues: owner, ticket and expiry beside the word.

    The reason is read on hover; the table of known issues on the first page has it as text.
    """
    marks = [
        f'<span class="rg-badge rg-known" title="{escape(one.reason)}">known issue'
        f"<small>{escape(one.label)}</small></span>"
        for one in issues or ()
    ]
    return Markup("".join(f"<br>{mark}" for mark in marks))  # noqa: S704 - escaped
