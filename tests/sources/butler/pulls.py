"""Repeated pulls from repositories, and what they have to bring."""

from __future__ import annotations

import importlib.util
import os

import pytest

if importlib.util.find_spec("lsst") is None and not os.environ.get("CI"):
    pytest.skip("lsst-daf-butler is not installed (400 MB)", allow_module_level=True)

import json

from reportgen.config import SourceConfig
from reportgen.model.bundle import Expected, JobBundle, Known, Unreadable, Watermark
from reportgen.sources import read_jobs
from tests.sources.butler_repository import tract_value

TOP = "HSC/runs/RC2/w_2026_40/DM-99999"


FIRST, SECOND = f"{TOP}/20261005T010203Z", f"{TOP}/20261006T040506Z"


CALIBRATION = "LATISS/calib/DM-12345/verifyBias.20210525a/20210526T101112Z"


METRICS = ("PA1", "PA2", "PA3", "PA4", "PA5", "PA6", "PA7")


TRACTS = range(9000, 9100)


class Pulls:
    """Pulls from one repository, one after the other, as the store would keep them."""

    def __init__(self, root, **keys):
        given = {"collections": [TOP], **keys}
        self.config = SourceConfig(name="b", type="butler", location="repo", root=root, **given)
        self.jobs = {}
        self.watermark = None
        self.broken = []

    def pull(self, *, stop=None):
        """Pull, and return the new jobs; ``stop`` ends it after so many jobs, as a crash would."""
        known = {(job.origin, job.sha256) for job in self.jobs.values()}
        pending, new = [], []
        self.broken = []
        for record in read_jobs(self.config, known, watermark=self.watermark):
            if isinstance(record, JobBundle):
                pending.append(record)
            elif isinstance(record, Unreadable):
                self.broken.append(record)
            elif isinstance(record, Watermark):
                self.watermark = json.loads(json.dumps(record.value))
                self.jobs.update({job.origin: job for job in pending})
                new, pending = new + pending, []
            else:
                assert isinstance(record, Known | Expected)
            if stop is not None and len(new) + len(pending) >= stop:
                break
        return new

    def values(self):
        """Return the values of all jobs by metric, tract and band."""
        return {
            (row["metric"], row.get("tract"), row.get("band")): row["value"]
            for job in self.jobs.values()
            for row in job.measurements
        }


def expected_values(metrics=METRICS, tracts=TRACTS, bands="gri", shift=0.0):
    """Return the values that `TestRepository.tract_values` puts in."""
    return {
        (f"validate_drp.{metric}", str(tract), band): tract_value(metric, tract, band) + shift
        for metric in metrics
        for tract in tracts
        for band in bands
    }
