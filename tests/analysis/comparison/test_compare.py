from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.analysis.comparison.baseline import Histories
from reportgen.analysis.comparison.compare import compare_runs
from reportgen.analysis.comparison.plan import last_release, plan_comparisons
from reportgen.model.comparison import Basis, Comparison, Plan, Verdict
from reportgen.model.report import Epoch
from tests.analysis.comparison.cases import Cases, Rows, rules, tracts, weeklies
from tests.factories import make_key, make_row, make_specification

QUIET = [5.0, 5.1, 5.0, 5.2, 5.1, 5.0, 5.1, 5.2]
"""Past changes 0.1, 0.1, 0.2, 0.1, 0.1, 0.1, 0.1: Q1 = Q3 = 0.1."""


def compare(folder: Path, a: Rows, b: Rows, *more: Any, **options: Any) -> Comparison:
    """Compare two runs that have no history."""
    cases = Cases(folder, {"w_2026_01": a, "w_2026_02": b}, **options)
    chosen = more[0] if more else rules()
    return compare_runs(cases.run("w_2026_01"), cases.run("w_2026_02"), cases.histories, chosen)


def last_two(folder: Path, values: list[float | None], *more: Any, **options: Any) -> Comparison:
    """Compare the last two weeklies."""
    cases = Cases(folder, weeklies(values), **options)
    a, b = (f"w_2026_{week:02}" for week in (len(values) - 1, len(values)))
    return compare_runs(cases.run(a), cases.run(b), cases.histories, more[0] if more else rules())


def test_single_value_is_judged_by_past_changes(tmp_path: Path) -> None:
    """A change beyond Q3 + 3 IQR of the past changes, toward worse, is a regression."""
    (row,) = last_two(tmp_path, [*QUIET, 6.0]).rows
    assert (row.verdict, row.basis) == (Verdict.REGRESSED, Basis.HISTORY)
    assert (row.a, row.b, row.change) == (5.2, 6.0, pytest.approx(0.8))
    assert row.relative == pytest.approx(0.8 / 5.2)
    assert row.threshold == pytest.approx(0.1)
    assert row.noise == pytest.approx(0.1)
    assert (row.p_value, row.q_value, row.ci_low) == (None, None, None)
    assert (row.members.common, row.members.total) == (1, 1)


def test_the_change_itself_is_not_its_own_noise(tmp_path: Path) -> None:
    """Only changes up to the earlier run count, whatever comes later."""
    cases = Cases(tmp_path, weeklies([*QUIET, 6.0, 9.0, 2.0, 7.0]))
    a, b = cases.run("w_2026_08"), cases.run("w_2026_09")
    (row,) = compare_runs(a, b, cases.histories, rules()).rows
    assert row.threshold == pytest.approx(0.1)
    (backwards,) = compare_runs(b, a, cases.histories, rules()).rows
    assert (backwards.threshold, backwards.verdict) == (row.threshold, Verdict.IMPROVED)


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(5.25, Verdict.UNCHANGED), (4.0, Verdict.IMPROVED), (6.0, Verdict.REGRESSED)],
)
def test_history_verdicts(tmp_path: Path, value: float, verdict: Verdict) -> None:
    """Inside its usual changes a value is unchanged; beyond, the direction decides."""
    assert last_two(tmp_path, [*QUIET, value]).rows[0].verdict is verdict


def test_higher_is_better_turns_the_verdict(tmp_path: Path) -> None:
    """Where a metric improves upwards, a rise is an improvement."""
    (row,) = last_two(tmp_path, [*QUIET, 6.0], rules("up")).rows
    assert (row.verdict, row.direction) == (Verdict.IMPROVED, "up")


def test_unusual_change_inside_the_tolerance_is_negligible(tmp_path: Path) -> None:
    """What the definitions call too small to matter is no regression."""
    (row,) = last_two(tmp_path, [*QUIET, 6.0], rules(tolerance=1.0)).rows
    assert (row.verdict, row.tolerance) == (Verdict.NEGLIGIBLE, pytest.approx(1.0))


