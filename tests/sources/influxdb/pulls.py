"""Points as SQuaSH and Sasquatch write them, and repeated pulls of them."""

from __future__ import annotations

import itertools
import json
from datetime import date

from reportgen.config import SourceConfig
from reportgen.model.bundle import Expected, JobBundle, Known, Unreadable, Watermark
from reportgen.sources import read_jobs

DAY = 86_400 * 10**9


MONDAY = 1_728_259_200 * 10**9
"""2024-10-07, a Monday, 00:00 UTC (ns); windows begin on Thursdays, as the epoch did."""
RUN = "HSC/runs/RC2/w_2026_40/DM-99999/20261005T010203Z"


_numbers = itertools.count()


class Pulls:
    """Pulls from one database, one after the other, as the store would keep them."""

    def __init__(self, server, database, **keys):
        self.config = SourceConfig(
            name="i", type="influxdb", location=server.url, database=database, **keys
        )
        self.jobs = {}
        self.watermark = None
        self.broken = []
        self.known = 0
        self.expected = []
        """Estimates of the number of jobs, in the order in which they came."""

    def pull(self, *, stop=None, since=None):
        """Pull, and return the new jobs; ``stop`` ends it after so many jobs, as a crash would."""
        known = {(job.origin, job.sha256) for job in self.jobs.values()}
        pending, new, self.broken, self.known, self.expected = [], [], [], 0, []
        for record in read_jobs(self.config, known, watermark=self.watermark, since=since):
            if isinstance(record, JobBundle):
                pending.append(record)
            elif isinstance(record, Unreadable):
                self.broken.append(record)
            elif isinstance(record, Watermark):
                self.watermark = json.loads(json.dumps(record.value))
                self.jobs.update({job.origin: job for job in pending})
                new, pending = new + pending, []
            elif isinstance(record, Expected):
                self.expected.append(record.results)
            else:
                assert isinstance(record, Known)
                self.known += 1
            if stop is not None and len(new) + len(pending) >= stop:
                break
        return new

    def values(self):
        """Return all values, sorted: a duplicate would show."""
        return sorted(
            (
                row["metric"],
                row.get("band") or "",
                row.get("tract") or "",
                row["date"],
                row["value"],
            )
            for job in self.jobs.values()
            for row in job.measurements
        )

    def rows(self):
        """Return all rows."""
        return [row for job in self.jobs.values() for row in job.measurements]


def squash_line(when=MONDAY, **fields):
    """Return a point of SQuaSH: a package with its metrics and the keys of a job."""
    values = ",".join(f"{name}={value}" for name, value in fields.items())
    tags = "dataset=validation_data_cfht,filter=r,instrument=CFHT,pipeline=validate\\ drp"
    others = 'run_id="3",squash_id=768,code_changes_counts=2,version_tag="w_2026_40"'
    return f"validate_drp,{tags} {values},{others} {when}"


def sasquatch_line(action, when=MONDAY, *, tract="9615", tag="HSC/RC2", run=RUN, **fields):
    """Return a point of Sasquatch: an action with its metrics; absent dimensions are empty."""
    values = ",".join(f"{name}={value}" for name, value in fields.items())
    texts = {
        "id": "b2c3", "run": run, "dataset_type": "matchedVisitCore_metrics",
        "reference_package": "lsst_distrib", "reference_package_version": "w_2026_40",
        "instrument": "", "skymap": "hsc_rings_v1", "tract": tract, "patch": "", "visit": "",
        "exposure": "", "detector": "", "band": "", "physical_filter": "", "group": "",
        "day_obs": "",
    }  # fmt: skip
    # Of the data ID, what is known tells series apart; a tag cannot be empty.
    tags = {"dataset_tag": tag, "skymap": texts.pop("skymap"), "tract": texts.pop("tract")}
    listed = ",".join(f'{name}="{text}"' for name, text in texts.items())
    head = ",".join([f"lsst.dm.{action}", *(f"{k}={v}" for k, v in tags.items() if v)])
    return f"{head} {values},{listed},timestamp={when // 10**9}.5,run_timestamp=1 {when}"


def weeks(first, last, action="a"):
    """Yield one point a day of these weeks, with two fields."""
    for n in range(first * 7, last * 7):
        run = f"HSC/runs/RC2/w_2026_{1 + n // 28}/DM-1/20261005T010203Z"
        yield sasquatch_line(action, MONDAY + n * DAY, run=run, g_x=n, r_y=n + 0.5)


def expected(first, last):
    """Return what `weeks` puts in, as `Pulls.values` gives it."""
    days = [
        (n, date.fromordinal(date(2024, 10, 7).toordinal() + n)) for n in range(first * 7, last * 7)
    ]
    return sorted(
        (f"analysis_tools.{name}", band, "9615", f"{day}T00:00:00Z", n + shift)
        for n, day in days
        for name, band, shift in (("x", "g", 0.0), ("y", "r", 0.5))
    )
