"""Which comparisons are made in advance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from reportgen.model.comparison import Plan
from reportgen.model.report import RunReport
from reportgen.model.runs import Run, is_full_release, slug


def plan_comparisons(reports: Sequence[RunReport], runs: Sequence[Run]) -> list[Plan]:
    """Return each run against its reference, the last full release, and its other producers.

    Besides, releases that two datasets share where both hold the same members: one release that
    was processed at two places.

    Parameters
    ----------
    reports
        Runs that are shown in full.
    runs
        All runs, by dataset and in the order of releases: the last full release may be one that
        is not shown in full.
    """
    seen = _first_seen(reports)
    found = [plan for report in reports for plan in _plans(report, runs, seen)]
    return list(dict.fromkeys([*found, *_two_places(reports)]))


def _two_places(reports: Sequence[RunReport]) -> Iterator[Plan]:
    """Yield pairs of runs of one release in two datasets that measured mostly the same members."""
    by_release: defaultdict[str, list[RunReport]] = defaultdict(list)
    for report in reports:
        by_release[slug(report.run.release)].append(report)
    for same in by_release.values():
        places = [_members(report) for report in same] if len(same) > 1 else []
        for (first, here), (second, there) in combinations(zip(same, places, strict=False), 2):
            common = len(here & there)
            if common and common >= SAME_SKY * min(len(here), len(there)):
                yield Plan(a=first.run.id, b=second.run.id)


SAME_SKY = 0.5
"""Share of the members of one run that the other has, from which both processed the same data."""

_WHERE = ["tract", "patch", "visit", "exposure", "detector"]


def _members(report: RunReport) -> set[tuple[str, ...]]:
    """Return the members with a value; a metric without any says nothing of the sky it is from."""
    table = report.measurements
    table = table[table["reason"].isna() & table[_WHERE].notna().any(axis=1)]
    columns = table[["metric", "band", *_WHERE]].astype(object).fillna("")
    return set(columns.itertuples(index=False, name=None))


def _first_seen(reports: Sequence[RunReport]) -> Mapping[tuple[str, str], int]:
    """Return when each producer of a dataset first measured anything, as a position."""
    seen: dict[tuple[str, str], int] = {}
    for at, report in enumerate(reports):
        for line in report.lines:
            if line.measured and line.producer:
                seen.setdefault((report.run.dataset, line.producer), at)
    return seen


def _plans(
    report: RunReport, runs: Sequence[Run], seen: Mapping[tuple[str, str], int]
) -> Iterator[Plan]:
    run = report.run
    if report.reference is not None:
        yield Plan(a=report.reference.id, b=run.id)
    release = last_release(run, runs)
    if release is not None:
        yield Plan(a=release.id, b=run.id)
    names = {line.producer for line in report.lines if line.measured and line.producer}
    # The older producer is A: what took over is held against what it replaces.
    producers = sorted(names, key=lambda name: (seen[run.dataset, name], name))
    for at, first in enumerate(producers):
        for second in producers[at + 1 :]:
            shared = _measured_by(report, first) & _measured_by(report, second)
            if shared:
                yield Plan(a=run.id, b=run.id, producer_a=first, producer_b=second)


def last_release(run: Run, runs: Sequence[Run]) -> Run | None:
    """Return the newest full release (``v25``, ``26.0.1``) of the dataset before a run.

    Candidates (``v25.rc1``), weeklies, dailies and tickets are none.
    """
    same = [one for one in runs if one.dataset == run.dataset]
    ids = [one.id for one in same]
    before = same[: ids.index(run.id)] if run.id in ids else []
    full = [one for one in before if is_full_release(one.release)]
    return full[-1] if full else None


def _measured_by(report: RunReport, producer: str) -> set[tuple[str, str | None]]:
    return {
        (line.metric, line.band)
        for line in report.lines
        if line.producer == producer and line.measured
    }
