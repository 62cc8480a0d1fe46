"""The gate, from files that pipelines wrote to exit codes, and against the built site."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from reportgen import gating, pipeline
from reportgen.cli import app
from reportgen.config import load_config
from reportgen.errors import NoDataError, UnknownNameError
from reportgen.model.gate import ExitCode, Gate, GateRule, Outcome
from tests.gate_store import KNOWN, QUIET, write_calibrations, write_job, write_report

TODAY = date(2026, 11, 22)


def check(root: Path, run: str | None = None, against: str | None = None) -> Gate:
    """Pull what is there, and ask the gate at a fixed day."""
    config = load_config(root)
    pipeline.pull(config)
    return gating.check(config, run, against, today=TODAY)


def found(gate: Gate) -> list[tuple[str, str, str | None, str]]:
    """Return rule, metric, band and outcome of each finding."""
    return [(f.rule.value, f.metric, f.band, f.outcome.value) for f in gate.findings]


def test_nothing_worse_is_good(tmp_path: Path) -> None:
    """A quiet history passes, and the rules say how much they judged."""
    gate = check(write_report(tmp_path, {"r": QUIET}))
    assert gate.exit_code is ExitCode.GOOD
    assert found(gate) == []
    assert [(rule.rule.value, rule.judged, rule.of) for rule in gate.runs[0].rules] == [
        ("newly_failing", 1, 1),
        ("regressed", 1, 1),
        ("step", 1, 1),
    ]


def test_a_requirement_that_newly_fails_fails_the_gate(tmp_path: Path) -> None:
    """A limit crossed with a jump is a newly failing requirement and a regression."""
    gate = check(write_report(tmp_path, {"r": [*QUIET, 8.0], "g": [*QUIET, 4.0]}))
    assert gate.exit_code is ExitCode.WORSE
    assert found(gate) == [
        ("newly_failing", "pkg.PA1", "r", "worse"),
        ("regressed", "pkg.PA1", "r", "worse"),
    ]


def test_what_failed_before_is_not_worse(tmp_path: Path) -> None:
    """A requirement that the reference failed too does not fail the gate again."""
    gate = check(write_report(tmp_path, {"r": [*QUIET, 8.0, 8.1]}))
    assert gate.exit_code is ExitCode.GOOD


def test_another_reference_changes_the_answer(tmp_path: Path) -> None:
    """--against holds the run against any other; without RUN the newest of its dataset."""
    root = write_report(tmp_path, {"r": [*QUIET, 8.0, 8.1]})
    assert check(root, None, "w_2026_10").exit_code is ExitCode.WORSE
    assert check(root, "w_2026_12", "w_2026_10").runs[0].reference.release == "w_2026_10"  # type: ignore[union-attr]
    with pytest.raises(UnknownNameError, match="hold it against"):
        check(root, "w_2026_12", "w_2026_12")


def test_a_known_issue_excuses_and_is_named(tmp_path: Path) -> None:
    """What an entry covers passes with owner, ticket and expiry; the rest does not."""
    root = write_report(tmp_path, {"r": [*QUIET, 8.0]}, triage=KNOWN)
    gate = check(root)
    assert gate.exit_code is ExitCode.GOOD
    assert {f.outcome for f in gate.findings} == {Outcome.KNOWN}
    assert gate.findings[0].issues[0].label == "Ada, DM-1, until 2100-01-01"
    write_job(root, "w_2026_11", "g", 8.0)
    write_job(root, "w_2026_10", "g", 4.0)
    gate = check(root)
    assert gate.exit_code is ExitCode.WORSE
    assert {(f.band, f.outcome.value) for f in gate.findings} == {("r", "known"), ("g", "worse")}


@pytest.mark.parametrize(
    ("triage", "values", "state"),
    [
        (KNOWN.replace("2100", "2026"), [*QUIET, 8.0], "expired"),
        (KNOWN, QUIET, "settled"),
        (KNOWN.replace('"PA1"', '"AM1"'), QUIET, "fits_nothing"),
        (KNOWN + 'run = "dc2/*"\n', QUIET, "fits_nothing"),
    ],
)
def test_entries_that_are_no_longer_true_are_said(
    tmp_path: Path, triage: str, values: list[float], state: str
) -> None:
    """An entry that has expired, is settled or fits nothing is named; it does not fail alone."""
    gate = check(write_report(tmp_path, {"r": values}, triage=triage))
    assert [one.state for one in gate.issues] == [state]
    assert gate.exit_code is (ExitCode.WORSE if state == "expired" else ExitCode.GOOD)


@pytest.mark.parametrize(
    ("setting", "outcomes", "code"),
    [
        ("", ["said"], ExitCode.GOOD),
        ('[check]\nnot_measured = "fail"\n', ["worse"], ExitCode.WORSE),
        ('[check]\nnot_measured = "ignore"\n', [], ExitCode.GOOD),
    ],
)
def test_what_is_no_longer_measured_is_as_configured(
    tmp_path: Path, setting: str, outcomes: list[str], code: ExitCode
) -> None:
    """A value that is gone is said, fails the gate or is left out, as `[check]` says."""
    root = write_report(tmp_path, {"r": [*QUIET, None], "g": [*QUIET, 4.1]}, extra=setting)
    gate = check(root)
    assert [f.outcome.value for f in gate.findings if f.rule is GateRule.NOT_MEASURED] == outcomes
    assert gate.exit_code is code


def test_a_step_alarms_where_it_begins_and_when_it_is_confirmed(tmp_path: Path) -> None:
    """A confirmed step for the worse fails the gate at its run and at the run that confirms it."""
    root = write_report(tmp_path, {"r": [*QUIET, 4.7, 4.8, 4.7, 4.8, 4.7]})

    def steps(run: str) -> list[str]:
        gate = gating.check(load_config(root), run, None, today=TODAY)
        return [f.because for f in gate.findings if f.rule is GateRule.STEP]

    pipeline.pull(load_config(root))
    assert steps("w_2026_11") == ["a confirmed step for the worse begins here"]
    assert steps("w_2026_12") == steps("w_2026_13") == []
    assert steps("w_2026_14") == [
        "a step for the worse that began at w_2026_11 is confirmed by this run"
    ]
    assert steps("w_2026_15") == []


def test_a_calibration_test_that_newly_fails_says_what_its_value_did(tmp_path: Path) -> None:
    """Verdict and value apart: a value that moved, and one that only its limit overtook."""
    root = write_report(tmp_path, {"r": QUIET})
    write_calibrations(root, [(7.5, True), (7.5, True), (7.6, True), (9.9, False)])
    gate = check(root, "2026-01-04")
    assert gate.exit_code is ExitCode.WORSE
    assert found(gate) == [("calibration_test", "cp_verify.BIAS_NOISE", None, "worse")]
    text = invoke(root, "check", "2026-01-04")[1]
    assert "verdict: fails since 2026-01-04 in detector 0 C00" in text
    assert "value: median change of NOISE +30\u00a0%" in text
    write_calibrations(root, [(7.5, True), (7.5, True), (7.6, True), (7.5, False)])
    check(root, "2026-01-04")
    text = invoke(root, "check", "2026-01-04")[1]
    assert "value: NOISE is what it was when it passed: what it is judged against changed" in text


def test_one_amplifier_can_be_known(tmp_path: Path) -> None:
    """An entry with a place excuses that amplifier and no other."""
    entry = '[[issue]]\nmetric="cp_verify.BIAS_*"\nplace="0 {}"\nowner="Ada"\nreason="hot"\n'
    root = write_report(tmp_path, {"r": QUIET}, triage=entry.format("C0?"))
    write_calibrations(root, [(7.5, True), (7.5, True), (7.6, True), (9.9, False)])
    assert check(root, "2026-01-04").exit_code is ExitCode.GOOD
    (root / "triage.toml").write_text(entry.format("C1?"))
    assert check(root, "2026-01-04").exit_code is ExitCode.WORSE


def test_where_no_rule_can_run_nothing_is_called_good(tmp_path: Path) -> None:
    """The first run of a dataset has no reference: exit code 2 names each rule and why."""
    gate = check(write_report(tmp_path, {"r": [8.0]}))
    assert gate.exit_code is ExitCode.UNKNOWN
    assert {rule.why for rule in gate.runs[0].rules} == {
        "there is no run before it in its dataset",
        "no history has points enough to tell a step",
    }
    assert [(f.outcome, f.because) for f in gate.findings] == [
        (
            Outcome.SAID,
            "it fails its requirement at level design; there is no reference to say since when",
        )
    ]


def test_a_first_run_that_meets_its_requirements_is_good(tmp_path: Path) -> None:
    """What passes cannot newly fail, also where there is nothing to compare with."""
    gate = check(write_report(tmp_path, {"r": [4.0], "g": [8.0]}))
    assert gate.exit_code is ExitCode.GOOD
    assert found(gate) == [("newly_failing", "pkg.PA1", "g", "said")]


def test_an_empty_store_is_an_error(tmp_path: Path) -> None:
    """Without data there is no verdict."""
    root = write_report(tmp_path, {})
    with pytest.raises(NoDataError, match="reportgen pull"):
        gating.check(load_config(root), None, None, today=TODAY)


def invoke(root: Path, *arguments: str, **env: str) -> tuple[int, str]:
    """Run the command line in this process."""
    result = CliRunner().invoke(app, [*arguments, "--config", str(root)], env=env)
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("values", "code", "says"),
    [
        (QUIET, 0, "good: Nothing is worse in 1 run."),
        ([*QUIET, 8.0], 1, "worse: 1 newly failing requirement, 1 regression."),
        ([8.0], 2, "unknown: No rule could judge HSC w_2026_01."),
        ([], 2, "Error: No results are stored in data/store."),
    ],
)
def test_exit_codes_of_the_program(
    tmp_path: Path, values: list[float], code: int, says: str
) -> None:
    """The real program returns 0, 1 and 2, and says why."""
    root = write_report(tmp_path, {"r": values})
    pipeline.pull(load_config(root))
    done = program(root)
    assert done.returncode == code
    assert says in (done.stderr if says.startswith("Error") else done.stdout)


def test_an_unreadable_configuration_is_exit_code_2(tmp_path: Path) -> None:
    """A wrong configuration or triage file is one line, never a verdict."""
    root = write_report(tmp_path, {"r": QUIET})
    pipeline.pull(load_config(root))
    (root / "triage.toml").write_text("[[issue]]\nmetric='x'\n")
    done = program(root)
    assert done.returncode == 2
    assert "issue[1] (x), owner: is missing" in done.stderr
    (root / "reportgen.toml").write_text("[check]\nnot_measured = 'maybe'\n")
    done = program(root)
    assert done.returncode == 2
    assert "check.not_measured = 'maybe'" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def program(root: Path) -> subprocess.CompletedProcess[str]:
    """Run `reportgen check` as a program."""
    command = [sys.executable, "-m", "reportgen", "check", "--config", str(root)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_annotations_and_summary_of_a_workflow(tmp_path: Path) -> None:
    """Github prints annotations, and adds Markdown to the file that the step names."""
    root = write_report(tmp_path, {"r": [*QUIET, 8.0], "g": [*QUIET, 8.0]}, triage=KNOWN)
    check(root)
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    code, output = invoke(root, "check", "--format", "github", GITHUB_STEP_SUMMARY=str(summary))
    assert code == 1
    lines = output.splitlines()
    assert lines[0].startswith("::error title=reportgen check::1 newly failing requirement")
    assert "::error title=HSC w_2026_11%3A newly failing requirement::PA1 in g" in output
    known = next(line for line in lines if "PA1 in r" in line)
    assert known.startswith("::warning ")
    assert "known issue (Ada, DM-1, until 2100-01-01)" in known
    text = summary.read_text()
    assert text.startswith("before\n## ❌ ")
    assert "https://example.org/metrics/runs/hsc/w_2026_11/#PA1-g" in text


def test_an_error_is_an_annotation_too(tmp_path: Path) -> None:
    """Where the gate cannot even start, the workflow's page says why."""
    root = write_report(tmp_path, {})
    summary = tmp_path / "summary.md"
    code, output = invoke(root, "check", "--format", "github", GITHUB_STEP_SUMMARY=str(summary))
    assert code == 2
    assert "::error title=reportgen check::No results are stored" in output
    assert "No results are stored" in summary.read_text()


