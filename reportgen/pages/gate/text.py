"""What the gate found, for a terminal and for the summary of a workflow step."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.model.gate import ExitCode, Finding, Gate, Outcome, RunGate
from reportgen.pages.gate import words as say
from reportgen.pages.issue_words import entry
from reportgen.pages.paths import permalink
from reportgen.pages.plain_text import escape, printable, table_row

MARKS = {Outcome.WORSE: "WORSE", Outcome.KNOWN: "known", Outcome.SAID: "note"}


def as_text(gate: Gate, site: str) -> str:
    """Return the findings for a terminal, run by run; ``site`` is where pages are published."""
    lines = [line for run in gate.runs for line in (*_run(run, site), "")]
    lines += [f"triage: {entry(state)}" for state in gate.issues]
    lines += [""] if gate.issues else []
    lines += [f"{gate.exit_code.name.lower()}: {say.verdict(gate)}"]
    return "".join(f"{printable(line)}\n" for line in lines)


def _run(run: RunGate, site: str) -> Iterator[str]:
    yield say.run_title(run)
    for finding in run.findings:
        yield f"  {MARKS[finding.outcome]:5}  {_finding(finding)}"
        for one in finding.issues:
            yield f"         {say.issue(one)}"
        if site and finding.outcome is Outcome.WORSE:
            yield f"         {permalink(site, say.path(finding, run.comparison))}"
    if not run.findings:
        yield "  nothing is worse" if run.ran else "  nothing could be judged"
    for rule in run.rules:
        yield f"  {say.rule_ran(rule)}"
    if not run.rules:
        yield f"  {say.nothing_ran(run)}"


def _finding(finding: Finding) -> str:
    return f"{say.rule_name(finding)}: {say.subject(finding)}: {say.describe(finding)}"


def as_markdown(gate: Gate, site: str) -> str:
    """Return the findings as Markdown, as the summary of a workflow step shows them."""
    icon = {ExitCode.GOOD: "✅", ExitCode.WORSE: "❌", ExitCode.UNKNOWN: "⚠️"}[gate.exit_code]
    lines = [f"## {icon} {escape(say.verdict(gate))}"]
    for run in gate.runs:
        lines += ["", f"### {escape(say.run_title(run))}", "", *_markdown_run(run, site)]
    if gate.issues:
        lines += ["", "### Known issues that need somebody", ""]
        lines += [f"- {escape(entry(state))}" for state in gate.issues]
    return "\n".join(lines) + "\n"


def _markdown_run(run: RunGate, site: str) -> Iterator[str]:
    if run.findings:
        yield table_row(("", "what", "metric", "how", "known issue"))
        yield table_row(["---"] * 5)
    else:
        yield "Nothing is worse." if run.ran else "Nothing could be judged."
    for finding in run.findings:
        yield table_row(_cells(finding, run, site))
    yield ""
    for rule in run.rules:
        yield f"- {escape(say.rule_ran(rule))}"
    if not run.rules:
        yield f"- {escape(say.nothing_ran(run))}"


def _cells(finding: Finding, run: RunGate, site: str) -> Iterator[str]:
    url = permalink(site, say.path(finding, run.comparison))
    name = escape(say.subject(finding))
    yield {Outcome.WORSE: "❌ worse", Outcome.KNOWN: "🔖 known", Outcome.SAID: "▫️ note"}[
        finding.outcome
    ]
    yield say.rule_name(finding)
    yield f"[{name}](<{url}>)" if url else name
    yield escape(say.describe(finding))
    yield "; ".join(escape(f"{one.label}: {one.reason}") for one in finding.issues) or "none"
