"""The sample site, built once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reportgen.site.build import SiteReport, build_site
from reportgen.site.placing import put_in_place
from tests.site import sample


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """Folder of the sample site; tests only read it. A module with another one overrides this."""
    folder = sample.write_project(tmp_path_factory.mktemp("sample"))
    build(folder)
    return folder / "site"


@pytest.fixture
def project(tmp_path) -> Path:
    """Folder of a sample that a test may change."""
    return sample.write_project(tmp_path / "project", number=3)


def build(folder: Path, *, good: bool = True, **options) -> SiteReport:
    """Build the sample as the pipeline does; ``good``: nothing is wrong with it."""
    work, wanted = folder / "build", {"site_url": sample.URL, "epoch": sample.EPOCH, **options}
    report = build_site(folder / "mkdocs.yml", work / "docs", work / "next", **wanted)
    assert not (good and report.complaints)
    put_in_place(work / "next", folder / "site")
    return report


@pytest.fixture(scope="module")
def address(site, tmp_path_factory) -> Iterator[str]:
    """Address of the site below a sub-path."""
    from tests.site import browsing  # noqa: PLC0415 - most tests here need no browser

    with browsing.served(site, tmp_path_factory.mktemp("served")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator:
    """Chromium without a window."""
    from tests.site import browsing  # noqa: PLC0415

    with browsing.chromium() as browser:
        yield browser


@pytest.fixture
def visit(browser, address) -> Iterator:
    """Open pages; at the end there must be no complaint and no request to another host."""
    from tests.site import browsing  # noqa: PLC0415

    visits: list[browsing.Visit] = []

    def open_page(path: str = sample.RUN, *, base: str = address, **options):
        visits.append(browsing.Visit(browser, base, **options))
        return visits[-1].go(path)

    yield open_page
    for one in visits:
        one.context.close()
    assert [complaint for one in visits for complaint in one.complaints] == []
