"""Meeting notes as blocks of text, before any format."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportgen.model.calibration_verdicts import CALIBRATION_PACKAGE
from reportgen.model.gate import Finding, GateRule, Outcome
from reportgen.model.meeting import Meeting, RunNews
from reportgen.pages import event_words, words
from reportgen.pages.events import event_path
from reportgen.pages.gate import words as gate_words
from reportgen.pages.issue_words import entry
from reportgen.pages.paths import permalink, run_path
from reportgen.pages.run import sentence

NOBODY = "nobody yet"
"""Stands for the owner of what has none: somebody has to be found."""
_TITLES = {
    GateRule.NEWLY_FAILING: "Newly failing",
    GateRule.REGRESSED: "Regressed",
    GateRule.STEP: "Confirmed steps for the worse",
    GateRule.CALIBRATION_TEST: "Calibration tests that newly fail",
    GateRule.NOT_MEASURED: "No longer measured",
}
MOST_NAMED = 6
"""Names in an action item; more are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line: what it is about, with a link, and what is said of it."""

    name: str
    text: str
    url: str = ""
    """Empty: nobody says where the site is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Lines under one heading."""

    title: str
    items: Sequence[Item]
    are_tasks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingText:
    """Everything that is pasted."""

    title: str
    remarks: Sequence[str]
    sections: Sequence[Section]


def compose(meeting: Meeting, site: str) -> MeetingText:
    """Return what to paste; ``site`` is where the pages are published."""
    sections = [
        Section(title="Runs", items=[_run(news, site) for news in meeting.runs]),
        *_found(meeting, site),
        Section(title="Fixed", items=list(_fixed(meeting, site))),
        Section(title="Drifting calibrations", items=list(_drifting(meeting, site))),
        Section(title="Known issues", items=list(_known(meeting))),
        Section(title="Action items", items=list(_actions(meeting, site)), are_tasks=True),
    ]
    return MeetingText(
        title=_title(meeting),
        remarks=list(_remarks(meeting, site)),
        sections=[section for section in sections if section.items],
    )


def _title(meeting: Meeting) -> str:
    if not meeting.since and len(meeting.runs) == 1:
        return run_name(meeting.runs[0])
    return f"Runs {meeting.since}".strip()


def _remarks(meeting: Meeting, site: str) -> Iterator[str]:
    if not meeting.runs:
        yield "No run."
    if any(news.report.demonstration for news in meeting.runs):
        yield words.DEMONSTRATION
    if not site:
        yield "Without links: site.url in the configuration does not say where the site is."


def run_name(news: RunNews) -> str:
    """Name a run: ``HSC RC2 w_2021_34``."""
    return f"{news.report.run.dataset} {news.report.run.release}"


def _run(news: RunNews, site: str) -> Item:
    day = news.report.run.day or "date not stated"
    against = f" Against {news.gate.reference.release}." if news.gate.reference else ""
    return Item(
        name=run_name(news),
        text=f"{day}: {sentence(news.report)}{against}",
        url=permalink(site, run_path(news.report.run)),
    )


def _found(meeting: Meeting, site: str) -> Iterator[Section]:
    for rule, title in _TITLES.items():
        items = [
            _finding(one, news, meeting, site)
            for news in meeting.runs
            for one in news.gate.findings
            if one.rule is rule
        ]
        yield Section(title=title, items=items)


def _finding(finding: Finding, news: RunNews, meeting: Meeting, site: str) -> Item:
    known = "".join(f"; {gate_words.issue(issue)}" for issue in finding.issues)
    return Item(
        name=_name(gate_words.subject(finding), news, meeting),
        text=f"{gate_words.describe(finding)}{known}",
        url=permalink(site, gate_words.path(finding, news.gate.comparison)),
    )


def _name(subject: str, news: RunNews, meeting: Meeting) -> str:
    """Name the run too where there are several."""
    return subject if len(meeting.runs) == 1 else f"{subject}, {run_name(news)}"


def _fixed(meeting: Meeting, site: str) -> Iterator[Item]:
    for news in meeting.runs:
        for row in news.fixed:
            name = gate_words.name(row.metric, row.band, row.producer_b)
            yield Item(
                name=_name(name, news, meeting),
                text=f"meets its requirement again, {gate_words.change(row)}",
                url=permalink(site, f"{news.gate.comparison or ''}#{row.anchor}"),
            )


def _drifting(meeting: Meeting, site: str) -> Iterator[Item]:
    for news in meeting.runs:
        for event in news.drifts:
            name, _, text = event_words.title(event).partition(": ")
            yield Item(name=name, text=text, url=permalink(site, event_path(event)))


def _known(meeting: Meeting) -> Iterator[Item]:
    for state in meeting.issues:
        issue = state.issue
        yield Item(
            name=f"{issue.owner}, {issue.ticket or 'no ticket'}",
            text=f"{state.about}: {issue.reason} ({issue.until}; {state.text})",
        )


def _actions(meeting: Meeting, site: str) -> Iterator[Item]:
    """Yield one line per owner and run for what is new, and one per entry that is out of date."""
    for news in meeting.runs:
        new: defaultdict[str, dict[str, None]] = defaultdict(dict)
        gone: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for finding in news.gate.findings:
            if not finding.issues and finding.outcome is not Outcome.KNOWN:
                group = gone if finding.rule is GateRule.NOT_MEASURED else new
                owner = meeting.book.owner_of(finding.metric) or NOBODY
                group[owner][gate_words.subject(finding)] = None
        url = permalink(site, news.gate.comparison or run_path(news.report.run))
        for what, group in (("find out why it is worse", new), ("find out why it is gone", gone)):
            for owner, names in group.items():
                text = f"{what} in {run_name(news)}: {_listed(list(names))}"
                yield Item(name=owner, text=text, url=url)
        for event in news.drifts:
            owner = meeting.book.owner_of(f"{CALIBRATION_PACKAGE}{event.metrics[0]}") or NOBODY
            text = f"look at the drift: {event_words.title(event)}"
            yield Item(name=owner, text=text, url=permalink(site, event_path(event)))
    for state in meeting.issues:
        if state.is_warning:
            text = f"renew, correct or remove the entry in the known issues: {entry(state)}"
            yield Item(name=state.issue.owner, text=text)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{', '.join(names[:MOST_NAMED])}{more}"