def test_junit_is_valid_xml_with_properties(tmp_path: Path) -> None:
    """Worse is a failure, known is skipped with its issue, and totals add up."""
    root = write_report(tmp_path, {"r": [*QUIET, 8.0], "g": [*QUIET, 8.0]}, triage=KNOWN)
    check(root)
    code, output = invoke(root, "check", "--format", "junit")
    assert code == 1
    tree = ET.fromstring(output)
    assert [tree.get(name) for name in ("tests", "failures", "errors", "skipped")] == [
        *("7", "2", "0", "2")
    ]
    cases = {case.get("name"): case for case in tree.iter("testcase")}
    known = cases["regression: PA1 in r by faro"]
    assert "Ada, DM-1" in known.find("skipped").get("message")
    facts = {p.get("name"): p.get("value") for p in known.iter("property")}
    assert facts["ticket"] == "DM-1"
    assert facts["metric"] == "pkg.PA1"
    assert cases["regression: PA1 in g by faro"].find("failure") is not None


def test_the_gate_says_what_the_site_says(tmp_path: Path) -> None:
    """Newly failing, regressed, steps and tests are those of the JSON of the built site."""
    root = write_report(
        tmp_path,
        {
            "r": [*QUIET, 8.0],
            "g": [*QUIET, 4.7],
            "i": [6.0, *QUIET[1:], 4.1],
            "z": [*QUIET[:5], 4.8, 4.7, 4.8, 4.7, 4.8, 4.7],
            "y": [*QUIET, None],
        },
    )
    write_calibrations(root, [(7.5, True), (7.5, True), (7.6, True), (9.9, False)])
    pipeline.build(load_config(root), today=TODAY)
    events = read(root, "events.json")["events"]
    for comparison in sorted((root / "site/api/v1/compare").rglob("*.json")):
        document = json.loads(comparison.read_text())
        gate = gating.check(load_config(root), document["b"], document["a"], today=TODAY)
        rows = document["rows"]
        assert keys(gate, "newly_failing") == {key(row) for row in rows if row["newly_failing"]}
        assert keys(gate, "regressed") == {key(r) for r in rows if r["verdict"] == "regressed"}
        assert keys(gate, "not_measured") == {key(r) for r in rows if r["verdict"] == "removed"}
        begun = {
            (member["metric"], member["data_id"].get("band"))
            for event in events
            if (event["kind"], event["status"], event["run"])
            == ("step", "confirmed", gate_run(gate))
            for member in event["members"]
            if member["better"] is False
        }
        assert {
            (f.metric, f.band)
            for f in gate.findings
            if f.rule is GateRule.STEP and f.because.endswith("begins here")
        } == begun
        tests = {
            (member["data_id"]["instrument"], member["metric"])
            for event in events
            if (event["kind"], event["run"]) == ("newly_failing", gate_run(gate))
            and event["url"].startswith("calibrations/")
            for member in event["members"]
        }
        assert {
            (f.test.stage.instrument, f.test.test.test) for f in gate.findings if f.test
        } == tests
    assert {event["kind"] for event in events} >= {"newly_failing", "step", "missing"}


