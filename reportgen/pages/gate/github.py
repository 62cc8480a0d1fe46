"""What the gate found as annotations of a GitHub workflow."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.model.gate import ExitCode, Finding, Gate, Outcome, RunGate
from reportgen.pages.gate import words as say
from reportgen.pages.issue_words import entry
from reportgen.pages.paths import permalink
from reportgen.pages.plain_text import printable

_LEVELS = {Outcome.WORSE: "error", Outcome.KNOWN: "warning", Outcome.SAID: "warning"}


def as_annotations(gate: Gate, site: str) -> str:
    """Return one workflow command per finding, the verdict first."""
    return "".join(f"{line}\n" for line in _lines(gate, site))


def _lines(gate: Gate, site: str) -> Iterator[str]:
    level = {ExitCode.GOOD: "notice", ExitCode.WORSE: "error", ExitCode.UNKNOWN: "error"}
    yield command(level[gate.exit_code], "reportgen check", say.verdict(gate))
    for run in gate.runs:
        for finding in run.findings:
            yield _annotation(finding, run, site)
        if not run.ran:
            yield command("warning", f"{say.run_name(run)}: no rule ran", say.nothing_ran(run))
    for state in gate.issues:
        yield command("warning", "Known issue that needs somebody", entry(state))


def _annotation(finding: Finding, run: RunGate, site: str) -> str:
    url = permalink(site, say.path(finding, run.comparison))
    known = [say.issue(issue) for issue in finding.issues]
    title = f"{say.run_name(run)}: {say.rule_name(finding)}"
    text = f"{say.subject(finding)}: {say.describe(finding)}"
    lines = [text, *known, *([url] if url else [])]
    return command(_LEVELS[finding.outcome], title, "\n".join(map(printable, lines)))


def command(level: str, title: str, text: str) -> str:
    """Return a workflow command; no text from outside can end it or begin another one."""
    shown = _data(printable(title)).replace(":", "%3A").replace(",", "%2C")
    return f"::{level} title={shown}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