def test_few_past_changes_tell_nothing(tmp_path: Path) -> None:
    """With five past changes the verdict is inconclusive and says why; an equal value is not."""
    (row,) = last_two(tmp_path, [5.0, 5.1, 5.0, 5.2, 5.1, 5.0, 9.0]).rows
    assert (row.verdict, row.basis, row.threshold) == (Verdict.INCONCLUSIVE, Basis.TOO_FEW, None)
    assert row.reason == "5 past changes in this epoch, 6 are needed to know the noise"
    (same,) = last_two(tmp_path / "same", [5.0, 5.0]).rows
    assert (same.verdict, same.basis) == (Verdict.UNCHANGED, Basis.TOO_FEW)


def test_a_gap_is_bridged_in_time_but_counted_once(tmp_path: Path) -> None:
    """A missing run gives no past change: the next value is compared with the one before it."""
    (row,) = last_two(tmp_path, [5.0, None, *QUIET, 6.0]).rows
    assert len(row.baseline.changes) == len(QUIET)
    assert row.baseline.releases[:2] == ["w_2026_01", "w_2026_03"]


def test_unknown_direction_is_inconclusive_with_the_reason(tmp_path: Path) -> None:
    """A change is no regression where nothing says which way is better."""
    (row,) = last_two(tmp_path, [*QUIET, 6.0], rules(None), specifications=()).rows
    assert row.verdict is Verdict.INCONCLUSIVE
    assert row.reason.endswith("but nothing says which direction is better")


def test_a_shrinking_margin_is_a_regression_without_direction(tmp_path: Path) -> None:
    """Where only a requirement tells better from worse, its margin decides."""
    limit = make_specification(operator="<=", threshold=8.0)
    (row,) = last_two(tmp_path, [*QUIET, 6.0], rules(None), specifications=(limit,)).rows
    assert row.verdict is Verdict.REGRESSED
    assert "margin to its requirement shrank" in row.reason


def test_members_are_compared_pair_by_pair(tmp_path: Path) -> None:
    """The change is the median of the differences of the same tracts, not of the medians."""
    rng = np.random.default_rng(0)
    a = rng.normal(50, 10, 30)
    b = a + rng.normal(1.0, 0.5, 30)
    (row,) = compare(tmp_path, tracts(list(a)), tracts(list(b))[::-1]).rows
    assert (row.verdict, row.basis) == (Verdict.REGRESSED, Basis.PAIRED)
    assert row.change == pytest.approx(float(np.median(b - a)))
    assert row.a == pytest.approx(float(np.median(a)))
    assert row.p_value == row.q_value
    assert row.p_value is not None
    assert row.p_value < 0.001
    assert row.ci_low is not None
    assert row.ci_high is not None
    assert row.ci_low < row.change < row.ci_high
    assert row.threshold == row.tolerance == pytest.approx(0.01 * row.a)
    assert row.pairs is not None
    assert (row.pairs.labels[0], row.pairs.a[0]) == ("tract 9000", a[0])


def test_small_paired_changes(tmp_path: Path) -> None:
    """Significant inside the tolerance is negligible; an interval inside it is unchanged."""
    a = np.linspace(90, 110, 30)
    tiny = compare(tmp_path / "1", tracts(list(a)), tracts(list(a + 0.2))).rows[0]
    assert tiny.verdict is Verdict.NEGLIGIBLE
    signs = np.where(np.arange(30) % 2, 1.0, -1.0)
    level = compare(tmp_path / "2", tracts(list(a)), tracts(list(a + 0.5 * signs))).rows[0]
    assert level.verdict is Verdict.UNCHANGED
    noisy = compare(tmp_path / "3", tracts(list(a)), tracts(list(a + 20 * signs))).rows[0]
    assert noisy.verdict is Verdict.INCONCLUSIVE


def test_common_members_only(tmp_path: Path) -> None:
    """A change of membership does not move the change; who joined and left is said."""
    a = [*np.linspace(4, 6, 10), 100.0]
    b = [*np.linspace(4, 6, 10)]
    joined = [make_row(value=200.0, band="r", tract="1")]
    (row,) = compare(tmp_path, tracts(a), [*tracts(b), *joined]).rows
    assert row.change == 0
    assert row.a == row.b == 5.0
    assert (row.members.common, row.members.total) == (10, 12)
    assert (row.members.joined_examples, row.members.left_examples) == (
        ["tract 1"],
        ["tract 9010"],
    )


