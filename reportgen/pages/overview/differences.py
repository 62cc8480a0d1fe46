"""What is different in the latest run of a dataset: newly failing, fixed, drifting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportgen.model.comparison import Comparison, ComparisonRow
from reportgen.model.report import MetricReport, RunReport
from reportgen.model.runs import slug
from reportgen.pages import words
from reportgen.pages.comparison import words as compare_words
from reportgen.pages.paths import metric_path, run_path

MOST_NAMED = 12
"""Rows that are named; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One row by its name, with what there is to say."""

    name: str
    path: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Rows that newly fail, are fixed or drift."""

    word: str
    anchor: str
    state: str
    rows: Sequence[Named]
    """The first of them, each with a link."""
    more: int
    """How many others the page at ``path`` lists."""
    path: str
    """To all of them; empty: there is no page that lists them."""
    unlinked: Sequence[str] = ()
    """The names of the others where there is no such page."""

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.rows) + self.more + len(self.unlinked)

    @property
    def leads_away(self) -> bool:
        """Whether the number leads to the page that lists them all, as the first page does not."""
        return self.more > 0


def find_differences(
    latest: RunReport, comparison: Comparison | None, metrics: Sequence[MetricReport]
) -> list[Difference]:
    """Return what newly fails, what is fixed and what drifts, each also where it is nothing."""
    dataset = latest.run.dataset
    rows = comparison.rows if comparison else ()
    path = comparison.path if comparison else ""
    newly = [_named(row, latest) for row in rows if row.newly_failing]
    fixed = [_named(row, latest) for row in rows if row.fixed]
    return [
        _difference(dataset, "Newly failing", newly, f"{path}#newly-failing"),
        _difference(dataset, "Fixed", fixed, f"{path}#fixed"),
        _difference(dataset, "Drifting", list(_drifting(dataset, metrics)), ""),
    ]


def _difference(dataset: str, word: str, rows: Sequence[Named], path: str) -> Difference:
    return Difference(
        word=word,
        state=word.lower().replace(" ", "_"),
        anchor=f"{slug(dataset)}-{slug(word)}",
        rows=rows[:MOST_NAMED],
        more=max(len(rows) - MOST_NAMED, 0) if path else 0,
        path=path,
        unlinked=[] if path else [row.name for row in rows[MOST_NAMED:]],
    )


def _named(row: ComparisonRow, latest: RunReport) -> Named:
    return Named(
        name=words.name_row(row.metric, row.band),
        path=f"{run_path(latest.run)}#{row.anchor}",
        detail=compare_words.change(row),
    )


def _drifting(dataset: str, metrics: Sequence[MetricReport]) -> Iterator[Named]:
    """Name the series that drift in their newest epoch, each metric and band once."""
    seen = set()
    for report in metrics:
        for history in report.histories:
            for series in history.series if history.dataset == dataset else ():
                key = (report.metric.name, series.band)
                if series.trend and series.trend.verdict == "drift" and key not in seen:
                    seen.add(key)
                    yield Named(
                        name=words.name_row(report.metric.name, series.band),
                        path=f"{metric_path(report.metric.name)}#{slug(dataset)}",
                    )
