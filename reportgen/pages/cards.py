"""What the picture of a link preview says of a run, a comparison, the whole site."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.model.comparison import Comparison, ComparisonRow, Verdict
from reportgen.model.figures import CardFigure, CardLine
from reportgen.model.numbers import format_quantity, plural
from reportgen.model.report import Line, RunReport, single_tests
from reportgen.model.status import Status
from reportgen.pages import words
from reportgen.pages.comparison import words as compare_words
from reportgen.pages.run import sentence
from reportgen.pages.tally import run_state, tally


def run_card(report: RunReport) -> CardFigure:
    """Return the card of a run: its state, and what fails or is missing, worst first."""
    run = report.run
    return CardFigure(
        title=run.release,
        above=run.dataset,
        below=", ".join([*([run.day] if run.day else []), *run.tickets]),
        counts=_counts(report),
        lines=_worst(report.lines) or _failing_tests(report),
        demonstration=report.demonstration,
        alt=f"{run.dataset} {run.release}. {sentence(report)}",
    )


def comparison_card(comparison: Comparison) -> CardFigure:
    """Return the card of a comparison: how many changed which way, and the first of them."""
    a, b = comparison.a, comparison.b
    same = a.run.dataset == b.run.dataset
    return CardFigure(
        title=f"{b.label} against {a.label}",
        above=b.run.dataset if same else f"{b.run.dataset} against {a.run.dataset}",
        below=" and ".join(day for day in (b.run.day, a.run.day) if day),
        counts=_changes(comparison),
        lines=[_changed(row) for row in comparison.rows if _matters(row)],
        demonstration=comparison.demonstration,
        alt=compare_words.sentence(comparison),
    )


def _changes(comparison: Comparison) -> list[CardLine]:
    """Return how many changed which way; that nothing newly fails is said, too."""
    failing, fixed = len(comparison.newly_failing), len(comparison.fixed)
    found = [
        CardLine(state="fail", text=f"{failing} newly failing")
        if failing
        else CardLine(state="pass", text="nothing newly failing")
    ]
    if fixed:
        found.append(CardLine(state="fixed", text=f"{fixed} fixed"))
    verdicts = (Verdict.REGRESSED, Verdict.IMPROVED, Verdict.UNCHANGED, Verdict.INCONCLUSIVE)
    counted = [(verdict, comparison.counts[verdict]) for verdict in verdicts]
    return [*found, *(CardLine(state=str(v), text=f"{n} {v}") for v, n in counted if n)]


def site_card(name: str, latest: Sequence[RunReport]) -> CardFigure:
    """Return the card of the overview: the latest run of each dataset."""
    lines = [
        CardLine(
            state=run_state(report),
            text=f"{report.run.dataset} {report.run.release}",
            limit=_state_words(report),
        )
        for report in latest
    ]
    failing = sum(line.state == "fail" for line in lines)
    count = f"{failing} of {plural(len(lines), 'dataset')} with failures"
    return CardFigure(
        title=name,
        above="Latest runs",
        below=max((report.run.day for report in latest if report.run.day), default=""),
        counts=[CardLine(state="fail" if failing else "pass", text=count)] if lines else [],
        lines=sorted(lines, key=lambda line: line.state != "fail"),
        demonstration=bool(latest) and all(report.demonstration for report in latest),
        alt="; ".join(f"{line.text}: {line.limit}" for line in lines) or name,
    )


def _state_words(report: RunReport) -> str:
    return ", ".join(count.text for count in _counts(report)[:2])


def _counts(report: RunReport) -> list[CardLine]:
    counted = tally(report)
    pairs = [
        ("fail", counted.failed, "fail" if report.lines else "tests fail"),
        ("not_measured", counted.missing, "not measured"),
        ("pass", counted.passed, "pass"),
    ]
    found = [CardLine(state=state, text=f"{n} {word}") for state, n, word in pairs if n]
    return found or [CardLine(state="no_specification", text="no requirement applies")]


def _worst(lines: Sequence[Line]) -> list[CardLine]:
    """Return what fails or is not measured; lines come worst first."""
    wanted = [line for line in lines if line.status in {Status.FAIL, Status.NOT_MEASURED}]
    return [_line(line) for line in wanted]


def _line(line: Line) -> CardLine:
    check = line.headline
    shown = (check.value, check.unit) if check else (line.value, line.unit)
    measured = line.status is not Status.NOT_MEASURED
    return CardLine(
        state=str(line.status),
        text=words.name_row(line.metric, line.band),
        value=format_quantity(*shown) if measured else "",
        limit=f"{check.level or 'limit'} {words.limit(check)}" if check else "",
    )


def _failing_tests(report: RunReport) -> list[CardLine]:
    return [
        CardLine(
            state="fail",
            text=f"{test.stage} {test.test}",
            value=f"{test.failed}",
            limit=f"of {test.failed + test.passed} fail",
        )
        for test in single_tests(report.tests)
        if test.failed
    ]


def _matters(row: ComparisonRow) -> bool:
    return row.newly_failing or row.fixed or row.verdict in {Verdict.REGRESSED, Verdict.IMPROVED}


def _changed(row: ComparisonRow) -> CardLine:
    name = "newly_failing" if row.newly_failing else "fixed" if row.fixed else str(row.verdict)
    after = f"to {format_quantity(row.b, row.unit)}" if row.b is not None else "not measured"
    return CardLine(
        state=name,
        text=words.name_row(row.metric, row.band),
        value=format_quantity(row.a, row.unit) if row.a is not None else "",
        limit=f"{after}, {name.replace('_', ' ')}",
    )
