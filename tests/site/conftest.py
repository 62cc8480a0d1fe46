"""The sample site, built once."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.site import SiteReport, build_site
from tests.site import sample


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> SiteReport:
    """Report of the sample site; tests only read it."""
    folder = sample.write_project(tmp_path_factory.mktemp("sample"))
    return build(folder)


@pytest.fixture
def project(tmp_path) -> Path:
    """Folder of a sample that a test may change."""
    return sample.write_project(tmp_path / "project", number=3)


def build(folder: Path, **options) -> SiteReport:
    """Build the sample as the pipeline does."""
    wanted = {"site_url": sample.URL, "epoch": sample.EPOCH, "strict": True, **options}
    return build_site(folder / "mkdocs.yml", folder / "build" / "docs", folder / "site", **wanted)
