"""The sources of ``reportgen.toml``, read as `reportgen pull` reads them."""

from __future__ import annotations

from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from reportgen.config import Config, load_config
from reportgen.definitions.catalogue import Definitions, load_definitions
from reportgen.model.bundle import Expected, JobBundle
from reportgen.sources import read_jobs

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def config() -> Config:
    """Return the configuration of this repository."""
    return load_config(ROOT / "reportgen.toml")


@pytest.fixture(scope="module")
def definitions(config) -> Definitions:
    """All definitions of this repository."""
    return load_definitions(config)


@pytest.fixture(scope="module")
def records(config) -> dict[str, list]:
    """Return what each source yields, but for how much is to be expected."""
    return {
        source.name: [one for one in read_jobs(source) if not isinstance(one, Expected)]
        for source in config.source
    }


def test_everything_can_be_read(records):
    """No file of this repository is unreadable, and no source is empty."""
    assert all(records.values())
    odd = [r for found in records.values() for r in found if not isinstance(r, JobBundle)]
    assert odd == []


def test_datasets_and_runs(records):
    """The sources give these datasets with so many runs, each with one collection."""
    runs = {job.run for found in records.values() for job in found}
    assert len({run.id for run in runs}) == len(runs)
    assert Counter(run.dataset for run in runs) == {
        "validation_data_hsc": 3,
        "HSC RC2": 6,
        "LATISS calibrations (ci_cpp_gen3)": 9,
        "HSC RC2 weekly (demonstration)": 60,
        "ComCam calibrations (demonstration)": 6,
    }


def test_every_metric_is_defined(records, definitions):
    """Each metric that is not a calibration statistic has a definition, by its name or an alias."""
    stored = {
        row["metric"] for found in records.values() for job in found for row in job.measurements
    }
    shown = {
        definitions.overrides.canonical_name(name)
        for name in stored
        if not name.startswith("cp_verify.")
    }
    assert shown <= set(definitions.metrics)


def test_generated_and_measured_never_share_a_dataset(config, records):
    """A dataset comes from demonstration sources only, or from none of them."""
    generated = {source.name: source.demonstration for source in config.source}
    kinds: dict[str, set[bool]] = {}
    for name, found in records.items():
        for job in found:
            kinds.setdefault(job.run.dataset, set()).add(generated[name])
    assert all(len(kind) == 1 for kind in kinds.values())
    assert all(("demonstration" in dataset) == (True in kind) for dataset, kind in kinds.items())


def test_corrections_and_issues_are_about_runs_that_exist(records, definitions):
    """Each epoch names a dataset and a release, each known issue and note a run, that there are."""
    runs = {job.run for found in records.values() for job in found}
    for epoch in definitions.overrides.epoch:
        assert any(
            run.dataset in epoch.dataset and run.release == epoch.from_release for run in runs
        )
    ids = {run.id for run in runs}
    for issue in definitions.triage.issues:
        assert any(fnmatchcase(name, pattern) for name in ids for pattern in issue.run)
    for note in definitions.notes:
        assert set(note.runs) <= ids
        assert set(note.metrics) <= set(definitions.metrics)
