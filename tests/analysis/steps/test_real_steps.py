from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path

import numpy as np

from reportgen.analysis.steps.find import find_steps, find_steps_many
from tests.analysis.series import labelled_series


def test_generated_histories(shared: Path) -> None:
    """At least 97 % of the labelled steps are found, with at most one false step in ten series."""
    series = labelled_series(shared / "data" / "changepoints")
    found = find_steps_many([one.values for one in series])

    hits = [
        sum(any(abs(step - place) <= 3 for step in result.steps) for place in one.steps)
        for one, result in zip(series, found, strict=True)
    ]

    assert sum(hits) >= 0.97 * sum(len(one.steps) for one in series)
    assert sum(len(result.steps) for result in found) - sum(hits) <= 0.1 * len(series)


def test_leap_seconds_are_the_steps_of_universal_time(shared: Path) -> None:
    """UT1 - UTC drifts by the rotation of the Earth and jumps at leap seconds, nowhere else."""
    folder = shared / "data" / "real-series"
    with (folder / "iers_weekly.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))[:1200]
    leaps = json.loads((folder / "iers_leap_seconds.json").read_text())["leap_seconds_mjd"]
    mjd = np.array([float(row["mjd"]) for row in rows])

    found = find_steps([float(row["ut1_utc_s"]) for row in rows])

    known = [int(np.searchsorted(mjd, leap)) for leap in leaps if mjd[0] < leap < mjd[-1]]
    assert list(found.steps) == known
    assert all(0.9 < step.change < 1.1 for step in found.changes)


def test_runs_of_one_version_have_no_steps(shared: Path) -> None:
    """A database benchmarked hourly in one version varies with the hour, but does not step."""
    values: dict[str, list[float]] = defaultdict(list)
    with (shared / "data" / "real-series" / "rocksdb.csv").open(newline="") as lines:
        for row in sorted(csv.DictReader(lines), key=lambda row: int(row["timestamp"])):
            values[f"{row['test']} {row['metric']}"].append(float(row["value"]))

    stepped = [name for name, one in values.items() if find_steps(one).steps]

    assert len(values) == 32
    assert len(stepped) <= 1
