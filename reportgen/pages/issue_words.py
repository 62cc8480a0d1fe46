"""Entries of the known issues in words."""

from __future__ import annotations

from collections.abc import Iterable

from reportgen.model.issues import IssueState


def entry(state: IssueState) -> str:
    """Say what is wrong with an entry of the known issues."""
    return f"issue {state.issue.number} ({state.about}; {state.issue.label}): {state.text}"


def warnings(states: Iterable[IssueState]) -> list[str]:
    """Return what a build says of entries that somebody has to change or remove."""
    return [f"known {entry(state)}" for state in states if state.is_warning]
