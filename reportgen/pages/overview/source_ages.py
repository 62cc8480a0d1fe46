"""How old the data of each source are: a state, and a sentence for who reads the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reportgen.model.numbers import plural
from reportgen.model.pulls import PullStatus

STALE_DAYS = 7
"""A source that was not pulled for longer says so, where nothing else is configured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAge:
    """Whether the data of one source can be trusted to be up to date."""

    source: str
    state: str
    """``error``, ``stale``, or empty: as it should be, or not known."""
    text: str


def ages(
    sources: Sequence[str],
    statuses: Mapping[str, PullStatus],
    newest: Mapping[str, str],
    *,
    today: date,
    stale_after_days: int | None,
) -> list[SourceAge]:
    """Return the age of each source.

    Parameters
    ----------
    newest
        Source → day of its newest result; empty: none of its results has a date.
    """
    limit = stale_after_days or STALE_DAYS
    return [
        _age(name, statuses.get(name, PullStatus()), newest.get(name), today, limit)
        for name in sources
    ]


def _age(name: str, status: PullStatus, newest: str | None, today: date, limit: int) -> SourceAge:
    data = f"newest result {newest}" if newest else "results without a date"
    if newest is None:
        data = "no result so far"
    if status.error:
        whole = f"last read to its end {status.ended}" if status.ended else "never read to its end"
        text = (
            f"The pull of {status.tried} failed: {status.error.rstrip('.')}. Data: {whole}, {data}."
        )
        return SourceAge(source=name, state="error", text=text)
    if status.ended is None:
        return SourceAge(source=name, state="", text=f"{data}; when it was pulled is not known")
    days = (today - date.fromisoformat(status.ended)).days
    text = f"pulled {status.ended}, {data}"
    if days > limit:
        return SourceAge(
            source=name, state="stale", text=f"Not pulled for {plural(days, 'day')}: {text}."
        )
    return SourceAge(source=name, state="", text=text)
