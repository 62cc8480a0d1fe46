"""Pages of comparisons: the list with the form for any two runs, and one page per comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportgen.model.comparison import Comparison, Side, Unmeasured, Verdict
from reportgen.model.figures import FigureFile, FigureRequest
from reportgen.model.issues import Known, nothing_known
from reportgen.model.numbers import plural
from reportgen.model.pages import Crumb, Heading, Page
from reportgen.model.runs import slug
from reportgen.model.status import Status
from reportgen.pages import words
from reportgen.pages.comparison import words as compare_words
from reportgen.pages.comparison.api import (
    baseline_documents,
    compare_api,
    compare_csv,
    documents,
    index_entries,
)
from reportgen.pages.comparison.figures import overview_figure, spread_figures
from reportgen.pages.comparison.groups import Group, make_groups
from reportgen.pages.issue_marks import Marks, comparison_marks
from reportgen.pages.paths import run_path

__all__ = ["baseline_documents", "documents", "index_entries", "pages"]

Draw = Callable[[FigureRequest], FigureFile]


@dataclass(frozen=True, slots=True, kw_only=True)
class SideView:
    """One of the two runs at the top of the page."""

    letter: str
    label: str
    dataset: str
    path: str | None
    """None: this edition does not hold the page of the run."""
    day: str
    collection: str
    fails: str
    """How many rows fail their requirement, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadView:
    """The members of one row as pictures."""

    anchor: str
    title: str
    scatter: FigureFile
    histogram: FigureFile


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareView:
    """What the page of one comparison shows."""

    title: str
    sentence: str
    demonstration: bool
    sides: Sequence[SideView]
    groups: Sequence[Group]
    issues: Marks
    """Known issues by the anchor of the row."""
    counts: Sequence[tuple[Verdict, int]]
    figure: FigureFile | None
    spreads: Sequence[SpreadView]
    unmeasured: Sequence[Unmeasured]
    json: str
    csv: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonRowView:
    """One comparison in the list."""

    anchor: str
    path: str
    a: str
    b: str
    day: str
    sentence: str
    newly_failing: int
    fixed: int
    regressed: int
    improved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetComparisons:
    """The comparisons of one dataset, newest first."""

    anchor: str
    dataset: str
    demonstration: bool
    rows: Sequence[ComparisonRowView]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonsView:
    """What the list of comparisons shows."""

    datasets: Sequence[DatasetComparisons]
    runs: int
    """That can be compared with one another in the browser."""


def pages(
    comparisons: Sequence[Comparison],
    figure: Draw,
    in_full: Mapping[str, bool],
    known: Known = nothing_known,
) -> Iterator[Page]:
    """Yield the list of comparisons and one page for each.

    ``figure`` gives each figure its file; ``in_full`` tells which runs have a page to link to.
    """
    yield index_page(comparisons, in_full)
    for comparison in comparisons:
        yield page(comparison, figure, in_full, known)


def index_page(comparisons: Sequence[Comparison], in_full: Mapping[str, bool]) -> Page:
    """Return the list of comparisons, with the form that compares any two runs."""
    names = dict.fromkeys(comparison.b.run.dataset for comparison in comparisons)
    datasets = [
        _dataset(name, [one for one in comparisons if one.b.run.dataset == name]) for name in names
    ]
    made = plural(len(comparisons), "comparison")
    return Page(
        path="compare/",
        title="Comparisons",
        description=f"{made} of runs, and any other two in the browser.",
        template="compare_index",
        view=ComparisonsView(datasets=datasets, runs=sum(in_full.values())),
        toc=[
            Heading(id="any", title="Any two runs"),
            *(Heading(id=one.anchor, title=one.dataset) for one in datasets),
        ],
    )


def page(
    comparison: Comparison,
    figure: Draw,
    in_full: Mapping[str, bool],
    known: Known = nothing_known,
) -> Page:
    """Return the page of one comparison."""
    groups = make_groups(comparison)
    overview = overview_figure(comparison)
    spreads = [
        SpreadView(
            anchor=f"members-{row.anchor}",
            title=words.name_bands([row]),
            scatter=figure(scatter),
            histogram=figure(histogram),
        )
        for row, scatter, histogram in spread_figures(comparison, groups)
    ]
    title = _title(comparison)
    view = CompareView(
        title=title,
        sentence=compare_words.sentence(comparison),
        demonstration=comparison.demonstration,
        sides=[
            _side("A", comparison.a, [row.status_a for row in comparison.rows], in_full),
            _side("B", comparison.b, [row.status_b for row in comparison.rows], in_full),
        ],
        groups=groups,
        issues=comparison_marks(comparison, known),
        counts=list(comparison.counts.items()),
        figure=figure(overview) if overview else None,
        spreads=spreads,
        unmeasured=comparison.unmeasured,
        json=compare_api(comparison),
        csv=compare_csv(comparison),
    )
    return Page(
        path=comparison.path,
        title=title,
        description=view.sentence,
        template="compare",
        view=view,
        crumbs=(
            Crumb(title="Comparisons", path="compare/"),
            Crumb(
                title=comparison.b.run.dataset, path=f"compare/#{slug(comparison.b.run.dataset)}"
            ),
        ),
        toc=list(_headings(view)),
        searchable=(comparison.a.run.release, comparison.b.run.release, comparison.b.run.dataset),
    )


def _title(comparison: Comparison) -> str:
    a, b = comparison.a, comparison.b
    if a.run.dataset == b.run.dataset:
        return f"{b.run.dataset}: {b.label} against {a.label}"
    return f"{b.run.dataset} {b.label} against {a.run.dataset} {a.label}"


def _side(
    letter: str, side: Side, states: Sequence[Status | None], in_full: Mapping[str, bool]
) -> SideView:
    run, fails = side.run, states.count(Status.FAIL)
    return SideView(
        letter=letter,
        label=side.label,
        dataset=run.dataset,
        path=run_path(run) if in_full.get(run.id) else None,
        day=run.day or "date not stated",
        collection=run.key.collection or "",
        fails=f"{plural(fails, 'row')} {'fails' if fails == 1 else 'fail'} at level design",
    )


def _headings(view: CompareView) -> Iterable[Heading]:
    for group in view.groups:
        yield Heading(id=group.anchor, title=f"{group.title} ({group.count})")
    if view.figure:
        yield Heading(id="all", title="All changes")
    if view.spreads:
        yield Heading(id="members", title="Members")
    if view.unmeasured:
        yield Heading(id="unmeasured", title="Measured in neither")
    yield Heading(id="method", title="How this is judged")


def _dataset(name: str, comparisons: Sequence[Comparison]) -> DatasetComparisons:
    return DatasetComparisons(
        anchor=slug(name),
        dataset=name,
        demonstration=any(one.demonstration for one in comparisons),
        rows=[_row(one) for one in reversed(comparisons)],
    )


def _row(comparison: Comparison) -> ComparisonRowView:
    counts = comparison.counts
    return ComparisonRowView(
        anchor=comparison.id.replace("/", "-"),
        path=comparison.path,
        a=comparison.a.label,
        b=comparison.b.label,
        day=comparison.b.run.day or "",
        sentence=compare_words.sentence(comparison),
        newly_failing=len(comparison.newly_failing),
        fixed=len(comparison.fixed),
        regressed=counts[Verdict.REGRESSED],
        improved=counts[Verdict.IMPROVED],
    )
