"""Rows of the tables on the page of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reportgen.model.numbers import format_number
from reportgen.model.report import LevelCheck, Line
from reportgen.model.runs import Run
from reportgen.model.status import LEVELS, Kind, Status
from reportgen.pages import words
from reportgen.pages.levels import LevelCell, level_cells
from reportgen.pages.paths import metric_in_run_path, metric_path

History = Mapping[tuple[str, str, str | None, str | None], Sequence[float]]
"""Recent values by (dataset, metric, band, producer), for the sparklines."""

SPARK_RUNS = 24
"""Runs that a sparkline shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One row of the table of requirements."""

    anchor: str
    metric: str
    path: str
    band: str
    package: str
    producer: str
    value: float | None
    unit: str | None
    members: str
    """The aggregate, with the members that fail or lie at the ends."""
    detail: str | None
    """Page of the metric in this run, with its members and extras."""
    levels: Sequence[LevelCell | None]
    """One for each level that the table shows."""
    margin: str
    inside: float | None
    status: Status | None
    reason: str | None
    spark: Sequence[float]
    limit: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRow:
    """One row of the table of watch ranges."""

    anchor: str
    metric: str
    path: str
    band: str
    value: float | None
    unit: str
    name: str
    limit: str
    status: Status
    reason: str | None
    corrected: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingRow:
    """The values of one metric in one band that are not there, and why."""

    anchor: str
    metric: str
    path: str
    band: str
    producer: str
    reasons: Mapping[str, int]
    """How many are missing for each, the most first."""
    members: int

    @property
    def missing(self) -> int:
        """How many are missing."""
        return sum(self.reasons.values())

    @property
    def reason(self) -> str:
        """Why most of them are missing."""
        return next(iter(self.reasons))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The columns that tables of a run have: one in which every cell would be empty has none."""

    levels: Sequence[str]
    bands: bool
    producers: bool
    """Several: one is told once, above the tables."""
    packages: bool
    """Several, so that a filter by package makes sense."""
    unstated: bool
    """Some value has a unit that nobody stated."""


def shown_columns(rows: Sequence[RowView]) -> Shown:
    """Return what the rows of a run, each with all levels, have to show."""
    return Shown(
        levels=[name for at, name in enumerate(LEVELS) if any(row.levels[at] for row in rows)],
        bands=any(row.band for row in rows),
        producers=len({row.producer for row in rows}) > 1,
        packages=len({row.package for row in rows}) > 1,
        unstated=any(row.unit is None and row.value is not None for row in rows),
    )


def with_levels(row: RowView, shown: Shown) -> RowView:
    """Return the row with the levels that are shown only."""
    if len(shown.levels) == len(row.levels):
        return row
    cells = zip(LEVELS, row.levels, strict=True)
    return replace(row, levels=[cell for name, cell in cells if name in shown.levels])


def row_view(line: Line, run: Run, histories: History, *, detailed: bool) -> RowView:
    """Return a row of requirements; ``detailed``: the metric has a page of its own in this run."""
    decisive = line.decisive
    spark = histories.get((run.dataset, line.metric, line.band, line.producer), ())
    return RowView(
        anchor=line.anchor,
        metric=words.short(line.metric),
        path=metric_path(line.metric),
        band=line.band or "",
        package=line.metric.partition(".")[0],
        producer=line.producer or "",
        value=line.value,
        unit=line.unit,
        members=_members(line),
        detail=f"{metric_in_run_path(run, line.metric)}#{line.anchor}" if detailed else None,
        levels=level_cells(line.checks),
        margin=words.outside(decisive) if decisive else "",
        inside=decisive.margin if decisive else None,
        status=line.status,
        reason=line.main_reason,
        spark=spark[-SPARK_RUNS:],
        limit=_spark_limit(line, decisive),
    )


def _members(line: Line) -> str:
    """State how many members there are, and name those that fail or lie at the ends."""
    if line.members == 1:
        return "extras" if line.extras else ""
    return "; ".join([_ends(line), *line.repeats])


def _ends(line: Line) -> str:
    text = words.median_of(line)
    failed = line.headline.failed if line.headline else 0
    named = line.failing_members
    if failed and named:
        more = f" and {failed - len(named)} more" if failed > len(named) else ""
        verb = words.verb(failed, "fail")
        return f"{text}; {failed} {verb}: {words.name_members(named)}{more}"
    if line.status is None and line.low_member and line.high_member and line.measured > 1:
        low, high = format_number(line.low or 0.0), format_number(line.high or 0.0)
        return f"{text}; from {low} ({line.low_member}) to {high} ({line.high_member})"
    return text


def _spark_limit(line: Line, decisive: LevelCheck | None) -> float | None:
    """Return the limit for the sparkline where it is in the unit of the values."""
    if decisive is None or decisive.unit != line.unit:
        return None
    return decisive.threshold


def watch_rows(lines: Sequence[Line]) -> Iterator[WatchRow]:
    """Yield a row for each limit of a watch range."""
    for line in lines:
        for check in line.checks:
            if check.kind is Kind.WATCH_RANGE:
                yield _watched(line, check)


def _watched(line: Line, check: LevelCheck) -> WatchRow:
    name = check.specification.rpartition(".")[2]
    return WatchRow(
        anchor=f"{line.anchor}-{name}",
        metric=words.short(line.metric),
        path=metric_path(line.metric),
        band=line.band or "",
        value=check.value,
        unit=check.unit,
        name=check.level or name,
        limit=words.limit(check),
        status=check.status,
        reason=line.main_reason if check.status is Status.NOT_MEASURED else None,
        corrected=check.correction,
    )


def missing_rows(lines: Sequence[Line]) -> Iterator[MissingRow]:
    """Yield a row for each line that lacks values, so that the first page counts the same."""
    for line in lines:
        if line.reasons:
            yield MissingRow(
                anchor=f"missing-{line.anchor}",
                metric=words.short(line.metric),
                path=metric_path(line.metric),
                band=line.band or "",
                producer=line.producer or "",
                reasons=dict(sorted(line.reasons.items(), key=lambda one: (-one[1], one[0]))),
                members=line.members,
            )