def test_members_without_value_are_not_common(tmp_path: Path) -> None:
    """A NaN is neither a zero nor a pair; it counts among the members."""
    b = [*tracts([5.0] * 8), make_row(value=None, band="r", tract="9008")]
    (row,) = compare(tmp_path, tracts([5.0] * 9), b).rows
    assert (row.members.common, row.members.total, row.members.left) == (8, 9, 1)


def test_few_members_are_judged_by_history(tmp_path: Path) -> None:
    """With six tracts there is no p-value; the past of their median decides."""
    runs = {
        f"w_2026_{week:02}": tracts([value + tract for tract in range(6)])
        for week, value in enumerate([*QUIET, 9.0], start=1)
    }
    cases = Cases(tmp_path, runs)
    a, b = cases.run("w_2026_08"), cases.run("w_2026_09")
    (row,) = compare_runs(a, b, cases.histories, rules()).rows
    assert (row.basis, row.verdict, row.p_value) == (Basis.HISTORY, Verdict.REGRESSED, None)
    assert (row.members.common, row.change) == (6, pytest.approx(3.8))


def test_detectors_of_one_visit_are_not_independent(tmp_path: Path) -> None:
    """Two visits with ten detectors each are too few for a test, 20 pairs or not."""

    def rows(shift: float) -> Rows:
        return [
            make_row(value=detector + shift, band="r", visit=str(visit), detector=str(detector))
            for visit in (1, 2)
            for detector in range(10)
        ]

    (row,) = compare(tmp_path, rows(1.0), rows(2.0)).rows
    assert (row.basis, row.p_value, row.members.common) == (Basis.TOO_FEW, None, 20)


def test_a_dimension_that_one_side_leaves_out_does_not_part_pairs(tmp_path: Path) -> None:
    """Tracts pair although only one run states the skymap."""
    with_skymap = tracts([1.0, 2.0], skymap="hsc_rings_v1")
    (row,) = compare(tmp_path, tracts([1.0, 2.0]), with_skymap).rows
    assert (row.members.common, row.members.total) == (2, 2)


def test_units_convert_or_cannot_be_compared(tmp_path: Path) -> None:
    """Mag and mmag compare in B's unit; a unit that does not convert is said, never guessed."""
    a = [make_row(value=0.005, unit="mag", band="r")]
    (row,) = compare(tmp_path / "1", a, [make_row(value=6.0, band="r")]).rows
    assert (row.a, row.b, row.unit) == (pytest.approx(5.0), 6.0, "mmag")
    a = [make_row(value=5.0, unit="deg", band="r")]
    (other,) = compare(tmp_path / "2", a, [make_row(value=6.0, band="r")]).rows
    assert (other.verdict, other.a, other.change) == (Verdict.NOT_COMPARABLE, None, None)
    assert other.reason == "the unit changed from deg to mmag"


def test_epochs_are_not_crossed(tmp_path: Path) -> None:
    """Across a change of definition there is no comparison; after it the past begins anew."""
    epoch = Epoch(from_run="hsc-rc2/w_2026_05", position=4, reason="PF1 was fixed (DM-39332)")
    values = [*QUIET, 6.0]
    cases = Cases(tmp_path, weeklies(values), epochs=[epoch])
    a, b = cases.run("w_2026_04"), cases.run("w_2026_09")
    (row,) = compare_runs(a, b, cases.histories, rules()).rows
    assert (row.verdict, row.reason) == (Verdict.NOT_COMPARABLE, "PF1 was fixed (DM-39332)")
    assert (row.change, row.a, row.b) == (None, 5.2, 6.0)
    (within,) = compare_runs(cases.run("w_2026_08"), b, cases.histories, rules()).rows
    assert within.baseline.releases == ["w_2026_05", "w_2026_06", "w_2026_07", "w_2026_08"]


def test_another_producer_is_not_comparable(tmp_path: Path) -> None:
    """Where one producer took over from another, it is one row, which says so."""
    a = [make_row(value=13.8, band="g", producer="validate_drp")]
    b = [make_row(value=7.6, band="g", producer="faro")]
    (row,) = compare(tmp_path, a, b).rows
    assert (row.verdict, row.producer, row.producer_b) == (
        Verdict.NOT_COMPARABLE,
        "validate_drp",
        "faro",
    )
    assert row.reason == "the producer changed from validate_drp to faro"