def read(root: Path, path: str) -> Any:
    """Return a JSON document of the built site."""
    return json.loads((root / "site" / "api" / "v1" / path).read_text())


def gate_run(gate: Gate) -> str:
    """Return the id of the only run of a gate."""
    (run,) = gate.runs
    return run.run.id


def key(row: dict[str, Any]) -> tuple[str, str | None]:
    """Return metric and band of a row of the JSON."""
    return row["metric"], row["data_id"].get("band")


def keys(gate: Gate, rule: str) -> set[tuple[str, str | None]]:
    """Return metric and band of what a rule found."""
    return {(f.metric, f.band) for f in gate.findings if f.rule.value == rule}


@pytest.mark.parametrize(
    ("place", "passes", "states"),
    [
        ("0 C00", False, []),
        ("detector 0 C0?", False, []),
        ("0 C00", True, ["settled"]),
        ("0 C99", False, ["fits_nothing"]),
        ("R22_*", True, ["fits_nothing"]),
    ],
)
def test_a_known_issue_at_a_place_is_held_against_that_place(
    tmp_path, place, passes, states
) -> None:
    """A place that no test judges fits nothing, one that passes is settled."""
    triage = (
        f'[[issue]]\nmetric = "cp_verify.BIAS_NOISE"\nplace = "{place}"\n'
        'owner = "Grace"\nreason = "hot"\n'
    )
    root = write_report(tmp_path, {"r": QUIET}, triage=triage)
    write_calibrations(root, [(7.5, True), (7.6, True), (9.9, passes)])
    assert [one.state for one in check(root).issues] == states
