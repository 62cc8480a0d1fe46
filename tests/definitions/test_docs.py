from __future__ import annotations

import re
from collections import defaultdict
from datetime import date

from reportgen.config import load_config
from reportgen.definitions.catalogue import load_definitions
from reportgen.definitions.overrides import Overrides
from reportgen.definitions.triage import KnownIssue
from tests.conftest import ROOT
from tests.definitions.folders import write_files

PAGE = (ROOT / "docs" / "definitions.md").read_text(encoding="utf-8")
BLOCK = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def test_the_examples_of_the_page_work_together(tmp_path):
    """The files that the page shows are a report's definitions without a problem."""
    files: dict[str, str] = defaultdict(str)
    for name, text in BLOCK.findall(PAGE):
        files[name] += text
    found = load_definitions(load_config(write_files(tmp_path, files)))
    assert found.problems == ()
    te2 = found.specifications["validate_drp.TE2.design"]
    assert te2.correction in " ".join(PAGE.split())
    assert te2.reference.section == "3.4 The Full Survey Specifications, Table 27"
    assert found.specifications["validate_drp.PA1.hsc_design_gri"].bands == ("g", "r", "i")
    assert found.overrides.canonical_name("analysis_tools.g_stellarPhotRepeatStdev") == (
        "validate_drp.PA1"
    )
    assert found.watch.keys() == {
        "analysis_tools.e1Diff_g_highSNStars_median.low",
        "analysis_tools.e1Diff_g_highSNStars_median.high",
    }
    assert found.triage.issues[0].active(date(2021, 12, 1))
    assert found.notes[0].runs == ("hsc-rc2/w_2021_34",)


def test_every_key_is_on_the_page():
    """Each key of an override or a known issue is explained by an example."""
    entries = [field.annotation.__args__[0] for field in Overrides.model_fields.values()]
    keys = {key for entry in [*entries, KnownIssue] for key in entry.model_fields}
    assert keys == {key for key in keys if re.search(rf"\b{key} = ", PAGE)}
    assert all(f"[[{table}]]" in PAGE for table in Overrides.model_fields)