def test_two_producers_of_one_run(tmp_path: Path) -> None:
    """Asked for two producers, their values of the same members are compared."""
    faro = tracts([float(v) for v in range(10, 20)])
    tools = tracts([v + 1.0 for v in range(10, 20)], producer="analysis_tools")
    cases = Cases(tmp_path, {"v29": [*faro, *tools]})
    run = cases.run("v29")
    found = compare_runs(
        run, run, cases.histories, rules(), producer_a="faro", producer_b="analysis_tools"
    )
    (row,) = found.rows
    assert (row.change, row.basis, row.verdict) == (1.0, Basis.PAIRED, Verdict.REGRESSED)
    assert found.path == "compare/hsc-rc2/v29-by-faro...v29-by-analysis_tools/"


def test_one_release_at_two_places(tmp_path: Path) -> None:
    """The same release in two datasets is compared tract by tract."""
    here, there = make_key("RC2 at USDF", "w_2026_01"), make_key("RC2 at CC-IN2P3", "w_2026_01")
    values = [float(v) for v in range(10, 20)]
    cases = Cases(tmp_path, {here: tracts(values), there: tracts([v + 0.001 for v in values])})
    a, b = cases.run("w_2026_01", "RC2 at USDF"), cases.run("w_2026_01", "RC2 at CC-IN2P3")
    found = compare_runs(a, b, cases.histories, rules())
    assert found.rows[0].verdict is Verdict.NEGLIGIBLE
    assert found.id == "rc2-at-usdf/w_2026_01...rc2-at-cc-in2p3...w_2026_01"


def test_added_removed_and_measured_nowhere(tmp_path: Path) -> None:
    """A value that is new or gone is said, with the reason; one that neither has is listed."""
    a = [make_row("x.gone", 1.0), make_row("x.never", None)]
    b = [make_row("x.gone", None), make_row("x.new", 1.0), make_row("x.never", None)]
    found = compare(tmp_path, a, b)
    assert [(row.metric, row.verdict, row.a, row.b, row.reason) for row in found.rows] == [
        ("x.gone", Verdict.REMOVED, 1.0, None, "not measured: nan"),
        ("x.new", Verdict.ADDED, None, 1.0, "not in this run"),
    ]
    assert [(one.metric, one.reason) for one in found.unmeasured] == [("x.never", "nan")]


def test_requirement_before_and_after(tmp_path: Path) -> None:
    """A requirement that fails now is newly failing, one that passes now is fixed; both lead."""
    a = [make_row(value=v, band=b) for v, b in ((4.0, "g"), (6.0, "r"), (6.0, "i"))]
    b = [make_row(value=v, band=b) for v, b in ((6.0, "g"), (4.0, "r"), (6.1, "i"))]
    found = compare(tmp_path, a, b)
    assert [(row.band, row.status_a, row.status_b) for row in found.rows] == [
        ("g", "pass", "fail"),
        ("r", "fail", "pass"),
        ("i", "fail", "fail"),
    ]
    assert [row.band for row in found.newly_failing] == ["g"]
    assert [row.band for row in found.fixed] == ["r"]


def test_second_producer_of_a_failing_metric_fails_nothing_new(tmp_path: Path) -> None:
    """A metric that failed by one producer does not newly fail because another measures it too."""
    a = [make_row(value=13.8, producer="validate_drp")]
    b = [make_row(value=13.7, producer="validate_drp"), make_row(value=7.6)]
    assert compare(tmp_path, a, b).newly_failing == []


def test_missing_value_does_not_fix_a_requirement(tmp_path: Path) -> None:
    """A failing metric that is not measured any more is removed, not fixed."""
    found = compare(tmp_path, [make_row(value=9.0)], [make_row(value=None)])
    assert (found.fixed, found.rows[0].status_b) == ([], "not_measured")


