from __future__ import annotations

import copy
import csv
import json
from pathlib import Path
from typing import Any

import pytest

from reportgen.definitions.jobs import read_job, union
from reportgen.definitions.packages import Package, read_packages
from reportgen.definitions.selection import Selector
from reportgen.model.definitions import Metric, Reference
from tests.factories import make_metric, make_specification

LIMIT = {"value": 5.0, "unit": "mmag", "operator": "<="}


@pytest.fixture(scope="module")
def cfht_job(shared: Path) -> Any:
    """Return a job that validate_drp wrote for CFHT data."""
    return json.loads((shared / "data/real/squash-api/Cfht_output_r.json").read_text())


def _oracle(path: Path) -> set[tuple[str, str, float, str]]:
    with path.open(newline="") as file:
        return {
            (row["specification"], row["operator"], float(row["threshold"]), row["threshold_unit"])
            for row in csv.DictReader(file)
        }


def _judged(definitions: Package, job: Any) -> set[tuple[str, str, float, str]]:
    measured = {measurement["metric"] for measurement in job["measurements"]}
    chosen = Selector(definitions.specifications.values()).select(job["meta"])
    return {(s.name, s.operator, s.threshold, s.unit) for s in chosen if s.metric in measured}


def test_a_jobs_own_specifications_are_those_upstream_reports(cfht_job, shared):
    """The 45 rows that upstream reports for a real job are the ones that apply to it."""
    expected = _oracle(shared / "oracles/squash-api_Cfht_output_r_own_specs.csv")
    assert len(expected) == 45
    assert _judged(read_job(cfht_job, "job"), cfht_job) == expected


def test_union_with_a_package_is_what_upstream_reports(cfht_job, shared):
    """With verify_metrics added, the 190 rows upstream reports apply, with their limits."""
    expected = _oracle(shared / "oracles/squash-api_Cfht_output_r_current_specs.csv")
    assert len(expected) == 190
    package = read_packages([shared / "data/real/verify_metrics"])
    assert _judged(union(package, read_job(cfht_job, "job")), cfht_job) == expected


def test_every_definition_of_real_jobs_is_read(shared):
    """All metrics and specifications of two real jobs are read, and the jobs left as they are."""
    counts = {"Cfht_output_r.json": (36, 225), "verify_job_with_nan.json": (62, 628)}
    for name, expected in counts.items():
        job = json.loads((shared / "data/real/squash-api" / name).read_text())
        before = json.dumps([job["metrics"], job["specs"]])
        found = read_job(job, name)
        assert (len(found.metrics), len(found.specifications)) == expected
        assert found.problems == ()
        assert json.dumps([job["metrics"], job["specs"]]) == before


def test_old_files_are_read():
    """References may be null or hold lists, tags may be missing, ``filter_name`` may be any."""
    job = {
        "metrics": [
            {
                "name": "p.a",
                "description": None,
                "unit": None,
                "reference": {
                    "doc": ["A", "B"],
                    "url": ["https://a", None, "https://b"],
                    "page": 31,
                },
            },
            {"name": "p.b", "reference": None, "tags": None, "unit": "percent"},
            {"name": "c", "reference": {"doc": None, "page": None, "url": None}, "unit": ""},
        ],
        "specs": [
            {
                "name": "p.a.design",
                "type": "threshold",
                "threshold": LIMIT,
                "metadata_query": {"filter_name": "any"},
            }
        ],
    }
    before = copy.deepcopy(job)
    found = read_job(job, "job.json", package="q")
    reference = Reference(docs=("A", "B"), page="31", urls=("https://a", "https://b"))
    assert found.metrics == {
        "p.a": Metric(name="p.a", reference=reference, origin="job.json"),
        "p.b": Metric(name="p.b", unit="%", origin="job.json"),
        "q.c": Metric(name="q.c", unit="", origin="job.json"),
    }
    (spec,) = found.specifications.values()
    assert (spec.reference, spec.tags) == (reference, ())
    selector = Selector([spec])
    assert selector.select({"filter_name": "any"}) == [spec]
    assert selector.select({"filter_name": "r"}) == []
    assert job == before
    assert found.problems == ()


@pytest.mark.parametrize(
    ("job", "problem"),
    [
        ({"metrics": {"a": 1}}, "job, metrics: it is not a list."),
        ({"metrics": [5]}, "job, metrics[1]: it is 5; it has to be a mapping of fields."),
        ({"metrics": [{"unit": "mag"}]}, "job, metrics[1]: it has no name."),
        ({"metrics": [{"name": "bare"}]}, "job, metrics[1]: 'bare' is not a metric name"),
        ({"specs": [{"name": "p.a.b"}]}, "job, specs[1]: there is no threshold"),
        (
            {"specs": [{"name": "p.a.b", "threshold": LIMIT | {"value": None}}]},
            "job, specs[1]: threshold.value is missing",
        ),
        (
            {"specs": [{"name": "p.a.b", "threshold": LIMIT | {"unit": None}}]},
            "job, specs[1]: threshold.unit is missing",
        ),
    ],
)
def test_a_wrong_entry_is_a_problem(job, problem):
    """A definition in a job that cannot be used is said to be wrong, with its place."""
    (sentence,) = read_job(job, "job").problems
    assert sentence.startswith(problem)


def test_a_job_without_definitions_has_none():
    """Jobs as sent to SQuaSH carry no definitions."""
    assert read_job({"measurements": []}, "job") == Package()


def test_a_package_wins_over_a_job():
    """Of the same name, the definition of the package is used; others come from both."""
    older, newer = make_specification("p.a.x"), make_specification("p.a.x", threshold=2.0)
    only_job, only_package = make_specification("p.a.y"), make_specification("p.a.z")
    in_job = Package(
        metrics={"p.a": make_metric("p.a"), "p.b": make_metric("p.b")},
        specifications={"p.a.x": older, "p.a.y": only_job},
    )
    package = Package(
        metrics={"p.a": make_metric("p.a", unit="mag")},
        specifications={"p.a.x": newer, "p.a.z": only_package},
    )
    both = union(package, in_job)
    assert both.specifications == {"p.a.x": newer, "p.a.y": only_job, "p.a.z": only_package}
    assert both.metrics == {"p.a": package.metrics["p.a"], "p.b": in_job.metrics["p.b"]}
