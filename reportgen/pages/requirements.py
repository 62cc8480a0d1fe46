"""Requirements: each SRD quantity, its limits, and how the latest run of each dataset does."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reportgen.model.definitions import Reference, Specification
from reportgen.model.dimensions import band_order
from reportgen.model.numbers import plural
from reportgen.model.pages import Heading, Page
from reportgen.model.report import Line, RunReport
from reportgen.model.runs import slug
from reportgen.model.status import LEVELS, WORST_FIRST, Kind, Status
from reportgen.pages import words
from reportgen.pages.paths import metric_path, run_path
from reportgen.pages.references import Source, documents_of, link_reference

_LEVEL = re.compile(r"_(design|minimum|stretch)(_[a-z]+)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class BandLink:
    """One band of a metric in a run."""

    band: str
    anchor: str
    """Of its row on the page of the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateGroup:
    """The bands that share a status."""

    status: Status | None
    bands: Sequence[BandLink]
    closest: str
    """The band furthest outside its limit, or else nearest to it; empty where none has a margin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementRow:
    """One metric of a quantity."""

    anchor: str
    metric: str
    path: str
    measured: bool
    limits: Sequence[Sequence[str]]
    """Texts for each level: design, minimum, stretch."""
    references: Sequence[Source]
    corrections: Sequence[str]
    states: Sequence[Sequence[StateGroup]]
    """For each run, the worst first."""

    @property
    def in_a_run(self) -> bool:
        """Whether the latest run of any dataset has the metric."""
        return any(self.states)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One quantity of the requirements, such as PA1, with the metrics that measure it."""

    anchor: str
    name: str
    description: str
    several: bool
    """Whether several metrics measure it: each is then shown under its own name."""
    rows: Sequence[RequirementRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunColumn:
    """The latest run of one dataset."""

    dataset: str
    release: str
    path: str
    sentence: str
    """How many quantities fail at level design, and which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementsView:
    """What the page of requirements shows."""

    runs: Sequence[RunColumn]
    quantities: Sequence[Quantity]
    absent: Sequence[Quantity]
    """What the latest runs lack; a quantity that they have in part stands in both."""


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
    judged = [report for report in latest if any(line.status for line in report.lines)]
    lines = [_lines(report) for report in judged]
    by_metric: defaultdict[str, list[Specification]] = defaultdict(list)
    for spec in specifications:
        if spec.kind is Kind.REQUIREMENT:
            by_metric[spec.metric].append(spec)
    quantities: defaultdict[str, list[str]] = defaultdict(list)
    for metric in sorted(by_metric):
        quantities[_LEVEL.sub("", words.short(metric))].append(metric)
    found = [
        Quantity(
            anchor=slug(name),
            name=name,
            description=next((descriptions.get(m, "") for m in metrics), ""),
            several=len(metrics) > 1,
            rows=[_row(m, by_metric[m], lines, measured) for m in metrics],
        )
        for name, metrics in sorted(quantities.items())
    ]
    view = RequirementsView(
        runs=[_column(at, report, found) for at, report in enumerate(judged)],
        quantities=_part(found, in_a_run=True) if judged else found,
        absent=_part(found, in_a_run=False) if judged else [],
    )
    return Page(
        path="requirements/",
        title="Requirements",
        description="Every requirement, its limits, and how the latest run of each dataset does.",
        template="requirements",
        view=view,
        toc=[Heading(id=one.anchor, title=one.name) for one in found],
        searchable=documents_of(Reference(), specifications),
    )


def _part(quantities: Sequence[Quantity], *, in_a_run: bool) -> list[Quantity]:
    """Return the quantities with those metrics that some latest run has, or that none has."""
    found = [
        replace(one, rows=[row for row in one.rows if row.in_a_run is in_a_run])
        for one in quantities
    ]
    return [one for one in found if one.rows]


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
        references=link_reference(reference),
        corrections=list(dict.fromkeys(s.correction for s in specs if s.correction)),
        states=[_states(found.get(metric, ())) for found in lines],
    )


def _column(at: int, report: RunReport, quantities: Sequence[Quantity]) -> RunColumn:
    states = {
        one.name: {group.status for row in one.rows for group in row.states[at]}
        for one in quantities
    }
    judged = [name for name, found in states.items() if found & {Status.FAIL, Status.PASS}]
    failing = [name for name in judged if Status.FAIL in states[name]]
    few = plural(len(judged), "quantity", "quantities")
    verb = words.verb(len(failing), "fail")
    named = f": {words.join(failing)}" if failing else ""
    return RunColumn(
        dataset=report.run.dataset,
        release=report.run.release,
        path=run_path(report.run),
        sentence=f"{len(failing)} of {few} {verb} at level design{named}",
    )


def _limits(specs: Sequence[Specification], level: str) -> list[str]:
    wanted = ("design", None) if level == "design" else (level,)
    texts = {
        words.limit_text(s.operator, s.threshold, s.unit)
        + (f" ({''.join(s.bands)})" if s.bands else "")
        for s in specs
        if s.level in wanted and not s.metadata_query
    }
    return sorted(texts)


def _states(lines: Sequence[Line]) -> list[StateGroup]:
    """Group the bands of a metric by status, the worst first."""
    ordered = sorted(lines, key=lambda line: band_order(line.band or ""))
    groups = [
        (status, [one for one in ordered if one.status is status])
        for status in (*WORST_FIRST, None)
    ]
    return [
        StateGroup(
            status=status,
            bands=[BandLink(band=one.band or "all", anchor=one.anchor) for one in same],
            closest=_closest(same),
        )
        for status, same in groups
        if same
    ]


def _closest(lines: Sequence[Line]) -> str:
    """Say how far the worst of some lines is from its limit: ``i 530 % over``."""
    checks = [(line, check) for line in lines if (check := line.headline)]
    known = [(check.margin, line, check) for line, check in checks if check.margin is not None]
    if not known:
        return ""
    _, line, check = min(known, key=lambda one: one[0])
    band = f"{line.band} " if line.band and len(lines) > 1 else ""
    return f"{band}{words.outside(check)}"
