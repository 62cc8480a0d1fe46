"""The zero that stands for a missing value, and the one that is a value."""

from __future__ import annotations

import pytest

from tests.sources.influxdb.pulls import DAY, MONDAY, Pulls, sasquatch_line


def test_zero_for_null(server, database):
    """An exact zero of what cannot be zero is not measured, keeps its reason, and is listed."""
    lines = [
        sasquatch_line("a", tract=str(9000 + n), g_AM1=value, g_PF1=0, g_ct=0)
        for n, value in enumerate([0, 3.5, 0])
    ]
    server.write(database, lines)
    pulls = Pulls(server, database)
    (job,) = pulls.pull()
    found = [row for row in job.measurements if row["metric"] == "analysis_tools.AM1"]
    assert sorted((row["tract"], row["value"], row.get("reason")) for row in found) == [
        ("9000", None, "zero_for_null"),
        ("9001", 3.5, None),
        ("9002", None, "zero_for_null"),
    ]
    others = [row["value"] for row in job.measurements if row["metric"] != "analysis_tools.AM1"]
    assert others == [0.0] * 6
    assert job.remarks == (
        "Exact zeros that stand for nulls, so not measured: analysis_tools.AM1 g (2).",
    )


@pytest.mark.parametrize(
    ("zero", "missing"),
    [
        ("value", set()),
        ("missing", {"AM1", "PF1", "ct"}),
        ({"PF1": "missing"}, {"AM1", "PF1"}),
        ({"analysis_tools.AM1": "value"}, set()),
        ({"lsst.dm.a": "value", "ct": "missing"}, set()),
        ({"ct": "missing", "lsst.dm.*": "value"}, {"ct"}),
    ],
)
def test_rules_for_zero(server, database, zero, missing):
    """Rules are given for all, or by globs of metrics and measurements; the first fits."""
    server.write(database, [sasquatch_line("a", g_AM1=0, g_PF1=0, g_ct=0)])
    pulls = Pulls(server, database, zero=zero)
    pulls.pull()
    dropped = {r["metric"].partition(".")[2] for r in pulls.rows() if r["value"] is None}
    assert dropped == missing


def test_rules_that_change(server, database):
    """With another rule or unit the same points make another state of the same job."""
    server.write(database, [sasquatch_line("a", g_AM1=0), sasquatch_line("a", g_AM1=2, tract="1")])
    pulls = Pulls(server, database)
    (before,) = pulls.pull()
    for keys in ({"zero": "value"}, {"zero": "value", "unit": "marcsec"}):
        other = Pulls(server, database, **keys)
        (after,) = other.pull()
        assert after.origin == before.origin
        assert after.sha256 != before.sha256
        before = after
    server.write(database, [sasquatch_line("a", MONDAY + 60 * DAY, r_new=1)])
    other.pull()
    assert other.known == 1
