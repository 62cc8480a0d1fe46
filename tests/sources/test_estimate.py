from __future__ import annotations

import json

from reportgen.model.bundle import Expected, Known
from reportgen.sources import read_jobs
from reportgen.sources.estimate import Estimate
from tests.sources.reading import make_config, write


def test_what_was_given_and_what_is_left():
    """A quarter that gave ten makes forty; after a loss of the connection the rest counts anew."""
    estimate = Estimate()
    assert list(estimate.at(0.5)) == []
    ten = [Known(origin=str(n)) for n in range(10)]
    assert list(estimate.count([*ten, Expected(results=3)]))[-1] == Expected(results=3)
    assert list(estimate.at(0.25)) == [Expected(results=40)]
    assert list(estimate.at(0.001)) == []
    estimate.begin()
    list(estimate.count(ten))
    assert list(estimate.at(0.5)) == [Expected(results=30)]
    assert list(estimate.at(1.5)) == [Expected(results=20)]


def test_an_estimate_comes_with_files(tmp_path):
    """Many files in folders of like size: each estimate is near the truth, without counting."""
    job = json.dumps({"measurements": [{"metric": "p.M", "value": 1.0, "unit": ""}]})
    for n in range(600):
        write(tmp_path / f"jobs/{n // 60}/{n // 20 % 3}/{n}.verify.json", job)
    records = list(read_jobs(make_config(tmp_path, "verify-json", "jobs")))
    said = [record.results for record in records if isinstance(record, Expected)]
    assert len(said) == 6
    assert all(abs(results - 600) < 30 for results in said)
    assert said[-1] == 600