def test_false_discoveries_are_controlled_over_the_page(tmp_path: Path) -> None:
    """The q-value of a row takes all tested rows of the page into account."""
    rng = np.random.default_rng(3)

    def rows(shift: float) -> Rows:
        return [
            row
            for number in range(20)
            for row in tracts(
                list(rng.normal(50, 1, 30) + shift * (number == 0)), metric=f"x.m{number:02}"
            )
        ]

    found = compare(tmp_path, rows(0), rows(20))
    first = found.rows[0]
    assert (first.metric, first.verdict) == ("x.m00", Verdict.REGRESSED)
    assert first.p_value is not None
    assert first.q_value == pytest.approx(20 * first.p_value)
    assert all(row.verdict is not Verdict.REGRESSED for row in found.rows[1:])


def test_calibrations_are_left_out(tmp_path: Path) -> None:
    """Statistics of calibrations have pages of their own."""
    row = make_row("cp_verify.bias.MEAN", 1.0)
    assert compare(tmp_path, [row], [row]).rows == []


def test_empty_runs(tmp_path: Path) -> None:
    """Two runs without measurements give a comparison without rows."""
    cases = Cases(tmp_path, {"v1": [], "v2": []})
    found = compare_runs(cases.run("v1"), cases.run("v2"), Histories([]), rules())
    assert (list(found.rows), found.counts[Verdict.REGRESSED]) == ([], 0)


def test_anchors_are_those_of_run_pages_and_unique(tmp_path: Path) -> None:
    """A row is ``PA1-g``; where two would share that, package and producer are added."""
    rows = [make_row(band="g"), make_row("b.x"), make_row("c.x"), make_row("c.x", producer="p")]
    anchors = {row.anchor for row in compare(tmp_path, rows, rows).rows}
    assert anchors == {"PA1-g", "b.x-faro", "c.x-faro", "c.x-p"}


def test_plan_has_reference_release_and_producers(tmp_path: Path) -> None:
    """Each run meets its reference, the last full release before it, and its other producer."""
    both = [make_row(), make_row(producer="validate_drp")]
    runs = {"v25": [make_row()], "v26.rc1": [make_row()], "w_2026_01": [make_row()]}
    cases = Cases(tmp_path, runs | {"w_2026_02": both})
    run = cases.run("w_2026_02")
    release = last_release(run.run, cases.store.runs)
    assert release is not None
    assert release.release == "v25"
    assert plan_comparisons([run], cases.store.runs) == [
        Plan(a="hsc-rc2/v25", b="hsc-rc2/w_2026_02"),
        Plan(
            a="hsc-rc2/w_2026_02",
            b="hsc-rc2/w_2026_02",
            producer_a="faro",
            producer_b="validate_drp",
        ),
    ]


def test_the_older_producer_is_a(tmp_path: Path) -> None:
    """Of two producers, the one that measured earlier runs is what the other is held against."""
    old = make_row(producer="validate_drp")
    cases = Cases(tmp_path, {"v21": [old], "v22": [old, make_row(producer="faro")]})
    (plan,) = (
        one
        for one in plan_comparisons([cases.run("v21"), cases.run("v22")], cases.store.runs)
        if one.producer_a
    )
    assert (plan.producer_a, plan.producer_b) == ("validate_drp", "faro")


def test_one_release_in_two_datasets_is_compared_where_the_members_are_the_same(
    tmp_path: Path,
) -> None:
    """Two places that processed the same tracts meet; another sky, or none named, does not."""

    def tracts(*numbers: int) -> list[dict[str, object]]:
        return [make_row(tract=str(number)) for number in numbers]

    runs = {
        make_key("RC2 here", "w_2026_02"): tracts(1, 2, 3),
        make_key("RC2 there", "w_2026_02"): tracts(2, 3, 4),
        make_key("RC2 later", "w_2026_03"): tracts(1, 2, 3),
        make_key("DC2", "w_2026_02"): tracts(8, 9, 3),
        make_key("No tracts", "w_2026_02"): [make_row()],
    }
    cases = Cases(tmp_path, dict(runs))
    reports = [cases.run(key.release, key.dataset) for key in runs]
    assert plan_comparisons(reports, cases.store.runs) == [
        Plan(a="rc2-here/w_2026_02", b="rc2-there/w_2026_02")
    ]
