"""Repositories that tests share, and what is asked of them."""

from __future__ import annotations

from collections import Counter

import pytest

from reportgen.sources.butler import repository as repository_module


@pytest.fixture(scope="session")
def large(tmp_path_factory):
    """Return the folder of a repository with 2,100 values, which no test changes."""
    from tests.sources.butler.pulls import FIRST, METRICS, TOP, TRACTS  # noqa: PLC0415 - skipped
    from tests.sources.butler_repository import TestRepository  # noqa: PLC0415

    root = tmp_path_factory.mktemp("large")
    repository = TestRepository(root / "repo", tracts=len(TRACTS))
    run = repository.run(FIRST)
    repository.ingest(repository.tract_values(METRICS, run, TRACTS))
    repository.chain(TOP, [run])
    return root


@pytest.fixture
def repository(tmp_path):
    """Return a small repository to write to; it is called ``repo``."""
    from tests.sources.butler_repository import TestRepository  # noqa: PLC0415

    return TestRepository(tmp_path / "repo")


@pytest.fixture
def artifacts(monkeypatch):
    """Return how often each artifact was fetched."""
    counts: Counter[str] = Counter()
    fetch = repository_module._fetch

    def count(uri):
        counts[str(uri)] += 1
        return fetch(uri)

    monkeypatch.setattr(repository_module, "_fetch", count)
    return counts


@pytest.fixture
def listed(monkeypatch):
    """Return the UUIDs that the registry named."""
    found: list[str] = []
    make = repository_module._dataset

    def note(*args):
        dataset = make(*args)
        found.append(dataset.uuid)
        return dataset

    monkeypatch.setattr(repository_module, "_dataset", note)
    return found
