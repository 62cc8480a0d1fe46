"""Badges: the state of a run, a dataset or a metric as a small SVG, for pages elsewhere."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from reportgen.model.pages import Document
from reportgen.model.report import Line, RunReport
from reportgen.model.runs import Run, slug
from reportgen.pages import words
from reportgen.pages.paths import metric_segment
from reportgen.pages.tally import Tally, run_state, tally, tally_lines

_UNFIT = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKS = {"fail": "✕", "pass": "✓", "not_measured": "–"}
_COLOURS = {"fail": "#b3261e", "pass": "#00695c"}
_QUIET = "#5f6368"
_MOST = 60
_HEIGHT, _PAD = 20, 7
_NARROW, _WIDE = frozenset("iljtfrI.,:;|'!()[] "), frozenset("mwMW@%✕✓")


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """What a badge says: of what, and in which state it is."""

    path: str
    """Of its file, from the root of the edition."""
    label: str
    message: str
    state: str

    @property
    def text(self) -> str:
        """The whole badge in words."""
        return f"{self.label}: {self.message}"


def run_badge(report: RunReport) -> Badge:
    """Return the badge of one run."""
    return _badge(run_badge_path(report.run), report)


def dataset_badge(report: RunReport) -> Badge:
    """Return the badge of a dataset, in the state of ``report``, its latest run."""
    return _badge(dataset_badge_path(report.run.dataset), report)


def metric_badges(latest: Sequence[RunReport]) -> dict[str, Badge]:
    """Return the badge of each metric that was measured in the latest runs of the datasets."""
    found: defaultdict[str, list[Line]] = defaultdict(list)
    for report in latest:
        for line in report.lines:
            found[line.metric].append(line)
    return {metric: _metric_badge(metric, lines) for metric, lines in found.items()}


def _metric_badge(metric: str, lines: Sequence[Line]) -> Badge:
    counted = tally_lines(lines)
    return Badge(
        path=metric_badge_path(metric),
        label=words.short(metric),
        message=_message(counted),
        state=counted.state,
    )


def documents(reports: Sequence[RunReport], latest: Sequence[RunReport]) -> Iterator[Document]:
    """Yield the badges of runs that have a page, of their datasets, and of metrics."""
    badges = [
        *(run_badge(report) for report in reports),
        *(dataset_badge(report) for report in latest),
        *metric_badges(latest).values(),
    ]
    for badge in badges:
        yield Document(path=badge.path, text=svg(badge))


def run_badge_path(run: Run) -> str:
    """Return the address of the badge of a run."""
    return f"badges/runs/{run.id}.svg"


def dataset_badge_path(dataset: str) -> str:
    """Return the address of the badge of a dataset."""
    return f"badges/datasets/{slug(dataset)}.svg"


def metric_badge_path(metric: str) -> str:
    """Return the address of the badge of a metric."""
    return f"badges/metrics/{metric_segment(metric)}.svg"


def svg(badge: Badge) -> str:
    """Return a badge as a file: two fields, the state as icon, word and colour."""
    label, icon = _shown(badge.label), _MARKS.get(badge.state, "○")
    message = _shown(f"{icon} {badge.message}")
    left, right = _width(label) + 2 * _PAD, _width(message) + 2 * _PAD
    colour = _COLOURS.get(badge.state, _QUIET)
    title = f"{label}: {message}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}"'
        f' role="img" aria-label={quoteattr(title)}>'
        f"<title>{escape(title)}</title>"
        f'<rect width="{left + right}" height="{_HEIGHT}" rx="3" fill="#3c4043"/>'
        f'<path d="M{left} 0h{right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{right - 3}z"'
        f' fill="{colour}"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f"{_text(label, _PAD)}{_text(message, left + _PAD)}</g></svg>\n"
    )


def _badge(path: str, report: RunReport) -> Badge:
    return Badge(
        path=path,
        label=f"{report.run.dataset} {report.run.release}",
        message=_message(tally(report)),
        state=run_state(report),
    )


def _message(counted: Tally) -> str:
    """Say the worst that there is, and of the rest how many pass."""
    failed, missing, passed = counted.failed, counted.missing, counted.passed
    if failed:
        return f"{failed} fail"
    if missing:
        return f"{missing} not measured" + (f", {passed} pass" if passed else "")
    return f"{passed} pass" if passed else "no requirement"


def _shown(text: str) -> str:
    fit = " ".join(_UNFIT.sub("\ufffd", text).split())
    return fit if len(fit) <= _MOST else fit[: _MOST - 1] + "…"


def _width(text: str) -> int:
    """Return about how wide a text is in Verdana at 11 pixels; the file makes it exactly so."""
    return round(sum(4.3 if c in _NARROW else 10.0 if c in _WIDE else 7.0 for c in text))


def _text(text: str, left: int) -> str:
    length = f'textLength="{_width(text)}" lengthAdjust="spacingAndGlyphs"'
    return f'<text x="{left}" y="14" {length}>{escape(text)}</text>'
