"""The comparison in the browser gives the numbers of ``reportgen compare``."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.analysis.comparison.compare import compare_runs
from reportgen.analysis.comparison.run_baselines import run_baselines
from reportgen.analysis.histories.trends import TrendRules
from reportgen.analysis.members import find_members
from reportgen.analysis.statistics.effects import median_interval, signed_rank
from reportgen.analysis.statistics.multiple import benjamini_hochberg
from reportgen.model.numbers import format_number
from reportgen.model.report import Epoch
from reportgen.pages import run_api
from reportgen.pages.comparison.api import baseline_documents, baselines_api, describe
from reportgen.pages.members import api as members_api
from reportgen.pages.paths import API
from reportgen.pages.paths import run_api as run_address
from tests.analysis.comparison.cases import Cases, Rows, rules
from tests.conftest import ROOT
from tests.factories import make_key, make_row, make_specification

SCRIPTS = ROOT / "site_templates" / "theme" / "assets" / "compare"
RNG = np.random.default_rng(11)

NODE = """
import { readFileSync } from "node:fs";
import "../numbers.js";
import { compare } from "./rows.js";
import { erfc, qValues, signedRank, medianInterval } from "./statistics.js";
const { formatNumber } = globalThis.reportgenNumbers;
const read = (name) => JSON.parse(readFileSync(name, "utf-8"));
const side = (name) => {
  const { run, baselines } = read(`${name}.json`);
  const files = new Set(run.measurements.flatMap((row) => row.members ? [row.members.api] : []));
  return { run, baselines, members: [...files].map((path) => read(path)) };
};
const { pairs, statistics } = read("tasks.json");
const found = pairs.map(([a, b, pa, pb]) => {
  const { lines, ...result } = compare(side(a), side(b), pa, pb);
  return { ...result, rows: result.rows.map(({ lines, ...row }) => row) };
});
console.log(JSON.stringify({
  found,
  erfc: statistics.erfc.map(erfc),
  numbers: statistics.numbers.map(formatNumber),
  p: statistics.samples.map(({ d, g }) => signedRank(d, g)),
  intervals: statistics.samples.map(({ d, g }) => medianInterval(d, g)),
  q: qValues(statistics.q),
}));
"""

NUMBERS = (
    "a", "b", "change", "relative", "ci_low", "ci_high", "p_value", "q_value",
    "threshold", "tolerance", "noise",
)  # fmt: skip
WORDS = (
    "metric", "producer", "producer_b", "verdict", "basis", "direction", "n", "of", "joined",
    "left", "status_a", "status_b", "newly_failing", "fixed", "unit", "medians_disagree",
)  # fmt: skip


NUMBERS_TO_SHOW = [
    0.0, 0.1, 0.1999999, 0.2, 1.0, 1.4, -3.19, 9.996, 28.0, 99.97, 999.4, 999.5, 1234.6, 9999.6,
    123456.7, 1e6, 1.23456e7, 2e-4, -3.5000000000000004e-05, 0.001, 0.0012345, 0.0019999, 12.345,
]  # fmt: skip
"""Numbers at the borders of the rules for writing them."""


def several(metric: str, shift: float, n: int, **more: Any) -> Rows:
    """Return a metric in many tracts, the same ones each time, around a level."""
    rng = np.random.default_rng(n)
    level = rng.normal(20, 5, n)
    noise = RNG.normal(0, 0.2, n)
    return [
        make_row(metric, value=float(v), band="r", tract=str(at), **more)
        for at, v in enumerate(level + noise + shift)
    ]


def week(number: int) -> Rows:
    """Return a run with a metric for each rule."""
    late = number >= 10
    quiet = [5.0, 5.1, 5.0, 5.2, 5.1, 5.0, 5.1, 5.2, 5.1, 6.5 if late else 5.1][min(number, 10) - 1]
    rows = [
        make_row(value=quiet, band="g"),
        make_row(value=quiet / 1000 if late else quiet, unit="mag" if late else "mmag", band="i"),
        make_row("x.up", 10.0 + quiet, band="g", unit=""),
        make_row("x.odd", quiet, unit="deg" if late else "mmag"),
        make_row("x.taken", 1.0, producer="faro" if late else "validate_drp"),
        make_row("x.missing", None if late else 3.0),
        make_row("x.never", None),
        make_row("x.zero", 0.0),
        *several("x.many", 0.8 if late else 0.0, 80),
        *several("x.few", 1.0 if late else 0.0, 12),
        *several("x.tiny", 0.0, 5),
        *several("x.twice", 0.3 if late else 0.0, 9),
        *several("x.twice", 0.5, 9, producer="analysis_tools"),
        *(
            make_row("x.visits", float(RNG.normal(3, 1) + (v if late else 0)), band="r",
                     visit=str(v), detector=str(d), skymap="s" if late else None)
            for v in range(30) for d in range(4)
        ),
    ]  # fmt: skip
    return rows if late else [*rows, make_row("x.gone", 2.0, band="z")]


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Cases:
    """Twelve weeklies and a run of another dataset."""
    runs: dict[Any, Rows] = {f"w_2026_{n:02}": week(n) for n in range(1, 13)}
    runs[make_key("RC2 elsewhere", "w_2026_12")] = week(12)
    specifications = (
        make_specification(threshold=6.0),
        make_specification("x.many.design", threshold=20.3),
        make_specification("x.visits.minimum", level="minimum"),
        make_specification("x.up.srd", operator=">=", threshold=12.0, unit="", level=None),
    )
    return Cases(tmp_path_factory.mktemp("weeks"), runs, specifications)


@pytest.fixture(scope="module")
def tasks() -> list[list[str | None]]:
    """Pairs of runs, with producers where producers are compared."""
    here = [f"hsc-rc2/w_2026_{n:02}" for n in range(13)]
    return [
        [here[8], here[9], None, None],
        [here[9], here[10], None, None],
        [here[11], here[9], None, None],
        [here[12], here[12], "faro", "analysis_tools"],
        [here[12], "rc2-elsewhere/w_2026_12", None, None],
    ]


@pytest.fixture(scope="module")
def samples() -> dict[str, Any]:
    """Numbers for the functions of the statistics alone."""
    drawn = []
    for n, groups in ((7, 7), (12, 12), (25, 25), (40, 40), (40, 9), (200, 30), (30, 2)):
        values = np.round(RNG.normal(0.2, 1, n), 1).tolist()
        drawn.append({"d": values, "g": [at % groups for at in range(n)]})
    return {
        "samples": drawn,
        "numbers": NUMBERS_TO_SHOW,
        "erfc": [0.0, 0.3, 1.7, 2.49, 2.5, 4.0, 9.0],
        "q": [0.04, 0.001, 0.5, 0.03, 0.03],
    }


@pytest.fixture(scope="module")
def browser(
    cases: Cases, tasks: list[list[str | None]], samples: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Any]:  # fmt: skip
    """Return what the scripts of the site make of the JSON of the site."""
    driver = pytest.importorskip("playwright._impl._driver", reason="playwright brings node along")
    node, *_ = driver.compute_driver_executable()
    folder = tmp_path_factory.mktemp("browser") / "compare"
    folder.mkdir()
    shutil.copy(SCRIPTS.parent / "numbers.js", folder.parent)
    for script in SCRIPTS.glob("*.js"):
        shutil.copy(script, folder)
    (folder.parent / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (folder / "run.js").write_text(NODE, encoding="utf-8")
    (folder / "tasks.json").write_text(json.dumps({"pairs": tasks, "statistics": samples}))
    for run_id in {str(name) for task in tasks for name in task[:2]}:
        write_run(cases, run_id, folder)
    done = subprocess.run([node, "run.js"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def report_of(cases: Cases, run_id: str) -> Any:
    """Return the run with an id."""
    (run,) = (run for run in cases.store.runs if run.id == run_id)
    return cases.run(run.release, run.dataset)


def rules_of_test() -> TrendRules:
    """Return rules with a direction for most metrics and a tolerance for one."""
    return TrendRules(
        direction=lambda name: {"x.up": "up", "x.visits": None}.get(name, "down"),  # type: ignore[arg-type, return-value]
        tolerance=lambda name, _: 2.0 if name == "x.few" else None,
    )


def write_run(cases: Cases, run_id: str, folder: Path) -> None:
    """Write what the site has of a run."""
    report = report_of(cases, run_id)
    rows = run_api.measurement_rows(report)
    members = members_api.documents(find_members(report), dict(enumerate(rows)), no_blobs)
    documents = {d.path: d.data for d in (*run_api.documents(report), *members)}
    (found,) = baseline_documents([run_baselines(report, cases.histories, rules_of_test())])
    assert found.path == baselines_api(report.run)
    for path, data in documents.items():
        if path.startswith(f"{API}/members"):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(json.dumps(data))
    both = {"run": documents[run_address(report.run)], "baselines": found.data}
    target = folder / f"{run_id}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(both, allow_nan=False))


def no_blobs(_job: str, _identifier: str) -> None:
    """Say that no job stored extras."""


def same(first: Any, second: Any) -> bool:
    """Tell whether two numbers are equal but for rounding in the last digits."""
    if first is None or second is None:
        return first is second
    return math.isclose(first, second, rel_tol=1e-9, abs_tol=1e-15)


def test_rows_are_equal(cases: Cases, tasks: list[list[str | None]], browser: Any) -> None:
    """Every row has the same verdict, basis and numbers in the browser and in Python."""
    verdicts = set()
    for (a, b, pa, pb), found in zip(tasks, browser["found"], strict=True):
        comparison = compare_runs(
            report_of(cases, str(a)), report_of(cases, str(b)), cases.histories,
            rules_of_test(), producer_a=pa, producer_b=pb,
        )  # fmt: skip
        expected = describe(comparison)
        assert found["summary"] == expected["summary"]
        assert len(found["not_measured"]) == len(expected["not_measured"])
        here = sorted(found["rows"], key=row_key)
        there = sorted(expected["rows"], key=row_key)
        assert len(here) == len(there)
        for got, wanted in zip(here, there, strict=True):
            assert {k: got[k] for k in WORDS} == {k: wanted[k] for k in WORDS}
            for name in NUMBERS:
                assert same(got[name], wanted[name]), (name, got, wanted)
            verdicts.add((got["verdict"], got["basis"]))
    assert {verdict for verdict, _ in verdicts} >= {
        "regressed", "improved", "removed", "added", "not_comparable", "inconclusive",
        "negligible", "unchanged",
    }  # fmt: skip
    assert {basis for _, basis in verdicts} == {"paired", "history", "too_few"}


def row_key(row: dict[str, Any]) -> tuple[str, str, str]:
    """Return which line a row of the JSON is."""
    band = row["data_id"].get("band") if "data_id" in row else row["band"]
    return (row["metric"], band or "", row["producer"] or "")


def test_order_is_equal(cases: Cases, tasks: list[list[str | None]], browser: Any) -> None:
    """Newly failing rows lead in both, and verdicts follow in the same order."""
    for (a, b, pa, pb), found in zip(tasks, browser["found"], strict=True):
        comparison = compare_runs(
            report_of(cases, str(a)), report_of(cases, str(b)), cases.histories,
            rules_of_test(), producer_a=pa, producer_b=pb,
        )  # fmt: skip
        expected = [(row.metric, row.band) for row in comparison.rows]
        assert [(row["metric"], row["band"]) for row in found["rows"]] == expected


def test_statistics_are_equal(samples: dict[str, Any], browser: Any) -> None:
    """Error function, p-values, intervals and q-values agree to the last digits."""
    for x, found in zip(samples["erfc"], browser["erfc"], strict=True):
        assert math.isclose(found, math.erfc(x), rel_tol=1e-11)
    for one, p, interval in zip(
        samples["samples"], browser["p"], browser["intervals"], strict=True
    ):
        d, g = np.array(one["d"]), np.array(one["g"])
        assert math.isclose(p, signed_rank(d, g), rel_tol=1e-10)
        assert tuple(interval) == median_interval(d, g)
    assert browser["q"] == pytest.approx(benjamini_hochberg(samples["q"]).tolist())


def test_numbers_are_written_alike(browser: Any) -> None:
    """The browser rounds numbers as the pages do."""
    assert browser["numbers"] == [format_number(value) for value in NUMBERS_TO_SHOW]


def test_epoch_stops_the_browser_too(tmp_path: Path) -> None:
    """The document for the browser numbers the epochs, so that none is crossed."""
    epoch = Epoch(from_run="hsc-rc2/v2", position=1, reason="fixed")
    cases = Cases(tmp_path, {"v1": [make_row()], "v2": [make_row()]}, epochs=[epoch])
    found = [
        next(iter(baseline_documents([run_baselines(cases.run(r), cases.histories, rules())])))
        for r in ("v1", "v2")
    ]
    rows = [dict(zip(one.data["columns"], one.data["rows"][0], strict=True)) for one in found]
    assert [(row["epoch"], row["epoch_reason"]) for row in rows] == [(0, ""), (1, "fixed")]
    assert [one.data["position"] for one in found] == [0, 1]
