"""The pages of calibrations, rendered with the templates of this repository."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from reportgen.model.calibrations import StageReport
from reportgen.model.figures import FigureFile, FigureRequest
from reportgen.model.pages import Page
from reportgen.pages.calibrations import overview as calibrations
from reportgen.pages.calibrations.people import NOBODY, People
from reportgen.render.environment import make_environment, page_template

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 10, 10)


@dataclass
class Site:
    """The pages of some reports, rendered, and the figures that they asked for."""

    pages: list[Page] = field(default_factory=list)
    html: dict[str, str] = field(default_factory=dict)
    figures: list[FigureRequest] = field(default_factory=list)

    def figure(self, request: FigureRequest) -> FigureFile:
        """Give a figure its file."""
        self.figures.append(request)
        return FigureFile(
            name=f"{len(self.figures):020x}",
            width=680,
            height=300,
            alt=request.alt,
            caption=request.caption,
            title=request.title,
        )

    def text(self, path: str) -> str:
        """Return the text of a page without markup."""
        return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", self.html[path]))

    def named(self, title: str) -> FigureRequest:
        """Return the figure with a title."""
        (found,) = [figure for figure in self.figures if figure.title == title]
        return found


def render(*reports: StageReport, people: People = NOBODY) -> Site:
    """Render the pages of some reports."""
    site = Site()
    environment = make_environment(ROOT / "site_templates")
    for page in calibrations.pages(reports, site.figure, today=TODAY, people=people):
        root = "../" * page.path.count("/")
        html = page_template(environment, page.template).render(view=page.view, root=root)
        site.pages.append(page)
        site.html[page.path] = html
    return site
