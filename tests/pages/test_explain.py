"""Explanations: from stored runs to the text and the JSON of ``reportgen explain``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reportgen.analysis.comparison.compare import compare_runs
from reportgen.analysis.explain import explain
from reportgen.analysis.histories.trends import add_trends
from reportgen.errors import UnknownNameError
from reportgen.model.explanation import Explanation
from reportgen.pages.explain_api import as_json
from reportgen.pages.explain_text import as_text
from tests.analysis.comparison.cases import Cases, rules, tracts, weeklies
from tests.factories import make_row, make_specification

QUIET = [4.0, 4.1, 4.0, 4.2, 4.1, 4.0, 4.1, 4.2, 4.0, 4.1]


def explained(cases: Cases, at: int, metric: str = "PA1", **more: Any) -> list[Explanation]:
    """Explain a metric in one of the weeklies, against the one before it."""
    b = cases.run(f"w_2026_{at:02}")
    a = cases.run(f"w_2026_{at - 1:02}")
    comparison = compare_runs(a, b, cases.histories, rules())
    (history,) = add_trends(cases.metrics(), rules())
    return explain(metric, b, comparison, history, **more)


def test_everything_that_was_looked_at_is_said(tmp_path: Path) -> None:
    """Value, conversion, limit, baseline, noise, threshold and decision are in the text."""
    limit = make_specification(threshold=0.005, unit="mag")
    cases = Cases(tmp_path, weeklies([*QUIET, 8.0]), specifications=(limit,))
    text = as_text(explained(cases, 11))
    before, after = text.split("  History\n")
    assert before == (
        "validate_drp.PA1 in r by faro, HSC RC2 w_2026_11\n"
        "  Value\n"
        "    8\u00a0mmag (8 mmag)\n"
        "  Limits\n"
        "    fail: 0.008 ≤\u00a00.005\u00a0mag, 60\u00a0% over"
        " (validate_drp.PA1.design, requirement, design)\n"
        "      converted from mmag to mag: times 0.001\n"
        "  Change\n"
        "    reference: w_2026_10\n"
        "    4.1 → 8\u00a0mmag: +3.9\u00a0mmag (+95\u00a0%)\n"
        "    basis: past changes\n"
        "    noise: 0.1\u00a0mmag (median of past changes)\n"
        "    baseline: w_2026_01 4, w_2026_02 4.1, w_2026_03 4, w_2026_04 4.2, w_2026_05 4.1,"
        " w_2026_06 4, w_2026_07 4.1, w_2026_08 4.2, w_2026_09 4, w_2026_10 4.1\n"
        "    threshold: 0.1\u00a0mmag (Q3 + 3 IQR of past changes)\n"
        "    tolerance: 0.041\u00a0mmag\n"
        "    direction: lower is better\n"
        "    regressed: beyond 0.1\u00a0mmag, the usual size of its changes\n"
    )
    assert after.partition("  Decision\n")[2] == (
        "    alarm, because:\n"
        "    - it fails a requirement that the reference met\n"
        "    - against w_2026_10 it is regressed: beyond 0.1\u00a0mmag, the usual size of its"
        " changes\n"
    )
    assert after.startswith("    11 points, noise ")


def test_no_alarm_is_explained_rule_by_rule(tmp_path: Path) -> None:
    """For a quiet run each rule says why it raised nothing."""
    cases = Cases(tmp_path, weeklies(QUIET))
    (one,) = explained(cases, 10)
    assert one.alarms == []
    assert one.quiet == [
        "it meets its requirement at level design",
        "against w_2026_09 it is unchanged: inside 0.2\u00a0mmag, the usual size of its changes",
        "no step begins at this run",
    ]
    assert "no alarm, because:" in as_text([one])


def test_a_step_is_new_then_an_alarm_then_normal(tmp_path: Path) -> None:
    """The run at which a step begins says new, later alarm; the runs after it are normal."""
    fresh = Cases(tmp_path / "new", weeklies([*QUIET, 6.0, 6.1], unit="mmag"))
    (one,) = explained(fresh, 11)
    assert any("has not stood at two more looks" in text for text in one.quiet)
    stood = Cases(tmp_path / "old", weeklies([*QUIET, 6.0, 6.1, 6.0, 6.2, 6.1, 6.0, 6.1]))
    (one,) = explained(stood, 11)
    assert "a confirmed step for the worse begins here" in one.alarms
    (after,) = explained(stood, 16)
    assert after.alarms == []
    assert "no step begins at this run; the level is that since w_2026_11" in after.quiet


def test_members_and_test_are_explained(tmp_path: Path) -> None:
    """A paired verdict names members, p, q, interval and the worst member."""
    a, b = [float(v) for v in range(20, 40)], [float(v) + 2 for v in range(20, 40)]
    runs = {"w_2026_01": tracts(a), "w_2026_02": tracts(b)}
    text = as_text(explained(Cases(tmp_path, runs), 2))
    for part in (
        "median of 20 of 20 members, from 22 to 41",
        "worst: tract 9019",
        "20 of 20 members fail; the worst is shown",
        "basis: paired members",
        "members: 20 of 20",
        "signed-rank test: p < 0.0001, q < 0.0001; 90 % interval 2 to 2",
    ):
        assert part in text


def test_missing_value_is_explained(tmp_path: Path) -> None:
    """A run without the value says why it is missing and that it is gone."""
    (one,) = explained(Cases(tmp_path, weeklies([4.0, None])), 2)
    text = as_text([one])
    assert "not measured: nan (1)" in text
    assert "removed: not measured: nan" in text
    assert "the requirement is not checked: there is no value" in text


def test_json_has_the_same_in_full(tmp_path: Path) -> None:
    """The JSON is strict and holds value, conversion, baseline and decision."""
    (found,) = json.loads(as_json(explained(Cases(tmp_path, weeklies([*QUIET, 9.0])), 11)))
    assert (found["value"], found["unit"], found["alarm"]) == (9.0, "mmag", True)
    assert found["checks"][0]["conversion"] == 1.0
    assert [one["value"] for one in found["change"]["baseline"]] == QUIET
    assert found["change"]["verdict"] == "regressed"


def test_one_band_or_all(tmp_path: Path) -> None:
    """Without a band every line of the metric is explained; a short name will do."""
    rows = [make_row(value=4.0, band=band) for band in "gr"]
    cases = Cases(tmp_path, {"w_2026_01": rows, "w_2026_02": rows})
    assert [one.line.band for one in explained(cases, 2, "validate_drp.PA1")] == ["g", "r"]
    assert [one.line.band for one in explained(cases, 2, band="g")] == ["g"]


@pytest.mark.parametrize(("metric", "band"), [("PA7", None), ("PA1", "y")])
def test_unknown_names_are_errors(tmp_path: Path, metric: str, band: str | None) -> None:
    """A metric or band that the run does not have is named, with those that it has."""
    cases = Cases(tmp_path, weeklies([4.0, 4.0]))
    with pytest.raises(UnknownNameError, match=r"Known: (validate_drp\.PA1|r)"):
        explained(cases, 2, metric, band=band)
