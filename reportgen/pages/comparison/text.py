"""A comparison as text: for the terminal, for meeting notes, for other programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from reportgen.model.comparison import Comparison, ComparisonRow, Verdict
from reportgen.model.numbers import format_number, format_quantity, plural
from reportgen.pages import words
from reportgen.pages.comparison import words as compare_words
from reportgen.pages.comparison.api import as_csv, describe
from reportgen.pages.plain_text import escape, printable, table_row

QUIET = (Verdict.INCONCLUSIVE, Verdict.NEGLIGIBLE, Verdict.UNCHANGED)
"""Verdicts that the short text only counts."""

_HEAD = ("metric", "band", "verdict", "A", "B", "change", "relative", "requirement", "basis")


def as_text(comparison: Comparison) -> str:
    """Return the comparison for a terminal: the sentence, then what changed, worst first."""
    rows = [row for row in comparison.rows if is_loud(row)]
    lines = [_title(comparison), compare_words.sentence(comparison)]
    if rows:
        lines += ["", *_columns([_HEAD, *map(_cells, rows)])]
    silent = len(comparison.rows) - len(rows)
    if silent:
        lines += ["", f"{plural(silent, 'row')} without a clear change left out."]
    return "".join(printable(line) + "\n" for line in lines)


def is_loud(row: ComparisonRow) -> bool:
    """Tell whether a row is worth a line where there is little room."""
    return row.newly_failing or row.fixed or row.verdict not in QUIET


def as_markdown(comparison: Comparison) -> str:
    """Return the comparison as Markdown: title, sentence, and a table of what changed."""
    rows = [row for row in comparison.rows if is_loud(row)]
    lines = [f"## {escape(_title(comparison))}", "", escape(compare_words.sentence(comparison))]
    if rows:
        lines += ["", table_row(_HEAD), table_row("---" for _ in _HEAD)]
        lines += [table_row(map(escape, _cells(row))) for row in rows]
    return "\n".join(lines) + "\n"


def as_json(comparison: Comparison) -> str:
    """Return the comparison as the JSON that the site has."""
    return json.dumps(describe(comparison), indent=2, allow_nan=False) + "\n"


FORMATS: Mapping[str, Callable[[Comparison], str]] = {
    "text": as_text,
    "json": as_json,
    "markdown": as_markdown,
    "csv": as_csv,
}
"""What ``reportgen compare --format`` knows."""


def _title(comparison: Comparison) -> str:
    a, b = comparison.a, comparison.b
    demonstration = f" ({words.DEMONSTRATION.rstrip('.')})" if comparison.demonstration else ""
    if a.run.dataset == b.run.dataset:
        return f"{b.run.dataset}: {b.label} against {a.label}{demonstration}"
    return f"{b.run.dataset} {b.label} against {a.run.dataset} {a.label}{demonstration}"


def _cells(row: ComparisonRow) -> tuple[str, ...]:
    members = compare_words.members(row)
    basis = compare_words.BASES[row.basis] if row.change is not None else row.reason
    return (
        words.short(row.metric),
        row.band or "",
        compare_words.VERDICTS[row.verdict],
        "no value" if row.a is None else format_number(row.a),
        format_quantity(row.b, row.unit),
        compare_words.change(row),
        compare_words.relative(row),
        _requirement(row),
        ", ".join(
            part for part in (basis, members, _probability(row), compare_words.against(row)) if part
        ),
    )


def _requirement(row: ComparisonRow) -> str:
    if row.status_a is None and row.status_b is None:
        return ""
    before, after = (
        (status or "none").replace("_", " ") for status in (row.status_a, row.status_b)
    )
    note = " (newly failing)" if row.newly_failing else " (fixed)" if row.fixed else ""
    return f"{before} → {after}{note}"


def _probability(row: ComparisonRow) -> str:
    found = compare_words.probability(row.q_value)
    if not found:
        return ""
    return f"q {found}" if found.startswith("<") else f"q = {found}"


def _columns(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield rows with their cells under one another; texts are freed of line breaks."""
    cleaned = [[" ".join(cell.split()) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cleaned, strict=True)]
    for row in cleaned:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
