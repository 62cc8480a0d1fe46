from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.config import Config, load_config
from reportgen.definitions.catalogue import Definitions, load_definitions
from reportgen.errors import DefinitionError
from reportgen.model.definitions import Reference
from tests.definitions.folders import limit, write_files
from tests.definitions.test_srd import TABLE
from tests.factories import make_metric, make_specification

CONFIG = """
    [definitions]
    packages = ["data/definitions"]
    overrides = "data/overrides.toml"
    watch = ["data/watch.yaml"]
    triage = "data/triage.toml"
    """
FILES = {
    "reportgen.toml": CONFIG,
    "data/definitions/metrics/validate_drp.yaml": """
        PA1: {description: Scatter., unit: mmag, reference: {doc: LPM-17}}
        """,
    "data/definitions/specs/validate_drp/PA1.yaml": limit("PA1.design_gri"),
    "data/overrides.toml": """
        [[limit]]
        specification = ["*.PA1.*", "*.e1.low"]
        threshold = 6
        reason = "so"
        """,
    "data/watch.yaml": "e1: {lowThreshold: 1, description: Shape.}",
    "data/triage.toml": """
        [[issue]]
        metric = "PA1"
        owner = "Ada"
        reason = "known"
        """,
    "notes/a.md": "# Note",
}


def _config(folder: Path, **more: str) -> Config:
    return load_config(write_files(folder, {**FILES, **more}))


def test_everything_the_configuration_names_is_loaded(tmp_path):
    """Packages, watch ranges, overrides, triage, notes and the SRD table are one value."""
    found = load_definitions(_config(tmp_path, **{"data/srd.csv": TABLE}))
    assert found.problems == ()
    assert sorted(found.metrics) == ["analysis_tools.e1", "validate_drp.PA1"]
    assert found.specifications == {
        "validate_drp.PA1.design_gri": make_specification(
            "validate_drp.PA1.design_gri",
            threshold=6,
            reference=Reference(docs=("LPM-17",), section="3.3.4 Photometric Quality, Table 14"),
            origin="data/definitions/specs/validate_drp/PA1.yaml",
            correction="5 → 6: so",
        )
    }
    (watch,) = found.watch.values()
    assert (watch.name, watch.threshold, watch.origin) == (
        "analysis_tools.e1.low",
        6,
        "data/watch.yaml",
    )
    assert [issue.owner for issue in found.triage.issues] == ["Ada"]
    assert [note.title for note in found.notes] == ["Note"]
    assert len(found.srd) == 3


def test_the_srd_table_may_be_in_the_package(tmp_path):
    """The table in the first package is used before the one beside it."""
    files = {"data/definitions/srd.csv": TABLE, "data/srd.csv": "broken"}
    assert len(load_definitions(_config(tmp_path, **files)).srd) == 3


def test_a_report_needs_no_definitions(tmp_path):
    """Without ``[definitions]`` nothing is defined, and nothing is wrong."""
    config = load_config(write_files(tmp_path, {"reportgen.toml": ""}))
    assert load_definitions(config) == Definitions()


def test_problems_of_all_files_are_together(tmp_path):
    """Wrong files of packages, watch lists and notes, and unused corrections, are all said."""
    files = {
        "data/definitions/metrics/bad.yaml": "a: [",
        "data/watch.yaml": "e1: 5",
        "notes/bad.md": "---\ndate: soon\n---\n",
        "data/overrides.toml": '[[limit]]\nspecification="PA9.*"\nthreshold=1\nreason="r"',
    }
    problems = load_definitions(_config(tmp_path, **files)).problems
    assert [problem.partition(":")[0] for problem in problems] == [
        "data/definitions/metrics/bad.yaml, line 2, column 1",
        "data/watch.yaml, e1",
        "notes/bad.md",
        "data/overrides.toml, limit[1] (PA9.*)",
    ]


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"reportgen.toml": '[definitions]\npackages=["no"]'}, "no: this folder does not exist."),
        ({"reportgen.toml": '[definitions]\noverrides="no"'}, "no: there is no such file."),
        ({"reportgen.toml": '[definitions]\ntriage="no"'}, "no: there is no such file."),
        ({"data/overrides.toml": "[[limit]]"}, "data/overrides.toml: limit[1], reason: is missing"),
        ({"data/triage.toml": "x = 1"}, "data/triage.toml: x = 1: unknown key"),
        ({"data/srd.csv": "x"}, "data/srd.csv, line 1: columns are missing"),
    ],
)
def test_a_wrong_file_of_rules_is_an_error(tmp_path, files, problem):
    """People's own rules must be right, since a report that ignores them would be wrong."""
    with pytest.raises(DefinitionError) as caught:
        load_definitions(_config(tmp_path, **files))
    assert str(caught.value).startswith(problem)


def test_what_a_job_carries_is_added_with_overrides(tmp_path):
    """A job's own definitions are corrected as well, and the packages win over them."""
    definitions = load_definitions(_config(tmp_path, **{"data/srd.csv": TABLE}))
    carried = [
        make_specification("validate_drp.PA1.design_gri", threshold=1.0),
        make_specification("validate_drp.PA1.mine", threshold=1.0),
    ]
    metrics = [make_metric("validate_drp.PA1", description="old"), make_metric("p.own")]
    found = definitions.for_job(metrics, carried)
    assert found.specifications == {
        **definitions.specifications,
        "validate_drp.PA1.mine": make_specification(
            "validate_drp.PA1.mine", threshold=6, correction="1 → 6: so"
        ),
    }
    assert found.metrics == {**definitions.metrics, "p.own": metrics[1]}
    assert found.overrides is definitions.overrides
    assert definitions.for_job([], []) is definitions
