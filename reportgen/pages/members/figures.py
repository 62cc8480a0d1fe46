"""The picture of all members of a metric in one run."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.model.figures import Limit, NamedMember, Strip, StripsFigure
from reportgen.model.members import MemberTable, MetricInRun
from reportgen.model.numbers import format_unit, plural
from reportgen.model.status import Kind, Status
from reportgen.pages import words
from reportgen.pages.members import words as member_words

ALL_NAMED = 120
"""Members of a strip up to which each is a point of its own."""

WORST_NAMED = 12
"""Points in a strip that shows a distribution."""


def strips_figure(metric: MetricInRun) -> StripsFigure | None:
    """Return the values of all members by band; None where no band has two of them."""
    tables = [table for table in metric.tables if table.line.members > 1]
    if not any(table.line.measured > 1 for table in tables):
        return None
    unit = tables[0].line.unit
    shown = [table for table in tables if table.line.unit == unit]
    run = metric.report.run
    values = sum(len(table.measured) for table in shown)
    return StripsFigure(
        title=f"{words.short(metric.metric)} in {run.dataset} {run.release}",
        unit=format_unit(unit),
        strips=[_strip(table) for table in shown],
        limits=list(_limits(shown)),
        demonstration=metric.report.demonstration,
        alt=f"{plural(values, 'value')}. {member_words.sentence(metric)}",
        caption=_caption(shown),
    )


def strip_label(table: MemberTable) -> str:
    """Name a band, with the producer where there is one."""
    line = table.line
    return line.band or line.producer or "all"


def _strip(table: MemberTable) -> Strip:
    measured = table.measured
    named = measured if len(measured) <= ALL_NAMED else measured.head(WORST_NAMED)
    points = [
        NamedMember(name=label or "value", value=float(value), link=f"#{anchor}")
        for label, value, anchor in zip(
            named["label"], named["value"], named["anchor"], strict=True
        )
    ]
    values = measured["value"].to_numpy(dtype=float)
    return Strip(label=strip_label(table), values=values, named=points, of=len(table.members))


def _limits(tables: list[MemberTable]) -> Iterator[Limit]:
    """Yield each distinct limit once."""
    found = dict.fromkeys(
        limit for table in tables for limit in table.drawn if limit.kind != Kind.RELEASE_TARGET
    )
    yield from found


def _caption(tables: list[MemberTable]) -> str:
    failing = sum(int((table.members["status"] == Status.FAIL.value).sum()) for table in tables)
    text = "One point per member"
    if any(len(table.measured) > ALL_NAMED for table in tables):
        text = "How many members have which value (heights by the square root), the worst as points"
    more = " Hollow points lie beyond the axis."
    return f"{text}; {failing} fail.{more}" if any(t.limits for t in tables) else f"{text}.{more}"
