"""What a page gives to others: the picture of its link preview, and its badge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reportgen.model.comparison import Comparison
from reportgen.model.figures import CardFigure, Figure
from reportgen.model.pages import Page, PageBadge
from reportgen.model.report import RunReport
from reportgen.model.runs import slug
from reportgen.pages import badges, cards
from reportgen.pages.metric.page import MetricView
from reportgen.pages.paths import metric_path, run_path


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Pictures and badges by the path of their page."""

    figure: Figure
    cards: Mapping[str, CardFigure]
    badges: Mapping[str, Sequence[PageBadge]] = field(default_factory=dict)

    def dress(self, pages: Iterable[Page]) -> Iterator[Page]:
        """Yield each page with its picture and its badge, where it has them."""
        for page in pages:
            yield replace(page, image=self._image(page), badges=self.badges.get(page.path, ()))

    def _image(self, page: Page) -> str:
        card = self.cards.get(page.path)
        if card:
            return self.figure(card).png
        if isinstance(page.view, MetricView):  # what it shows says more than any card
            return next((one.figure.png for one in page.view.datasets if one.figure), "")
        return ""


def sharing(
    name: str,
    figure: Figure,
    *,
    reports: Sequence[RunReport],
    latest: Sequence[RunReport],
    comparisons: Sequence[Comparison],
) -> Sharing:
    """Return what the pages of an edition give to others.

    ``name`` is that of the site, ``reports`` are the runs that have a page, ``latest`` the latest
    run of each dataset.
    """
    made = {run_path(report.run): cards.run_card(report) for report in reports}
    made |= {one.path: cards.comparison_card(one) for one in comparisons}
    return Sharing(
        figure=figure,
        cards={"": cards.site_card(name, latest)} | made,
        badges=_badges(reports, latest),
    )


def _badges(
    reports: Sequence[RunReport], latest: Sequence[RunReport]
) -> dict[str, list[PageBadge]]:
    """Return the badges of runs and metrics; the latest run has that of its dataset, too."""
    found: defaultdict[str, list[PageBadge]] = defaultdict(list)
    for report in reports:
        found[run_path(report.run)].append(_offered(badges.run_badge(report)))
    for report in latest:
        leads = f"runs/#{slug(report.run.dataset)}"
        found[run_path(report.run)].append(_offered(badges.dataset_badge(report), leads))
    for metric, badge in badges.metric_badges(latest).items():
        found[metric_path(metric)].append(_offered(badge))
    return dict(found)


def _offered(badge: badges.Badge, leads: str = "") -> PageBadge:
    return PageBadge(path=badge.path, text=badge.text, leads=leads)
