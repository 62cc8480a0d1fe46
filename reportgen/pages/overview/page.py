"""The first page: whether the latest run of each dataset is good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reportgen.model.comparison import Comparison
from reportgen.model.issues import IssueState
from reportgen.model.numbers import plural
from reportgen.model.pages import Heading, Page
from reportgen.model.report import MetricReport, RunReport, RunSummary
from reportgen.model.status import Status
from reportgen.pages import words
from reportgen.pages.calibrations.overview import InstrumentView
from reportgen.pages.events import EventRow
from reportgen.pages.issue_marks import NO_MARKS, Marks
from reportgen.pages.overview.card import DatasetCard, make_card
from reportgen.pages.overview.source_ages import SourceAge

MATRIX_ROWS = 60
"""Rows that the matrices of all datasets have together, so that the page stays small."""
LEAST_ROWS = 6
MOST_ROWS = 24
"""Rows of one matrix."""
NOTHING = (
    "No results are stored yet: say in reportgen.toml where they are, then run reportgen build."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewView:
    """What the first page shows."""

    site: str
    sentence: str
    cards: Sequence[DatasetCard]
    calibrations: Sequence[InstrumentView]
    events: Sequence[EventRow]
    issues: Sequence[IssueState]
    marks: Marks
    """Known issues by the address of the row on the page of its run."""
    unreadable: Sequence[Mapping[str, str]]
    problems: Sequence[str]
    old_sources: Sequence[SourceAge] = ()
    """Sources that could not be pulled, or were not for long."""


def page(
    site: str,
    reports: Sequence[RunReport],
    summaries: Sequence[RunSummary],
    *,
    unreadable: Sequence[Mapping[str, str]],
    problems: Sequence[str],
    today: date,
    metrics: Sequence[MetricReport] = (),
    comparisons: Sequence[Comparison] = (),
    calibrations: Sequence[InstrumentView] = (),
    recent: Sequence[EventRow] = (),
    stale_after_days: int | None = None,
    issues: Sequence[IssueState] = (),
    marks: Marks = NO_MARKS,
    ages: Sequence[SourceAge] = (),
) -> Page:
    """Return the first page, from the runs that are shown in full."""
    datasets = dict.fromkeys(report.run.dataset for report in reports if report.lines)
    cards = [
        make_card(
            [report for report in reports if report.run.dataset == dataset],
            [summary for summary in summaries if summary.run.dataset == dataset],
            metrics,
            comparisons,
            today=today,
            stale_after_days=stale_after_days,
            most_rows=min(max(MATRIX_ROWS // len(datasets), LEAST_ROWS), MOST_ROWS),
        )
        for dataset in datasets
    ]
    cards.sort(key=lambda card: card.run.day or "", reverse=True)
    sentence = _sentence(cards, calibrations)
    return Page(
        path="",
        title=site,
        description=sentence,
        template="overview",
        view=OverviewView(
            site=site,
            sentence=sentence,
            cards=cards,
            calibrations=calibrations,
            events=recent,
            issues=issues,
            marks=marks,
            unreadable=unreadable,
            problems=problems,
            old_sources=[age for age in ages if age.state],
        ),
        toc=[
            *([Heading(id="calibrations", title="Calibrations")] if calibrations else []),
            *(Heading(id=card.anchor, title=card.dataset) for card in cards),
            *([Heading(id="events", title="What changed")] if recent else []),
            *([Heading(id="known-issues", title="Known issues")] if issues else []),
        ],
    )


def _sentence(cards: Sequence[DatasetCard], calibrations: Sequence[InstrumentView]) -> str:
    """Say in short whether anything is wrong, and what is new."""
    if not cards:
        return "" if calibrations else NOTHING
    failing = [card.dataset for card in cards if card.levels[0].status is Status.FAIL]
    judged = [card for card in cards if card.judged]
    if failing:
        few = f"{len(failing)} of {plural(len(judged), 'dataset')}"
        start = f"The latest run fails requirements at design level in {few}"
        start += f": {words.join(failing)}." if len(failing) < len(judged) else "."
    elif judged:
        start = f"The latest run of {words.join([c.dataset for c in judged])} meets its design."
    else:
        start = f"The latest runs of {plural(len(cards), 'dataset')}; no requirement applies."
    return f"{start} {_news(cards)}".strip()


def _news(cards: Sequence[DatasetCard]) -> str:
    new = [
        f"{words.join([row.name for row in found.rows[:4]])}"
        + (f" and {found.count - 4} more" if found.count > 4 else "")
        + (f" in {card.dataset}" if len(cards) > 1 else "")
        for card in cards
        for found in card.differences
        if found.state == "newly_failing" and found.count
    ]
    if new:
        return f"Newly failing: {'; '.join(new)}."
    return "Nothing newly fails." if any(card.comparison for card in cards) else ""
