"""Requirements: each SRD quantity, its limits, and how the latest run of each dataset does."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportgen.model.definitions import Specification
from reportgen.model.numbers import format_quantity
from reportgen.model.pages import Heading, Page
from reportgen.model.report import Line, RunReport
from reportgen.model.runs import Run, slug
from reportgen.model.status import LEVELS, Kind, Status
from reportgen.pages import words
from reportgen.pages.metric_limits import describe_reference, first_url
from reportgen.pages.paths import metric_path, run_path

_LEVEL = re.compile(r"_(design|minimum|stretch)(_[a-z]+)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class BandState:
    """One band of a metric in the latest run of a dataset."""

    band: str
    status: Status | None
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementRow:
    """One metric of a quantity."""

    anchor: str
    metric: str
    path: str
    measured: bool
    limits: Sequence[str]
    """One text per level: design, minimum, stretch."""
    reference: str
    url: str | None
    corrections: Sequence[str]
    states: Sequence[Sequence[BandState]]
    """One list per dataset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One quantity of the requirements, such as PA1, with the metrics that measure it."""

    anchor: str
    name: str
    description: str
    rows: Sequence[RequirementRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementsView:
    """What the page of requirements shows."""

    runs: Sequence[Run]
    run_paths: Sequence[str]
    quantities: Sequence[Quantity]


def page(
    specifications: Sequence[Specification],
    descriptions: Mapping[str, str],
    latest: Sequence[RunReport],
    measured: set[str],
) -> Page:
    """Return the page of all requirements.

    Parameters
    ----------
    specifications
        All that count, corrected.
    descriptions
        What each metric is, by its name.
    latest
        The latest run of each dataset, in full.
    measured
        Metrics that have a page.
    """
    lines = [_lines(report) for report in latest]
    by_metric: defaultdict[str, list[Specification]] = defaultdict(list)
    for spec in specifications:
        if spec.kind is Kind.REQUIREMENT:
            by_metric[spec.metric].append(spec)
    quantities: defaultdict[str, list[str]] = defaultdict(list)
    for metric in sorted(by_metric):
        quantities[_LEVEL.sub("", words.short(metric))].append(metric)
    view = RequirementsView(
        runs=[report.run for report in latest],
        run_paths=[run_path(report.run) for report in latest],
        quantities=[
            Quantity(
                anchor=slug(name),
                name=name,
                description=next((descriptions.get(m, "") for m in metrics), ""),
                rows=[_row(m, by_metric[m], lines, measured) for m in metrics],
            )
            for name, metrics in sorted(quantities.items())
        ],
    )
    return Page(
        path="requirements/",
        title="Requirements",
        description="Every requirement, its limits, and how the latest run of each dataset does.",
        template="requirements",
        view=view,
        toc=[Heading(id=one.anchor, title=one.name) for one in view.quantities],
        searchable=[doc for spec in specifications[:1] for doc in spec.reference.docs],
    )


def _lines(report: RunReport) -> Mapping[str, list[Line]]:
    found: defaultdict[str, list[Line]] = defaultdict(list)
    for line in report.lines:
        found[line.metric].append(line)
    return found


def _row(
    metric: str,
    specs: Sequence[Specification],
    lines: Sequence[Mapping[str, list[Line]]],
    measured: set[str],
) -> RequirementRow:
    reference = next((s.reference for s in specs if s.reference.docs), specs[0].reference)
    return RequirementRow(
        anchor=metric,
        metric=metric,
        path=metric_path(metric),
        measured=metric in measured,
        limits=[_limits(specs, level) for level in LEVELS],
        reference=describe_reference(reference),
        url=first_url(reference),
        corrections=list(dict.fromkeys(s.correction for s in specs if s.correction)),
        states=[[_state(line) for line in found.get(metric, ())] for found in lines],
    )


def _limits(specs: Sequence[Specification], level: str) -> str:
    wanted = ("design", None) if level == "design" else (level,)
    texts = {
        f"{words.OPERATORS[s.operator]} {format_quantity(s.threshold, s.unit)}"
        + (f" ({''.join(s.bands)})" if s.bands else "")
        for s in specs
        if s.level in wanted and not s.metadata_query
    }
    return ", ".join(sorted(texts))


def _state(line: Line) -> BandState:
    return BandState(band=line.band or "", status=line.status, anchor=line.anchor)
