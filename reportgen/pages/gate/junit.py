"""What the gate found as JUnit XML: a suite per run, a case per rule and per finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET

from reportgen.model.gate import ExitCode, Finding, Gate, Outcome, RuleRun, RunGate
from reportgen.pages.gate import words as say
from reportgen.pages.issue_words import entry
from reportgen.pages.paths import permalink
from reportgen.pages.plain_text import xml_text


def as_junit(gate: Gate, site: str) -> str:
    """Return the findings as JUnit XML.

    What is worse is a failure, what a known issue excuses is skipped, what did not run is
    skipped too; a gate in which nothing ran is an error.
    """
    suites = [_suite(run, site, gate.exit_code) for run in gate.runs]
    root = ET.Element("testsuites", {"name": "reportgen check"})
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
    root.extend(suites)
    if gate.issues:
        out = ET.SubElement(suites[0], "system-out")
        out.text = xml_text("\n".join(entry(state) for state in gate.issues))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="UTF-8"?>\n', "\n")
    )


def _suite(run: RunGate, site: str, code: ExitCode) -> ET.Element:
    suite = ET.Element("testsuite", {"name": xml_text(run.run.id)})
    reference = run.reference.id if run.reference else ""
    _properties(
        suite,
        {
            "dataset": run.run.dataset,
            "release": run.run.release,
            "reference": reference,
            "comparison": permalink(site, run.comparison) if run.comparison else "",
            "demonstration": str(run.demonstration).lower(),
        },
    )
    cases = [
        *(_rule(rule, run) for rule in run.rules),
        *(_case(finding, run, site) for finding in run.findings),
    ]
    if not run.ran and code is ExitCode.UNKNOWN:
        case = ET.Element("testcase", {"classname": xml_text(run.run.id), "name": "any rule"})
        error = ET.SubElement(case, "error", {"message": "no rule ran"})
        error.text = xml_text(say.nothing_ran(run))
        cases.append(case)
    suite.extend(cases)
    suite.set("tests", str(len(cases)))
    for name, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(sum(case.find(kind) is not None for case in cases)))
    return suite


def _rule(rule: RuleRun, run: RunGate) -> ET.Element:
    case = ET.Element(
        "testcase", {"classname": xml_text(run.run.id), "name": f"rule: {say.RULES[rule.rule]}"}
    )
    if not rule.ran:
        ET.SubElement(case, "skipped", {"message": xml_text(rule.why)})
    return case


def _case(finding: Finding, run: RunGate, site: str) -> ET.Element:
    name = f"{say.rule_name(finding)}: {say.subject(finding)}"
    case = ET.Element("testcase", {"classname": xml_text(run.run.id), "name": xml_text(name)})
    _properties(case, dict(_facts(finding, run, site)))
    text = xml_text(say.describe(finding))
    if finding.outcome is Outcome.WORSE:
        failure = ET.SubElement(case, "failure", {"message": text, "type": finding.rule.value})
        failure.text = text
    elif finding.outcome is Outcome.KNOWN:
        excuses = "; ".join(say.issue(issue) for issue in finding.issues)
        ET.SubElement(case, "skipped", {"message": xml_text(excuses)})
        ET.SubElement(case, "system-out").text = text
    else:
        ET.SubElement(case, "system-out").text = text
    return case


def _facts(finding: Finding, run: RunGate, site: str) -> Iterator[tuple[str, str]]:
    yield "metric", finding.metric
    yield "band", finding.band or ""
    yield "producer", finding.producer or ""
    yield "url", permalink(site, say.path(finding, run.comparison))
    yield "owner", ", ".join(issue.owner for issue in finding.issues)
    yield "ticket", ", ".join(issue.ticket or "" for issue in finding.issues)
    yield "expires", ", ".join(str(issue.expires or "") for issue in finding.issues)


def _properties(element: ET.Element, facts: dict[str, str]) -> None:
    told: Iterable[tuple[str, str]] = [(name, text) for name, text in facts.items() if text]
    box = ET.SubElement(element, "properties")
    for name, text in told:
        ET.SubElement(box, "property", {"name": name, "value": xml_text(text)})
