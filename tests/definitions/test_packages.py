from __future__ import annotations

import csv
from pathlib import Path

import pytest

from reportgen.definitions.packages import Package, read_packages
from reportgen.errors import DefinitionError
from reportgen.model.definitions import Metric, Reference, Specification
from reportgen.model.status import Kind
from tests.definitions.folders import limit, write_files


@pytest.fixture(scope="module")
def verify_metrics(shared: Path) -> Package:
    """Return the checkout of lsst/verify_metrics."""
    return read_packages([shared / "data" / "real" / "verify_metrics"])


def test_verify_metrics_resolves_as_upstream_resolves_it(verify_metrics, shared):
    """Each specification of lsst/verify_metrics is what upstream lsst.verify makes of it."""
    with (shared / "facts" / "verify_metrics_specs.csv").open(newline="") as file:
        expected = {
            row["full_name"]: (
                f"{row['package']}.{row['metric']}",
                row["operator"],
                float(row["threshold"]),
                row["unit"],
                row["metadata_query"],
                row["tags"],
            )
            for row in csv.DictReader(file)
            # The checkout lacks the files of CFHT and DECam.
            if "cfht" not in row["full_name"] and "decam" not in row["full_name"]
        }
    found = {
        spec.name: (
            spec.metric,
            spec.operator,
            spec.threshold,
            spec.unit,
            ";".join(f"{key}={value}" for key, value in sorted(spec.metadata_query.items())),
            " ".join(sorted(spec.tags)),
        )
        for spec in verify_metrics.specifications.values()
    }
    assert len(found) == 757
    assert found == expected
    assert verify_metrics.problems == ()


def test_metrics_of_verify_metrics_are_all_there(verify_metrics, shared):
    """Each metric has upstream's unit, tags and description, merges and sets resolved."""
    with (shared / "facts" / "verify_metrics_metrics.csv").open(newline="") as file:
        expected = {
            f"{row['package']}.{row['metric']}": (
                row["unit"],
                sorted(row["tags"].split()),
                row["description"].split(),
            )
            for row in csv.DictReader(file)
        }
    found = {
        metric.name: (metric.unit, sorted(metric.tags), metric.description.split())
        for metric in verify_metrics.metrics.values()
    }
    assert len(found) == 1032
    assert found == expected


def test_everything_a_file_says_is_kept(tmp_path):
    """A metric and a specification carry units, tags, reference and the file they are from."""
    folder = write_files(
        tmp_path / "definitions",
        {
            "metrics/validate_drp.yaml": """
                PA1:
                  description: >
                    Scatter of magnitudes.
                  unit: milliarcsecond
                  tags: photometry
                  reference:
                    doc: LPM-17
                    page: [21, 22]
                    url: [http://ls.st/lpm-17, "javascript:a"]
                PF1:
                  description: Outliers.
                  unit: percent
                  tags: !!set {b, a}
                n: {unit: ''}
                """,
            "specs/validate_drp/PA1.yaml": """
                metric: PA1
                name: design
                threshold: {value: 5e-3, unit: mag, operator: "<="}
                tags: [a, b, a]
                metadata_query: {instrument: HSC, visits: [1, 2]}
                """,
        },
    )
    reference = Reference(docs=("LPM-17",), page="21, 22", urls=("http://ls.st/lpm-17",))
    metrics = "definitions/metrics/validate_drp.yaml"
    assert read_packages([folder]) == Package(
        metrics={
            "validate_drp.PA1": Metric(
                name="validate_drp.PA1",
                description="Scatter of magnitudes.",
                unit="marcsec",
                tags=("photometry",),
                reference=reference,
                origin=metrics,
            ),
            "validate_drp.PF1": Metric(
                name="validate_drp.PF1",
                description="Outliers.",
                unit="%",
                tags=("a", "b"),
                origin=metrics,
            ),
            "validate_drp.n": Metric(name="validate_drp.n", unit="", origin=metrics),
        },
        specifications={
            "validate_drp.PA1.design": Specification(
                name="validate_drp.PA1.design",
                metric="validate_drp.PA1",
                operator="<=",
                threshold=0.005,
                unit="mag",
                kind=Kind.REQUIREMENT,
                level="design",
                metadata_query={"instrument": "HSC", "visits": [1, 2]},
                tags=("a", "b"),
                reference=reference,
                origin="definitions/specs/validate_drp/PA1.yaml",
            )
        },
    )


def test_an_empty_folded_scalar_is_dimensionless_and_no_unit_is_unknown(tmp_path):
    """``unit: >`` with nothing after it is dimensionless; a metric without the key has none."""
    text = "a:\n  unit: >\n  tags: x\nb:\n  tags: x\n"
    found = read_packages([write_files(tmp_path / "d", {"metrics/p.yaml": text})]).metrics
    assert (found["p.a"].unit, found["p.b"].unit) == ("", None)


def test_several_folders_are_one(tmp_path):
    """Folders can inherit from each other, and files are named relative to the root."""
    write_files(tmp_path / "a", {"specs/p/base.yaml": limit("PA1.design")})
    write_files(tmp_path / "b", {"specs/q/x.yaml": "{name: q.PA1.mine, base: p.PA1.design}"})
    found = read_packages([tmp_path / "a", tmp_path / "b"], tmp_path)
    assert found.problems == ()
    assert found.specifications["q.PA1.mine"].threshold == 5
    assert found.specifications["q.PA1.mine"].origin == "b/specs/q/x.yaml"


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    """A folder that does not exist, or is no package, cannot be meant."""
    with pytest.raises(DefinitionError, match=r"^d: this folder does not exist"):
        read_packages([tmp_path / "d"])
    (tmp_path / "d").mkdir()
    with pytest.raises(DefinitionError, match=r"^d: there is neither metrics/ nor specs/"):
        read_packages([tmp_path / "d"])
