from __future__ import annotations

import csv

import pytest

from reportgen.definitions.packages import Package
from reportgen.definitions.watch import read_watch
from reportgen.model.definitions import Metric, Specification
from reportgen.model.status import Kind
from tests.definitions.folders import write_files

FILE = """
    e1_median:
        lowThreshold: -0.01
        highThreshold: 3e-2
        divergent: true
        debugGroup: PSF
        atoolFile: shapes.py
        description: |
            The median.
    count:
        lowThreshold: 0
        highThreshold: .inf
        atoolsFile: counts.py
    """


def test_a_range_is_two_watch_limits(tmp_path):
    """Each end of a range is a watch limit; an end that is left open has none."""
    found = read_watch(write_files(tmp_path, {"w.yaml": FILE}) / "w.yaml", "data/w.yaml")

    def limit(metric: str, side: str, operator: str, threshold: float, *tags: str) -> Specification:
        return Specification(
            name=f"analysis_tools.{metric}.{side}",
            metric=f"analysis_tools.{metric}",
            operator=operator,
            threshold=threshold,
            unit="",
            kind=Kind.WATCH_RANGE,
            tags=tags,
            origin="data/w.yaml",
        )

    specifications = [
        limit("e1_median", "low", ">=", -0.01, "PSF", "shapes.py"),
        limit("e1_median", "high", "<=", 0.03, "PSF", "shapes.py"),
        limit("count", "low", ">=", 0, "counts.py"),
    ]
    metrics = [
        Metric(
            name="analysis_tools.e1_median",
            description="The median.",
            tags=("PSF", "shapes.py"),
            origin="data/w.yaml",
        ),
        Metric(name="analysis_tools.count", tags=("counts.py",), origin="data/w.yaml"),
    ]
    assert found == Package(
        metrics={metric.name: metric for metric in metrics},
        specifications={spec.name: spec for spec in specifications},
    )


def test_the_ranges_of_analysis_tools(shared):
    """All 55 ranges of the real file are read, with either spelling of the key of the file."""
    path = shared / "data" / "real" / "analysis_tools" / "metricInformation.yaml"
    found = read_watch(path, path.name)
    with (shared / "facts" / "analysis_tools_thresholds.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["copy"] == "python"]
    assert found.problems == ()
    assert {spec.name: spec.threshold for spec in found.specifications.values()} == {
        f"analysis_tools.{row['metric']}.{side}": float(row[f"{side}_threshold"])
        for row in rows
        for side in ("low", "high")
    }
    assert {metric.name: metric.tags for metric in found.metrics.values()} == {
        f"analysis_tools.{row['metric']}": (row["debug_group"], row["atool_file"]) for row in rows
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [", "w.yaml, line "),
        ("[a]", "w.yaml: it is a list; it has to be a mapping of metrics."),
        ("a: 5\n", "w.yaml, a: it is 5; it has to be a mapping of lowThreshold"),
        ("a: {lowThreshold: low}\n", "w.yaml, a: lowThreshold is 'low'"),
        ("a: {highThreshold: .nan}\n", "w.yaml, a: highThreshold is nan"),
    ],
)
def test_a_wrong_entry_is_a_problem(tmp_path, text, problem):
    """What cannot be used is said with its key, and is left out."""
    found = read_watch(write_files(tmp_path, {"w.yaml": text}) / "w.yaml", "w.yaml")
    assert (found.metrics, found.specifications) == ({}, {})
    assert found.problems[0].startswith(problem)
