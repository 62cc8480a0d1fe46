from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.config import load_config
from reportgen.model.bundle import JobBundle
from reportgen.model.calibration_places import Place
from reportgen.model.calibration_trends import Trend
from reportgen.model.calibrations import ChangeKind, StageReport
from reportgen.sources import read_jobs
from reportgen.store import Store
from tests.analysis.calibrations.cases import (
    statistic,
    stored_reports,
)

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def comcam(tmp_path_factory: pytest.TempPathFactory) -> dict[str, StageReport]:
    """Return the reports on the generated calibrations of ComCam, by stage."""
    config = load_config(ROOT / "reportgen.toml")
    (source,) = [one for one in config.source if "comcam" in one.location]
    folder = tmp_path_factory.mktemp("comcam")
    with Store(folder).writer() as writer:
        for record in read_jobs(source):
            assert isinstance(record, JobBundle)
            writer.add(source.name, record)
        writer.commit()
    return stored_reports(Store(folder))


def test_what_is_planted_in_the_demonstration_is_found(comcam: dict[str, StageReport]) -> None:
    """Drifting amplifiers and detectors, the exchanged board and the dead amplifier are found."""
    report = comcam["bias"]
    mean, read_noise = statistic(report, "MEAN"), statistic(report, "NOISE")
    drifts = {
        (p.detector, p.amplifier)
        for p, trend in zip(mean.places, mean.trends, strict=True)
        if trend.drift(90.0).verdict is Trend.DRIFTING
    }
    assert ("R22_S11", "C05") in drifts
    medians = {s.detector: s.trend for s in mean.summaries}
    assert medians["R22_S20"].drift(90.0).verdict is Trend.DRIFTING
    assert medians["R22_S10"].drift(None).verdict is not Trend.DRIFTING
    assert [report.axis.nights[step.night] for step in medians["R22_S01"].steps] == ["2021-08-09"]
    assert not any(medians[name].steps for name in medians if name != "R22_S01")
    worn = read_noise.trends[read_noise.places.index(Place(detector="R22_S12", amplifier="C13"))]
    assert worn.drift(90.0).verdict is Trend.DRIFTING
    kinds = {(c.kind, c.place.detector, c.place.amplifier) for c in report.changes}
    assert (ChangeKind.NEWLY_FAILING, "R22_S12", "C13") in kinds


def test_gain_of_the_demonstration_steps_with_the_board(comcam: dict[str, StageReport]) -> None:
    """Six photon transfer curves are too few for a drift, and the report says so."""
    found = statistic(comcam["ptc"], "PTC_GAIN")
    verdicts = {drift.verdict for trend in found.trends for drift in trend.drifts}
    assert verdicts == {Trend.CANNOT_TELL}
